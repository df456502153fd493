//! A page within the page that looks like the document it is: receipt, letter, publicity notice.

use leptos::prelude::*;

pub struct Paper {
    issuer: String,
    title: String,
    number: Option<String>,
    content: Vec<AnyView>,
    foot: Option<AnyView>,
}

impl Paper {
    /// `issuer` stands in the head (组织方 or the programme), `title` names the document.
    pub fn new(issuer: impl Into<String>, title: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), title: title.into(), number: None, content: Vec::new(), foot: None }
    }

    /// The document's number.
    #[must_use]
    pub fn number(mut self, number: impl Into<String>) -> Self {
        self.number = Some(number.into());
        self
    }

    #[must_use]
    pub fn part(mut self, part: impl IntoView + 'static) -> Self {
        self.content.push(part.into_view().into_any());
        self
    }

    /// Signature, date, hash.
    #[must_use]
    pub fn foot(mut self, foot: impl IntoView + 'static) -> Self {
        self.foot = Some(foot.into_view().into_any());
        self
    }

    pub fn draw(self) -> AnyView {
        let number = self.number.map(|number| view! { <p class="paper-number">{number}</p> });
        let foot = self.foot.map(|foot| view! { <footer class="paper-foot">{foot}</footer> });
        view! {
            <article class="paper">
                <header class="paper-head">
                    <p class="paper-issuer">{self.issuer}</p>
                    {number}
                </header>
                <h2 class="paper-title">{self.title}</h2>
                <div class="paper-body">{self.content}</div>
                {foot}
            </article>
        }
        .into_any()
    }
}
