//! The parts of a long form or a process in order: which are done, which is now.

use leptos::prelude::*;

use crate::catalogue::t;
use crate::text::Locale;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    Done,
    Current,
    Next,
    /// Something in it needs mending.
    Wrong,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub label: String,
    pub state: StepState,
    /// Where the part stands, if one may go there.
    pub href: Option<String>,
    /// A date or a count under the label.
    pub note: Option<String>,
}

impl Step {
    pub fn new(label: impl Into<String>, state: StepState) -> Self {
        Self { label: label.into(), state, href: None, note: None }
    }

    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// `label` names the list for screen readers.
pub fn stepper(locale: Locale, label: impl Into<String>, steps: Vec<Step>) -> AnyView {
    let label = label.into();
    let items: Vec<AnyView> = steps
        .into_iter()
        .map(|step| {
            let (class, word) = match step.state {
                StepState::Done => ("step step-done", "common.step_done"),
                StepState::Current => ("step step-current", "common.step_current"),
                StepState::Next => ("step step-next", "common.step_next"),
                StepState::Wrong => ("step step-wrong", "common.step_wrong"),
            };
            let current = (step.state == StepState::Current).then_some("step");
            let name = match step.href {
                Some(href) => view! { <a href=href>{step.label}</a> }.into_any(),
                None => view! { <span>{step.label}</span> }.into_any(),
            };
            let note = step.note.map(|note| view! { <span class="step-note">{note}</span> });
            view! {
                <li class=class aria-current=current>
                    <span class="visually-hidden">{t(locale, word)}</span>
                    {name}
                    {note}
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ol class="stepper" aria-label=label>{items}</ol> }.into_any()
}
