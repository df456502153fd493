//! A gate of a race.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub challenge_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub opened_at: Option<i64>,
    pub decided_at: Option<i64>,
    pub reminded_at: Option<i64>,
    /// domain::score::Ranking as JSON.
    #[sea_orm(column_type = "Text")]
    pub ranking: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
