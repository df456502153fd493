//! A bid of one lead unit on one challenge.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bid")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub challenge_id: Uuid,
    pub lead_unit_id: Uuid,
    pub lead_person_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// The form as typed; the latest draft.
    #[sea_orm(column_type = "Text")]
    pub typed: String,
    /// The form as it was last submitted.
    #[sea_orm(column_type = "Text")]
    pub submitted_typed: Option<String>,
    /// domain::bid::BidContent as JSON, as last submitted.
    #[sea_orm(column_type = "Text")]
    pub content: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub content_sha256: Option<String>,
    /// domain::bid::Receipt as JSON.
    #[sea_orm(column_type = "Text")]
    pub receipt: Option<String>,
    pub revision: i64,
    pub submitted_at: Option<i64>,
    pub asked_fen: i64,
    #[sea_orm(column_type = "Text")]
    pub eligibility_reason: String,
    pub saved_by: Uuid,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
