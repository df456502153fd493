//! Terms and what they are here: a definition list.

use leptos::prelude::*;

#[derive(Default)]
pub struct Facts {
    rows: Vec<(String, AnyView)>,
    columns: bool,
}

impl Facts {
    pub fn new() -> Self {
        Self::default()
    }

    /// Short facts side by side, two or three abreast.
    #[must_use]
    pub fn columns(mut self) -> Self {
        self.columns = true;
        self
    }

    #[must_use]
    pub fn row(mut self, term: impl Into<String>, value: impl IntoView + 'static) -> Self {
        self.rows.push((term.into(), value.into_view().into_any()));
        self
    }

    /// A row only when there is a value.
    #[must_use]
    pub fn some(self, term: impl Into<String>, value: Option<impl IntoView + 'static>) -> Self {
        match value {
            Some(value) => self.row(term, value),
            None => self,
        }
    }

    pub fn draw(self) -> AnyView {
        let class = if self.columns { "facts facts-columns" } else { "facts" };
        let rows: Vec<AnyView> = self
            .rows
            .into_iter()
            .map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.into_any())
            .collect();
        view! { <dl class=class>{rows}</dl> }.into_any()
    }
}
