//! Frozen once landed: never edit, add a new migration.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &[&str] = &[
    "CREATE TABLE seat (
    id {uuid} NOT NULL,
    challenge_id {uuid} NOT NULL REFERENCES challenge (id),
    person_id {uuid} NOT NULL REFERENCES person (id),
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    declared_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT seat_challenge_person_unique UNIQUE (challenge_id, person_id)
)",
    "CREATE INDEX seat_person ON seat (person_id)",
    "CREATE TABLE conflict (
    seat_id {uuid} NOT NULL REFERENCES seat (id),
    bid_id {uuid} NOT NULL REFERENCES bid (id),
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (seat_id, bid_id)
)",
    "CREATE TABLE review (
    id {uuid} NOT NULL,
    challenge_id {uuid} NOT NULL REFERENCES challenge (id),
    bid_id {uuid} NOT NULL REFERENCES bid (id),
    seat_id {uuid} NOT NULL REFERENCES seat (id),
    person_id {uuid} NOT NULL REFERENCES person (id),
    gate BIGINT NOT NULL,
    state TEXT NOT NULL,
    typed TEXT NOT NULL,
    content TEXT,
    total_milli BIGINT,
    due_at BIGINT,
    submitted_at BIGINT,
    reminded_at BIGINT,
    reason TEXT NOT NULL,
    updated_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT review_bid_seat_gate_unique UNIQUE (bid_id, seat_id, gate)
)",
    "CREATE INDEX review_challenge_gate ON review (challenge_id, gate)",
    "CREATE INDEX review_person_state ON review (person_id, state)",
    "CREATE TABLE decision (
    challenge_id {uuid} NOT NULL REFERENCES challenge (id),
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    proposed_by {uuid} NOT NULL,
    proposed_at BIGINT NOT NULL,
    applied_at BIGINT,
    PRIMARY KEY (challenge_id)
)",
];

/// In the order they can be dropped.
const TABLES: &[&str] = &["decision", "review", "conflict", "seat"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop(manager, TABLES).await
    }
}
