//! The store on both databases: every test here runs on SQLite and on PostgreSQL.

mod migration;
