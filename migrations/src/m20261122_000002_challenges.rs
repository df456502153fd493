//! Frozen once landed: never edit, add a new migration.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &[&str] = &[
    "CREATE TABLE challenge_list (
    id {uuid} NOT NULL,
    number TEXT NOT NULL CONSTRAINT challenge_list_number_unique UNIQUE,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    publish_at BIGINT,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (id)
)",
    "CREATE INDEX challenge_list_state_published_at ON challenge_list (state, published_at)",
    "CREATE TABLE challenge (
    id {uuid} NOT NULL,
    list_id {uuid} REFERENCES challenge_list (id),
    number TEXT CONSTRAINT challenge_number_unique UNIQUE,
    issuer_id {uuid} NOT NULL REFERENCES organisation (id),
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    domain TEXT NOT NULL,
    issuer_shown TEXT NOT NULL,
    amount_fen BIGINT,
    closes_at BIGINT,
    typed TEXT NOT NULL,
    content TEXT,
    rule_typed TEXT NOT NULL,
    rule TEXT,
    rule_sha256 TEXT,
    draw_seed TEXT,
    has_race BOOLEAN NOT NULL,
    stage BIGINT NOT NULL,
    published_at BIGINT,
    publicity_from BIGINT,
    publicity_ends_at BIGINT,
    publicity_known BOOLEAN NOT NULL,
    returned_reason TEXT NOT NULL,
    saved_by {uuid},
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (id)
)",
    // What the public pages filter, count and sum, each answered from an index alone.
    "CREATE INDEX challenge_open ON challenge (state, closes_at, amount_fen)",
    "CREATE INDEX challenge_shown ON challenge (id, state, domain, amount_fen, closes_at, published_at)",
    "CREATE INDEX challenge_list_sums ON challenge (list_id, state, amount_fen, closes_at, published_at)",
    "CREATE INDEX challenge_publicity ON challenge (publicity_from, id)",
    "CREATE INDEX challenge_race ON challenge (has_race, state, id)",
    "CREATE INDEX challenge_list_number ON challenge (list_id, number)",
    "CREATE INDEX challenge_published_at_id ON challenge (published_at, id)",
    "CREATE INDEX challenge_issuer ON challenge (issuer_id)",
    "CREATE INDEX challenge_domain_state ON challenge (domain, state)",
    "CREATE TABLE challenge_event (
    id {uuid} NOT NULL,
    challenge_id {uuid} NOT NULL REFERENCES challenge (id),
    at BIGINT NOT NULL,
    actor_id {uuid},
    step TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (id)
)",
    "CREATE INDEX challenge_event_challenge_at ON challenge_event (challenge_id, at)",
    "CREATE TABLE search_term (
    token TEXT {bytewise} NOT NULL,
    challenge_id {uuid} NOT NULL REFERENCES challenge (id),
    PRIMARY KEY (token, challenge_id)
)",
    "CREATE INDEX search_term_challenge ON search_term (challenge_id)",
    "CREATE TABLE stamp (
    id BIGINT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (id)
)",
    "INSERT INTO stamp (id, value) VALUES (1, 1)",
];

/// In the order they can be dropped.
const TABLES: &[&str] = &["stamp", "search_term", "challenge_event", "challenge", "challenge_list"];

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
