//! The decision on a challenge, draft or applied.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub challenge_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// domain::decision::Decision as JSON.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub proposed_by: Uuid,
    pub proposed_at: i64,
    pub applied_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
