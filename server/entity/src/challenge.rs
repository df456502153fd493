//! A challenge. Columns beside the JSON are what lists sort and filter by.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenge")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub list_id: Option<Uuid>,
    #[sea_orm(unique, column_type = "Text")]
    pub number: Option<String>,
    pub issuer_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub title_en: String,
    #[sea_orm(column_type = "Text")]
    pub domain: String,
    #[sea_orm(column_type = "Text")]
    pub issuer_shown: String,
    pub amount_fen: Option<i64>,
    pub closes_at: Option<i64>,
    /// The need form as typed.
    #[sea_orm(column_type = "Text")]
    pub typed: String,
    /// domain::challenge::Content as JSON, once proposed.
    #[sea_orm(column_type = "Text")]
    pub content: Option<String>,
    /// The rule form as typed.
    #[sea_orm(column_type = "Text")]
    pub rule_typed: String,
    /// Canonical JSON of domain::rule::Rule; final from publication on.
    #[sea_orm(column_type = "Text")]
    pub rule: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub rule_sha256: Option<String>,
    /// Hex; the secret that every stage's draw comes from, in a race the last gate's seed. Never shown as it is.
    #[sea_orm(column_type = "Text")]
    pub draw_seed: Option<String>,
    pub has_race: bool,
    /// 0 while the selection is scored, n at gate n.
    pub stage: i64,
    pub published_at: Option<i64>,
    pub publicity_from: Option<i64>,
    pub publicity_ends_at: Option<i64>,
    pub publicity_known: bool,
    #[sea_orm(column_type = "Text")]
    pub returned_reason: String,
    pub saved_by: Option<Uuid>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
