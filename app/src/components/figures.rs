//! A few large numbers side by side: how many lists, how much money, how many races.

use leptos::prelude::*;

/// One number; `href` leads to what it counts.
#[derive(Clone, Debug)]
pub struct Figure {
    pub label: String,
    pub value: String,
    pub unit: Option<String>,
    pub href: Option<String>,
}

impl Figure {
    pub fn new(label: impl Into<String>, value: impl ToString) -> Self {
        Self { label: label.into(), value: value.to_string(), unit: None, href: None }
    }

    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

pub fn figures(items: Vec<Figure>) -> AnyView {
    let items: Vec<AnyView> = items
        .into_iter()
        .map(|figure| {
            let unit = figure.unit.map(|unit| view! { <span class="figure-unit">{unit}</span> });
            let label = match figure.href {
                Some(href) => view! { <a class="card-link" href=href>{figure.label}</a> }.into_any(),
                None => figure.label.into_any(),
            };
            view! {
                <div class="figure">
                    <dt>{label}</dt>
                    <dd>{figure.value}{unit}</dd>
                </div>
            }
            .into_any()
        })
        .collect();
    view! { <dl class="figures">{items}</dl> }.into_any()
}
