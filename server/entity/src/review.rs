//! One score sheet: bid x seat x gate (0 is the selection).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub challenge_id: Uuid,
    pub bid_id: Uuid,
    pub seat_id: Uuid,
    pub person_id: Uuid,
    pub gate: i64,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub typed: String,
    /// domain::review::SheetContent as JSON, once submitted.
    #[sea_orm(column_type = "Text")]
    pub content: Option<String>,
    pub total_milli: Option<i64>,
    pub due_at: Option<i64>,
    pub submitted_at: Option<i64>,
    pub reminded_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub updated_at: Option<i64>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
