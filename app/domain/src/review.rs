//! One expert's score sheet. Deliberately absent: combining sheets (`score`).

use serde::{Deserialize, Serialize};

use crate::challenge::Typed;
use crate::keyed;
use crate::refusal::{FieldError, Problem, Refusal};
use crate::rule::Rubric;
use crate::words::{self, Form};

keyed! {
    ReviewState {
        Assigned = "assigned",
        Submitted = "submitted",
        Abstained = "abstained",
        /// Taken away by a conflict or a recusal before it was submitted.
        Removed = "removed",
    }
}

/// A finished sheet: one value per criterion in the rubric's order, in milli-points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetContent {
    pub scores_milli: Vec<i64>,
    pub comments: Vec<String>,
    pub overall: String,
    /// For the expert alone.
    pub private_note: String,
}

impl SheetContent {
    /// Reads a sheet form: `scores.<key>`, `comments.<key>`, `overall`, `private_note`.
    ///
    /// # Errors
    /// [`Refusal::Invalid`]: missing, outside the scale, between two steps.
    pub fn parse(typed: &Typed, rubric: &Rubric) -> Result<Self, Refusal> {
        let get = |field: &str| typed.get(field).map_or("", String::as_str);
        let mut form = Form::default();
        let mut scores_milli = Vec::with_capacity(rubric.criteria.len());
        let mut comments = Vec::with_capacity(rubric.criteria.len());
        for criterion in &rubric.criteria {
            let field = format!("scores.{}", criterion.key);
            if get(&field).trim().is_empty() {
                form.errors.push(FieldError::new(&field, Problem::Required));
                scores_milli.push(rubric.scale.min_milli);
            } else {
                scores_milli.push(form.take(&field, words::score(get(&field), rubric.scale)));
            }
            let field = format!("comments.{}", criterion.key);
            comments.push(form.take(&field, words::optional_paragraphs(get(&field), words::TEXT_MAX)));
        }
        let overall = form.take("overall", words::optional_paragraphs(get("overall"), words::TEXT_MAX));
        let private_note =
            form.take("private_note", words::optional_paragraphs(get("private_note"), words::TEXT_MAX));
        form.finish()?;
        Ok(Self { scores_milli, comments, overall, private_note })
    }
}

/// Whether a sheet may still be written.
///
/// # Errors
/// [`Refusal::DeclarationNeeded`] before interests are declared; [`Refusal::ConflictOfInterest`];
/// [`Refusal::WrongState`] for a sheet that was taken away, or when the panel's time is over.
pub fn check_writable(
    state: ReviewState,
    seat: crate::panel::SeatState,
    conflict: bool,
    stage_open: bool,
) -> Result<(), Refusal> {
    use crate::panel::SeatState;
    match seat {
        SeatState::Seated => return Err(Refusal::DeclarationNeeded),
        SeatState::Recused => return Err(Refusal::ConflictOfInterest),
        SeatState::Declared => {}
    }
    if conflict {
        return Err(Refusal::ConflictOfInterest);
    }
    if !stage_open || state == ReviewState::Removed {
        return Err(Refusal::WrongState { state: state.key().to_owned() });
    }
    Ok(())
}
