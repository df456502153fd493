//! The words of a published challenge, one row each.

use domain::challenge::Content;
use entity::{challenge, search_term};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::error::StoreError;
use crate::tx::Tx;
use crate::{load, search};

/// Rows of one insert: two parameters each, far below what either database takes.
const ROWS: usize = 1_000;

/// Writes the index of one challenge anew.
pub(super) async fn write(tx: &Tx, row: &challenge::Model) -> Result<(), StoreError> {
    let Some(content) = &row.content else { return Ok(()) };
    let content: Content = load::json(content)?;
    let number = row.number.clone().unwrap_or_default();
    // The order matters: a text beyond the bound loses its last words, not its title.
    let text = [
        content.title.as_str(),
        &content.title_en,
        &number,
        &content.issuer_shown,
        &content.domain,
        &content.keywords.join(" "),
        &content.background,
        &content.research,
        &content.difficulty,
        &content.conditions,
    ]
    .join("\n");
    search_term::Entity::delete_many()
        .filter(search_term::Column::ChallengeId.eq(row.id))
        .exec(tx.connection())
        .await?;
    let words: Vec<String> = search::words(&text).into_iter().collect();
    for chunk in words.chunks(ROWS) {
        let rows = chunk
            .iter()
            .map(|word| search_term::ActiveModel { token: Set(word.clone()), challenge_id: Set(row.id) });
        search_term::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}
