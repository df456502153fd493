//! Frozen once landed: never edit, add a new migration.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &[&str] = &[
    "CREATE TABLE bid (
    id {uuid} NOT NULL,
    challenge_id {uuid} NOT NULL REFERENCES challenge (id),
    lead_unit_id {uuid} NOT NULL REFERENCES organisation (id),
    lead_person_id {uuid} NOT NULL REFERENCES person (id),
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    typed TEXT NOT NULL,
    submitted_typed TEXT,
    content TEXT,
    content_sha256 TEXT,
    receipt TEXT,
    revision BIGINT NOT NULL,
    submitted_at BIGINT,
    asked_fen BIGINT NOT NULL,
    eligibility_reason TEXT NOT NULL,
    saved_by {uuid} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT bid_challenge_lead_unit_unique UNIQUE (challenge_id, lead_unit_id)
)",
    "CREATE INDEX bid_lead_unit ON bid (lead_unit_id)",
];

/// In the order they can be dropped.
const TABLES: &[&str] = &["bid"];

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
