//! Nothing here yet: says so, says why, and what to do next.

use leptos::prelude::*;

use super::button::button_link;

pub struct Empty {
    title: String,
    text: Option<String>,
    ways: Vec<AnyView>,
}

impl Empty {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), text: None, ways: Vec::new() }
    }

    /// What will stand here, and what makes it appear.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Where to go from here. The first way is the main one.
    #[must_use]
    pub fn way(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        let primary = self.ways.is_empty();
        self.ways.push(button_link(href, label, primary));
        self
    }

    pub fn draw(self) -> AnyView {
        let text = self.text.map(|text| view! { <p>{text}</p> });
        let ways = (!self.ways.is_empty()).then(|| super::buttons(self.ways));
        view! {
            <div class="empty">
                <p class="empty-title">{self.title}</p>
                {text}
                {ways}
            </div>
        }
        .into_any()
    }
}
