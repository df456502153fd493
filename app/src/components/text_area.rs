//! The only `<textarea>` of the house. Leptos 0.8 writes a text area's content unescaped, so this piece escapes it.

use leptos::prelude::*;

use super::field::field_id;
use super::field_frame::{FieldFrame, described_by};
use super::form::Echo;
use crate::text::Locale;

/// A field of several lines.
#[derive(Clone, Debug)]
pub struct TextArea {
    name: String,
    label: String,
    value: String,
    hint: Option<String>,
    errors: Vec<String>,
    required: bool,
    rows: u32,
    quiet_label: bool,
}

impl TextArea {
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            value: String::new(),
            hint: None,
            errors: Vec::new(),
            required: false,
            rows: 6,
            quiet_label: false,
        }
    }

    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// See [`Field::filled`](super::Field::filled).
    #[must_use]
    pub fn filled(mut self, locale: Locale, typed: &Echo, saved: &str) -> Self {
        self.value = typed.value(&self.name, saved).to_owned();
        self.errors = typed.errors_of(locale, &self.name);
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn errors(mut self, errors: Vec<String>) -> Self {
        self.errors = errors;
        self
    }

    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Lines visible at once, 2 to 30.
    #[must_use]
    pub fn rows(mut self, rows: u32) -> Self {
        self.rows = rows.clamp(2, 30);
        self
    }

    #[must_use]
    pub fn quiet_label(mut self) -> Self {
        self.quiet_label = true;
        self
    }

    pub fn draw(self, locale: Locale) -> AnyView {
        let id = field_id(&self.name);
        let described = described_by(&id, self.hint.is_some(), !self.errors.is_empty());
        let invalid = (!self.errors.is_empty()).then_some("true");
        // The leading line break is the one the parser swallows; without it a text that begins with one would lose it.
        let body = format!("\n{}", escape(&self.value));
        let control = view! {
            <textarea
                class="control"
                id=id.clone()
                name=self.name
                rows=self.rows.to_string()
                required=self.required
                aria-describedby=described
                aria-invalid=invalid
                inner_html=body
            ></textarea>
        };
        let frame = FieldFrame {
            id,
            label: self.label,
            hint: self.hint,
            errors: self.errors,
            optional: !self.required && !self.quiet_label,
            quiet_label: self.quiet_label,
        };
        frame.around(locale, control.into_any())
    }
}

/// Text as HTML text or attribute value.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
