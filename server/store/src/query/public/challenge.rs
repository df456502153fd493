//! One challenge with its rule, its way, its result, and what this reader may do with it.

use domain::actor::{Actor, Role};
use domain::bid::check_open_for_bids;
use domain::challenge::Content;
use domain::id::{BidId, ChallengeId, ListId, OrganisationId};
use domain::permission::{self, Action, Facts};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use domain::view::public::{ChallengeDoors, ChallengePage, FrozenRule};
use entity::{bid, challenge as table, challenge_list, follow};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::results;
use crate::connect::Store;
use crate::error::StoreError;
use crate::load;
use crate::query::cards::is_visible;
use crate::query::timeline::{Onlooker, timeline};

/// The page of a published challenge.
///
/// # Errors
/// [`Refusal::NotFound`], also for one that was never published.
pub async fn challenge(store: &Store, actor: &Actor, id: ChallengeId) -> Result<ChallengePage, StoreError> {
    let row = table::Entity::find_by_id(id.0).one(&store.reader).await?;
    let row = row.filter(is_visible).ok_or(Refusal::NotFound)?;
    let content: Content = load::json(row.content.as_deref().ok_or(Refusal::NotFound)?)?;
    let state = load::state(&row)?.shown_to_public();
    let list = match row.list_id {
        Some(list) => challenge_list::Entity::find_by_id(list).one(&store.reader).await?,
        None => None,
    };
    let list =
        list.map(|list| load::json(&list.content).map(|content| (ListId(list.id), content))).transpose()?;
    let winners = if state.shows_results() { results::result(store, &row).await? } else { None };
    Ok(ChallengePage {
        id,
        number: row.number.clone().unwrap_or_default(),
        list,
        content,
        state,
        published_at: row.published_at.map(Timestamp),
        closes_at: row.closes_at.map(Timestamp),
        publicity_ends_at: row.publicity_ends_at.map(Timestamp),
        publicity_calendar_known: row.publicity_known,
        timeline: timeline(&store.reader, &row, Onlooker::Public).await?,
        rule: frozen(&row)?,
        winners,
        doors: doors(store, actor, &row).await?,
    })
}

fn frozen(row: &table::Model) -> Result<Option<FrozenRule>, StoreError> {
    let (Some(canonical), Some(sha256)) = (&row.rule, &row.rule_sha256) else { return Ok(None) };
    Ok(Some(FrozenRule {
        rule: load::json(canonical)?,
        canonical: canonical.clone(),
        sha256: sha256.clone(),
    }))
}

async fn doors(store: &Store, actor: &Actor, row: &table::Model) -> Result<ChallengeDoors, StoreError> {
    let Some(person) = actor.person else { return Ok(ChallengeDoors::default()) };
    let issuer = OrganisationId(row.issuer_id);
    let own_bid = own_bid(store, actor, row).await?;
    let facts = Facts { issuer: Some(issuer), ..Facts::default() };
    let open = check_open_for_bids(load::state(row)?, row.closes_at.map(Timestamp), store.now().await?);
    let follows = follow::Entity::find_by_id((person.0, row.domain.clone())).count(&store.reader).await?;
    Ok(ChallengeDoors {
        may_bid: open.is_ok()
            && own_bid.is_none()
            && permission::decide(actor, Action::DraftBid, &facts).is_ok(),
        own_bid,
        organiser: actor.has(Role::Organiser),
        issuer: actor.has_in(Role::Issuer, issuer),
        follows_domain: follows > 0,
        signed_in: true,
    })
}

async fn own_bid(store: &Store, actor: &Actor, row: &table::Model) -> Result<Option<BidId>, StoreError> {
    let units = actor.held.iter().filter(|held| held.role == Role::Team).map(|held| held.organisation.0);
    let own = bid::Entity::find()
        .filter(bid::Column::ChallengeId.eq(row.id))
        .filter(bid::Column::LeadUnitId.is_in(units))
        .order_by_asc(bid::Column::Id)
        .one(&store.reader)
        .await?;
    Ok(own.map(|bid| BidId(bid.id)))
}
