//! A list (榜单): a numbered batch of challenges published together. Deliberately absent: its challenges (they name it).

use serde::{Deserialize, Serialize};

use crate::keyed;
use crate::refusal::{Problem, Refusal};
use crate::rule::Bilingual;
use crate::time::Timestamp;
use crate::words::{self, Form};

keyed! {
    ListState { Preparing = "preparing", Scheduled = "scheduled", Published = "published" }
}

keyed! {
    /// How winners are found; presets the steps of its challenges.
    SelectionModel {
        Panel = "panel",
        IssuerChooses = "issuer_chooses",
        AfterDelivery = "after_delivery",
        HorseRace = "horse_race",
        Contest = "contest",
    }
}

/// What bidders of this list must meet; checked by a person at eligibility.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BidderGates {
    pub qualification: String,
    pub credit: String,
    /// Bids one lead unit may have on the list; 0 is no limit.
    pub max_bids_per_unit: u32,
    pub earlier_winners_barred: bool,
}

/// The fields of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListContent {
    /// `2026-1`: shown in public, unique.
    pub number: String,
    pub title: Bilingual,
    pub introduction: Bilingual,
    pub model: SelectionModel,
    pub gates: BidderGates,
}

impl ListContent {
    /// Reads the list form.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] naming each field.
    pub fn parse(typed: &crate::challenge::Typed) -> Result<Self, Refusal> {
        let get = |field: &str| typed.get(field).map_or("", String::as_str);
        let mut form = Form::default();
        let content = Self {
            number: form.take("number", words::line(get("number"), 32)),
            title: Bilingual {
                zh: form.take("title", words::line(get("title"), words::TITLE_MAX)),
                en: form.take("title_en", words::optional_line(get("title_en"), words::TITLE_MAX)),
            },
            introduction: Bilingual {
                zh: form
                    .take("introduction", words::optional_paragraphs(get("introduction"), words::TEXT_MAX)),
                en: form.take(
                    "introduction_en",
                    words::optional_paragraphs(get("introduction_en"), words::TEXT_MAX),
                ),
            },
            model: SelectionModel::from_key(get("model")).unwrap_or(SelectionModel::Panel),
            gates: BidderGates {
                qualification: form
                    .take("qualification", words::optional_paragraphs(get("qualification"), words::TEXT_MAX)),
                credit: form.take("credit", words::optional_paragraphs(get("credit"), words::TEXT_MAX)),
                max_bids_per_unit: bids_per_unit(get("max_bids_per_unit"), &mut form),
                earlier_winners_barred: !get("earlier_winners_barred").is_empty(),
            },
        };
        form.finish()?;
        Ok(content)
    }
}

fn bids_per_unit(text: &str, form: &mut Form) -> u32 {
    let text = if text.trim().is_empty() { "0" } else { text };
    let value = form.take("max_bids_per_unit", words::whole(text, 0, 1000));
    u32::try_from(value).unwrap_or(0)
}

/// When the list goes out: at once, or at a set time still ahead.
///
/// # Errors
/// [`Refusal::ListEmpty`], [`Refusal::WrongState`], or a time in the past at `publish_at`.
pub fn schedule(
    state: ListState,
    challenges: usize,
    publish_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<ListState, Refusal> {
    if state == ListState::Published {
        return Err(Refusal::WrongState { state: state.key().to_owned() });
    }
    if challenges == 0 {
        return Err(Refusal::ListEmpty);
    }
    match publish_at {
        None => Ok(ListState::Published),
        Some(at) if at <= now => Err(Refusal::invalid("publish_at", Problem::InThePast)),
        Some(_) => Ok(ListState::Scheduled),
    }
}
