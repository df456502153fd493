//! A form that posts to a server function, and what was typed into it last time.

use domain::refusal::FieldError;
use leptos::prelude::*;

use crate::catalogue::problems_of;
use crate::text::Locale;

/// What a refused form held: the values as typed and the messages. Empty on a first visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Echo {
    pub values: Vec<(String, String)>,
    pub errors: Vec<FieldError>,
}

impl Echo {
    /// Whether the refused form had this name at all (an unticked box has not).
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| known == name)
    }

    /// What was typed, else what was saved.
    pub fn value<'a>(&'a self, name: &str, saved: &'a str) -> &'a str {
        match self.values.iter().find(|(known, _)| known == name) {
            Some((_, value)) => value,
            // A form that came back without this name came back with the box unticked.
            None if self.values.is_empty() => saved,
            None => "",
        }
    }

    /// All values of a repeated name.
    pub fn values(&self, name: &str) -> Vec<String> {
        self.values.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    pub fn errors_of(&self, locale: Locale, name: &str) -> Vec<String> {
        problems_of(locale, &self.errors, name)
    }
}

/// A form under construction. Posts, and leaves validation to the server.
pub struct Form {
    action: String,
    id: Option<String>,
    class: &'static str,
    hidden: Vec<(String, String)>,
    parts: Vec<AnyView>,
    buttons: Vec<AnyView>,
}

impl Form {
    /// `action` is an address such as `url::api("bid/submit")`.
    pub fn post(action: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            id: None,
            class: "form",
            hidden: Vec::new(),
            parts: Vec::new(),
            buttons: Vec::new(),
        }
    }

    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// In one line with its button, for small acts inside a table or a card.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.class = "form form-inline";
        self
    }

    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.hidden.push((name.into(), value.to_string()));
        self
    }

    /// A field, a group, or anything between them.
    #[must_use]
    pub fn part(mut self, part: AnyView) -> Self {
        self.parts.push(part);
        self
    }

    #[must_use]
    pub fn parts(mut self, parts: Vec<AnyView>) -> Self {
        self.parts.extend(parts);
        self
    }

    #[must_use]
    pub fn button(mut self, button: super::Button) -> Self {
        self.buttons.push(button.draw());
        self
    }

    /// A link beside the buttons: cancel, back.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        let (href, label) = (href.into(), label.into());
        self.buttons.push(view! { <a class="button button-quiet" href=href>{label}</a> }.into_any());
        self
    }

    pub fn draw(self) -> AnyView {
        let hidden: Vec<AnyView> = self
            .hidden
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> }.into_any())
            .collect();
        let buttons = (!self.buttons.is_empty()).then(|| super::buttons(self.buttons));
        view! {
            <form class=self.class id=self.id method="post" action=self.action novalidate=true>
                {hidden}
                {self.parts}
                {buttons}
            </form>
        }
        .into_any()
    }
}
