//! A state in one word. The tone adds colour and a shape; the word alone says everything.

use leptos::prelude::*;

/// What a state means to the reader. Each tone has its own mark, so that colour is never the only sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Being prepared, or over and done.
    #[default]
    Quiet,
    /// Something may be done now: open for bids, gate open.
    Open,
    /// Under way, somebody else is working.
    Running,
    /// Passed, awarded, finished well.
    Good,
    /// Needs attention soon: returned, correction, publicity with objections.
    Warn,
    /// Refused, cut, cancelled, failed.
    Bad,
}

impl Tone {
    pub const ALL: [Self; 6] = [Self::Quiet, Self::Open, Self::Running, Self::Good, Self::Warn, Self::Bad];

    const fn class(self) -> &'static str {
        match self {
            Self::Quiet => "badge badge-quiet",
            Self::Open => "badge badge-open",
            Self::Running => "badge badge-running",
            Self::Good => "badge badge-good",
            Self::Warn => "badge badge-warn",
            Self::Bad => "badge badge-bad",
        }
    }

    /// A shape per tone, drawn before the word and hidden from screen readers.
    const fn mark(self) -> &'static str {
        match self {
            Self::Quiet => "○",
            Self::Open => "●",
            Self::Running => "◐",
            Self::Good => "✓",
            Self::Warn => "!",
            Self::Bad => "×",
        }
    }
}

/// A badge with its word.
pub fn badge(tone: Tone, word: impl Into<String>) -> AnyView {
    let word = word.into();
    view! {
        <span class=tone.class()>
            <span class="badge-mark" aria-hidden="true">
                {tone.mark()}
            </span>
            {word}
        </span>
    }
    .into_any()
}
