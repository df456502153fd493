//! An awarded bid in a race.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "racing_team")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub bid_id: Uuid,
    pub challenge_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub left_at: Option<i64>,
    pub cumulative_milli: Option<i64>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
