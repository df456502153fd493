//! Frozen once landed: never edit, add a new migration.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &[&str] = &[
    "CREATE TABLE gate (
    challenge_id {uuid} NOT NULL REFERENCES challenge (id),
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    opened_at BIGINT,
    decided_at BIGINT,
    reminded_at BIGINT,
    ranking TEXT,
    PRIMARY KEY (challenge_id, number)
)",
    "CREATE TABLE racing_team (
    bid_id {uuid} NOT NULL REFERENCES bid (id),
    challenge_id {uuid} NOT NULL REFERENCES challenge (id),
    state TEXT NOT NULL,
    left_at BIGINT,
    cumulative_milli BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (bid_id)
)",
    "CREATE INDEX racing_team_challenge ON racing_team (challenge_id)",
    "CREATE TABLE gate_line (
    challenge_id {uuid} NOT NULL REFERENCES challenge (id),
    gate BIGINT NOT NULL,
    bid_id {uuid} NOT NULL REFERENCES bid (id),
    total_milli BIGINT NOT NULL,
    cumulative_milli BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (challenge_id, gate, bid_id)
)",
];

/// In the order they can be dropped.
const TABLES: &[&str] = &["gate_line", "racing_team", "gate"];

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
