//! The top of a page and the top of a section.

use leptos::prelude::*;

/// The page's one `h1` with what belongs to it.
pub struct Heading {
    title: String,
    kicker: Option<AnyView>,
    badge: Option<AnyView>,
    lead: Option<String>,
    actions: Vec<AnyView>,
}

impl Heading {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), kicker: None, badge: None, lead: None, actions: Vec::new() }
    }

    /// A short line above: number, list, domain.
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

    /// One or two sentences under the title.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = Some(lead.into());
        self
    }

    #[must_use]
    pub fn action(mut self, action: AnyView) -> Self {
        self.actions.push(action);
        self
    }

    pub fn draw(self) -> AnyView {
        let above = (self.kicker.is_some() || self.badge.is_some())
            .then(|| view! { <div class="heading-above">{self.kicker}{self.badge}</div> });
        let lead = self.lead.map(|lead| view! { <p class="lead">{lead}</p> });
        let actions = (!self.actions.is_empty()).then(|| super::buttons(self.actions));
        view! { <header class="heading">{above}<h1>{self.title}</h1>{lead}{actions}</header> }.into_any()
    }
}

/// A section with its `h2`. `id` is where links land.
pub fn section(id: &'static str, title: impl Into<String>, content: impl IntoView + 'static) -> AnyView {
    let title = title.into();
    let title_id = format!("{id}-title");
    let content = content.into_view().into_any();
    view! {
        <section class="section" id=id aria-labelledby=title_id.clone()>
            <h2 id=title_id.clone()>{title}</h2>
            {content}
        </section>
    }
    .into_any()
}
