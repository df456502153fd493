//! Frozen once landed: never edit, add a new migration.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &[&str] = &[
    "CREATE TABLE notice (
    id {uuid} NOT NULL,
    person_id {uuid} REFERENCES person (id),
    address TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    locale TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    challenge_id {uuid},
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    leased_until BIGINT,
    sent_at BIGINT,
    last_error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    PRIMARY KEY (id)
)",
    "CREATE INDEX notice_state_next_at ON notice (state, next_at)",
    "CREATE INDEX notice_person_created_at ON notice (person_id, created_at)",
    "CREATE TABLE audit (
    seq {serial},
    at BIGINT NOT NULL,
    actor_id {uuid},
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    detail TEXT NOT NULL
)",
    "CREATE INDEX audit_subject_kind_subject ON audit (subject_kind, subject_id)",
];

/// In the order they can be dropped.
const TABLES: &[&str] = &["audit", "notice"];

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
