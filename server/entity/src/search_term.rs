//! Inverted index of public challenges: one row per word and challenge.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_term")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub token: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub challenge_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
