//! Buttons send, links go. One primary action per form.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Primary,
    Secondary,
    Danger,
    Quiet,
}

impl Weight {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Danger => "button button-danger",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// A submit button.
#[derive(Clone, Debug)]
pub struct Button {
    label: String,
    weight: Weight,
    pair: Option<(String, String)>,
    action: Option<String>,
    describes: Option<String>,
}

impl Button {
    fn new(label: impl Into<String>, weight: Weight) -> Self {
        Self { label: label.into(), weight, pair: None, action: None, describes: None }
    }

    /// The one thing this form is for.
    pub fn primary(label: impl Into<String>) -> Self {
        Self::new(label, Weight::Primary)
    }

    /// Another thing it can do, such as saving a draft.
    pub fn secondary(label: impl Into<String>) -> Self {
        Self::new(label, Weight::Secondary)
    }

    /// An act that takes something away: withdraw, cancel, cut.
    pub fn danger(label: impl Into<String>) -> Self {
        Self::new(label, Weight::Danger)
    }

    /// Looks like a link.
    pub fn quiet(label: impl Into<String>) -> Self {
        Self::new(label, Weight::Quiet)
    }

    /// Sent with the form when this button is pressed.
    #[must_use]
    pub fn value(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.pair = Some((name.into(), value.into()));
        self
    }

    /// Sends the form to another address than the form's own.
    #[must_use]
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Adds words only screen readers hear, when several buttons of a page carry the same label.
    #[must_use]
    pub fn about(mut self, what: impl Into<String>) -> Self {
        self.describes = Some(what.into());
        self
    }

    pub fn draw(self) -> AnyView {
        let (name, value) = self.pair.map_or((None, None), |(name, value)| (Some(name), Some(value)));
        let about = self.describes.map(|what| view! { <span class="visually-hidden">" "{what}</span> });
        view! {
            <button type="submit" class=self.weight.class() name=name value=value formaction=self.action>
                {self.label}
                {about}
            </button>
        }
        .into_any()
    }
}

/// A link that looks like a button; `primary` for the one main way on.
pub fn button_link(href: impl Into<String>, label: impl Into<String>, primary: bool) -> AnyView {
    let weight = if primary { Weight::Primary } else { Weight::Secondary };
    let (href, label) = (href.into(), label.into());
    view! {
        <a class=weight.class() href=href>
            {label}
        </a>
    }
    .into_any()
}

/// Buttons side by side, wrapping on narrow screens.
pub fn buttons(items: Vec<AnyView>) -> AnyView {
    view! { <div class="buttons">{items}</div> }.into_any()
}
