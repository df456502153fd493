//! One thing of a list: a challenge, a list, a task. The heading is the link.

use leptos::prelude::*;

/// A card. The heading level follows the page: 2 directly under the page title, 3 inside a section.
pub struct Card {
    title: String,
    href: Option<String>,
    level: u8,
    kicker: Option<AnyView>,
    badge: Option<AnyView>,
    summary: Option<String>,
    facts: Vec<(String, AnyView)>,
    foot: Option<AnyView>,
}

impl Card {
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            href: None,
            level: 3,
            kicker: None,
            badge: None,
            summary: None,
            facts: Vec::new(),
            foot: None,
        }
    }

    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    #[must_use]
    pub fn level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }

    /// A short line above the title: number, domain.
    #[must_use]
    pub fn kicker(mut self, kicker: impl IntoView + 'static) -> Self {
        self.kicker = Some(kicker.into_view().into_any());
        self
    }

    #[must_use]
    pub fn badge(mut self, badge: AnyView) -> Self {
        self.badge = Some(badge);
        self
    }

    #[must_use]
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = Some(summary.into());
        self
    }

    /// A figure of the card: amount, deadline, issuing unit.
    #[must_use]
    pub fn fact(mut self, term: impl Into<String>, value: impl IntoView + 'static) -> Self {
        self.facts.push((term.into(), value.into_view().into_any()));
        self
    }

    /// Buttons or a note under the figures.
    #[must_use]
    pub fn foot(mut self, foot: AnyView) -> Self {
        self.foot = Some(foot);
        self
    }

    pub fn draw(self) -> AnyView {
        let title = match self.href {
            Some(href) => view! { <a class="card-link" href=href>{self.title}</a> }.into_any(),
            None => self.title.into_any(),
        };
        let heading = match self.level {
            0..=2 => view! { <h2 class="card-title">{title}</h2> }.into_any(),
            3 => view! { <h3 class="card-title">{title}</h3> }.into_any(),
            _ => view! { <h4 class="card-title">{title}</h4> }.into_any(),
        };
        let above = (self.kicker.is_some() || self.badge.is_some()).then(|| {
            let kicker = self.kicker.map(|kicker| view! { <span class="card-kicker">{kicker}</span> });
            view! { <div class="card-above">{kicker}{self.badge}</div> }
        });
        let summary = self.summary.map(|text| view! { <p class="card-summary">{text}</p> });
        let facts = (!self.facts.is_empty()).then(|| {
            let items: Vec<AnyView> = self
                .facts
                .into_iter()
                .map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.into_any())
                .collect();
            view! { <dl class="card-facts">{items}</dl> }
        });
        let foot = self.foot.map(|foot| view! { <div class="card-foot">{foot}</div> });
        view! { <article class="card">{above}{heading}{summary}{facts}{foot}</article> }.into_any()
    }
}

/// Cards one below the other (two abreast where there is room).
pub fn cards(items: Vec<AnyView>) -> AnyView {
    let items: Vec<AnyView> = items.into_iter().map(|item| view! { <li>{item}</li> }.into_any()).collect();
    view! { <ul class="cards" role="list">{items}</ul> }.into_any()
}
