//! A team's result at a gate.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gate_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub challenge_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub gate: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub bid_id: Uuid,
    pub total_milli: i64,
    pub cumulative_milli: i64,
    pub rank: i64,
    #[sea_orm(column_type = "Text")]
    pub outcome: String,
}

impl ActiveModelBehavior for ActiveModel {}
