//! What stands around a control: label, hint, messages. Shared by fields and text areas.

use leptos::prelude::*;

use crate::catalogue::t;
use crate::text::Locale;

/// The parts around a control; shared with the text area.
pub(super) struct FieldFrame {
    pub id: String,
    pub label: String,
    pub hint: Option<String>,
    pub errors: Vec<String>,
    pub optional: bool,
    pub quiet_label: bool,
}

impl FieldFrame {
    fn class(&self) -> &'static str {
        if self.errors.is_empty() { "field" } else { "field field-wrong" }
    }

    pub(super) fn around(self, locale: Locale, control: AnyView) -> AnyView {
        let class = self.class();
        let label_class = if self.quiet_label { "visually-hidden" } else { "field-label" };
        let optional = optional_mark(locale, self.optional);
        let messages = messages(&self.id, self.hint, self.errors);
        view! {
            <div class=class>
                <label class=label_class for=self.id>
                    {self.label}
                    {optional}
                </label>
                {messages}
                {control}
            </div>
        }
        .into_any()
    }

    pub(super) fn around_group(self, locale: Locale, options: AnyView) -> AnyView {
        let class = self.class();
        let described = described_by(&self.id, self.hint.is_some(), !self.errors.is_empty());
        let optional = optional_mark(locale, self.optional);
        let messages = messages(&self.id, self.hint, self.errors);
        view! {
            <fieldset class=class aria-describedby=described>
                <legend class="field-label">{self.label}{optional}</legend>
                {messages}
                <div class="options">{options}</div>
            </fieldset>
        }
        .into_any()
    }
}

pub(super) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-hint {id}-error")),
    }
}

fn optional_mark(locale: Locale, optional: bool) -> Option<AnyView> {
    optional.then(|| view! { <span class="field-optional">{t(locale, "common.optional")}</span> }.into_any())
}

pub(super) fn messages(id: &str, hint: Option<String>, errors: Vec<String>) -> AnyView {
    let hint_id = format!("{id}-hint");
    let hint = hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> });
    let error_id = format!("{id}-error");
    let errors = (!errors.is_empty()).then(|| {
        let lines: Vec<AnyView> =
            errors.into_iter().map(|text| view! { <span>{text}</span> }.into_any()).collect();
        view! { <p class="field-error" id=error_id>{lines}</p> }
    });
    (hint, errors).into_any()
}
