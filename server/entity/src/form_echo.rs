//! What was typed into a refused form, for the page that shows it again.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "form_echo")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub token_hash: String,
    pub person_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub expires_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
