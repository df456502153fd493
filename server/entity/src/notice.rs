//! Outbox and inbox in one: a notice to one person, and its mail's fate.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    #[sea_orm(column_type = "Text")]
    pub recipient_name: String,
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// domain::notice::Notice as JSON.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub challenge_id: Option<Uuid>,
    /// waiting, leased, sent, dead.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub attempts: i64,
    pub next_at: i64,
    pub leased_until: Option<i64>,
    pub sent_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub last_error: String,
    pub created_at: i64,
    pub read_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
