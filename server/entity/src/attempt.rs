//! Attempts on a secret per key (address or account) in a fixed window.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    pub window_start: i64,
    pub count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
