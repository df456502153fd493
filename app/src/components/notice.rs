//! What the reader should know before reading on.

use domain::refusal::Refusal;
use leptos::prelude::*;

use crate::catalogue::{refusal, t};
use crate::text::Locale;

/// What came of the last act, shown once at the top of the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flash {
    /// It happened; the text says what.
    Done(String),
    /// It did not; nothing has changed.
    Refused(Refusal),
}

impl Flash {
    pub fn draw(self, locale: Locale) -> AnyView {
        match self {
            Self::Done(text) => Notice::good(text).draw(locale),
            Self::Refused(why) => Notice::bad(refusal(locale, &why)).draw(locale),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Info,
    Good,
    Warn,
    Bad,
}

/// A notice within a page.
pub struct Notice {
    weight: Weight,
    text: String,
    title: Option<String>,
    foot: Option<AnyView>,
}

impl Notice {
    fn new(weight: Weight, text: impl Into<String>) -> Self {
        Self { weight, text: text.into(), title: None, foot: None }
    }

    pub fn info(text: impl Into<String>) -> Self {
        Self::new(Weight::Info, text)
    }

    pub fn good(text: impl Into<String>) -> Self {
        Self::new(Weight::Good, text)
    }

    pub fn warn(text: impl Into<String>) -> Self {
        Self::new(Weight::Warn, text)
    }

    pub fn bad(text: impl Into<String>) -> Self {
        Self::new(Weight::Bad, text)
    }

    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Links or buttons under the text.
    #[must_use]
    pub fn foot(mut self, foot: AnyView) -> Self {
        self.foot = Some(foot);
        self
    }

    pub fn draw(self, locale: Locale) -> AnyView {
        let (class, role, mark, kind) = match self.weight {
            Weight::Info => ("notice notice-info", "note", "i", "common.notice_info"),
            Weight::Good => ("notice notice-good", "status", "✓", "common.notice_good"),
            Weight::Warn => ("notice notice-warn", "note", "!", "common.notice_warn"),
            Weight::Bad => ("notice notice-bad", "alert", "×", "common.notice_bad"),
        };
        let title = self.title.map(|title| view! { <p class="notice-title">{title}</p> });
        view! {
            <div class=class role=role>
                <span class="notice-mark" aria-hidden="true">{mark}</span>
                <div class="notice-body">
                    <span class="visually-hidden">{t(locale, kind)}</span>
                    {title}
                    <p>{self.text}</p>
                    {self.foot}
                </div>
            </div>
        }
        .into_any()
    }
}
