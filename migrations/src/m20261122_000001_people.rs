//! Frozen once landed: never edit, add a new migration.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &[&str] = &[
    "CREATE TABLE person (
    id {uuid} NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL CONSTRAINT person_email_key_unique UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    locale TEXT NOT NULL,
    email_confirmed_at BIGINT,
    suspended_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (id)
)",
    "CREATE TABLE session (
    id_hash TEXT NOT NULL,
    person_id {uuid} NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (id_hash)
)",
    "CREATE INDEX session_person ON session (person_id)",
    "CREATE INDEX session_expires_at ON session (expires_at)",
    "CREATE TABLE token (
    hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    person_id {uuid} REFERENCES person (id),
    membership_id {uuid},
    email_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (hash)
)",
    "CREATE INDEX token_person_purpose ON token (person_id, purpose)",
    "CREATE TABLE attempt (
    key TEXT NOT NULL,
    window_start BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (key)
)",
    "CREATE TABLE organisation (
    id {uuid} NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL CONSTRAINT organisation_name_key_unique UNIQUE,
    kind TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
)",
    "CREATE TABLE membership (
    id {uuid} NOT NULL,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    person_id {uuid} REFERENCES person (id),
    email_key TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    invited_by {uuid},
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT membership_organisation_email_key_role_unique UNIQUE (organisation_id, email_key, role)
)",
    "CREATE INDEX membership_person ON membership (person_id)",
    "CREATE TABLE follow (
    person_id {uuid} NOT NULL REFERENCES person (id),
    domain TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, domain)
)",
    "CREATE INDEX follow_domain ON follow (domain)",
    "CREATE TABLE form_echo (
    token_hash TEXT NOT NULL,
    person_id {uuid},
    body TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash)
)",
    "CREATE INDEX form_echo_expires_at ON form_echo (expires_at)",
];

/// In the order they can be dropped.
const TABLES: &[&str] =
    &["form_echo", "follow", "membership", "organisation", "attempt", "token", "session", "person"];

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
