//! One question of a form: label, hint, control, message. Deliberately absent: files (an upload is a page of its own)
//! and the browser's own validation: the server's messages are better and in the reader's language.

use leptos::prelude::*;

use super::field_frame::{FieldFrame, described_by, messages};
use super::form::Echo;
use crate::catalogue::t;
use crate::text::Locale;

/// One value of a select, a radio group or a group of boxes.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

#[derive(Clone, Debug)]
enum Kind {
    Input(&'static str),
    Select(Vec<Choice>),
    Radios(Vec<Choice>),
    Boxes(Vec<Choice>),
    Tick,
}

/// A field under construction. Optional unless [`Field::required`].
#[derive(Clone, Debug)]
pub struct Field {
    name: String,
    label: String,
    kind: Kind,
    value: String,
    chosen: Vec<String>,
    hint: Option<String>,
    errors: Vec<String>,
    required: bool,
    narrow: bool,
    suffix: Option<String>,
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    bounds: [Option<String>; 3],
    readonly: bool,
    quiet_label: bool,
}

/// The element id of a field's control; `budget.2.amount` becomes `field-budget-2-amount`.
pub fn field_id(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("field-{plain}")
}

impl Field {
    fn new(name: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            kind,
            value: String::new(),
            chosen: Vec::new(),
            hint: None,
            errors: Vec::new(),
            required: false,
            narrow: false,
            suffix: None,
            autocomplete: None,
            inputmode: None,
            bounds: [None, None, None],
            readonly: false,
            quiet_label: false,
        }
    }

    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Input("text"))
    }

    pub fn email(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { autocomplete: Some("email"), ..Self::new(name, label, Kind::Input("email")) }
    }

    /// `autocomplete` is `current-password` or `new-password`. A password is never written back into a page.
    pub fn password(name: impl Into<String>, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Self { autocomplete: Some(autocomplete), ..Self::new(name, label, Kind::Input("password")) }
    }

    /// A number as text with a numeric keyboard: keeps what was typed, takes thousands separators.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { inputmode: Some("decimal"), narrow: true, ..Self::new(name, label, Kind::Input("text")) }
    }

    /// A spin box with bounds, for scores: minimum, maximum, step.
    pub fn spin(
        name: impl Into<String>,
        label: impl Into<String>,
        min: impl Into<String>,
        max: impl Into<String>,
        step: impl Into<String>,
    ) -> Self {
        Self {
            bounds: [Some(min.into()), Some(max.into()), Some(step.into())],
            narrow: true,
            ..Self::new(name, label, Kind::Input("number"))
        }
    }

    /// Beijing time; fill with `Timestamp::official_input`.
    pub fn datetime(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { narrow: true, ..Self::new(name, label, Kind::Input("datetime-local")) }
    }

    pub fn select(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::Select(choices))
    }

    pub fn radios(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::Radios(choices))
    }

    /// Several boxes of one name.
    pub fn boxes(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::Boxes(choices))
    }

    /// One box; sent as `name=yes` when ticked.
    pub fn tick(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Tick)
    }

    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// The chosen values of [`Field::boxes`].
    #[must_use]
    pub fn chosen(mut self, values: Vec<String>) -> Self {
        self.chosen = values;
        self
    }

    /// Whether [`Field::tick`] is ticked.
    #[must_use]
    pub fn ticked(mut self, ticked: bool) -> Self {
        self.value = if ticked { "yes".to_owned() } else { String::new() };
        self
    }

    /// What was typed last time and what was wrong with it; `saved` where nothing was typed.
    #[must_use]
    pub fn filled(mut self, locale: Locale, typed: &Echo, saved: &str) -> Self {
        self.value = typed.value(&self.name, saved).to_owned();
        if matches!(self.kind, Kind::Boxes(_)) && typed.has(&self.name) {
            self.chosen = typed.values(&self.name);
        }
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

    /// As wide as a number or a date instead of the whole column.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }

    /// A unit after the control, such as 万元.
    #[must_use]
    pub fn suffix(mut self, unit: impl Into<String>) -> Self {
        self.suffix = Some(unit.into());
        self
    }

    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    #[must_use]
    pub fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    /// The label only for screen readers: inside a table whose heading already says it.
    #[must_use]
    pub fn quiet_label(mut self) -> Self {
        self.quiet_label = true;
        self
    }

    pub fn draw(self, locale: Locale) -> AnyView {
        let frame = FieldFrame {
            id: field_id(&self.name),
            label: self.label.clone(),
            hint: self.hint.clone(),
            errors: self.errors.clone(),
            optional: !self.required && !self.readonly && !self.quiet_label,
            quiet_label: self.quiet_label,
        };
        match self.kind.clone() {
            Kind::Input(kind) => frame.around(locale, self.input(kind)),
            Kind::Select(choices) => frame.around(locale, self.select_box(locale, choices)),
            Kind::Radios(choices) => frame.around_group(locale, self.options("radio", choices)),
            Kind::Boxes(choices) => frame.around_group(locale, self.options("checkbox", choices)),
            Kind::Tick => self.tick_box(),
        }
    }

    fn described_by(&self) -> Option<String> {
        described_by(&field_id(&self.name), self.hint.is_some(), !self.errors.is_empty())
    }

    fn invalid(&self) -> Option<&'static str> {
        (!self.errors.is_empty()).then_some("true")
    }

    fn input(self, kind: &'static str) -> AnyView {
        let (described, invalid) = (self.described_by(), self.invalid());
        let class = if self.narrow { "control control-narrow" } else { "control" };
        let [min, max, step] = self.bounds;
        let value = if kind == "password" { String::new() } else { self.value };
        let suffix = self.suffix.map(|unit| view! { <span class="field-suffix">{unit}</span> });
        let id = field_id(&self.name);
        view! {
            <div class="field-line">
                <input
                    class=class
                    id=id
                    name=self.name
                    type=kind
                    value=value
                    required=self.required
                    readonly=self.readonly
                    autocomplete=self.autocomplete
                    inputmode=self.inputmode
                    min=min
                    max=max
                    step=step
                    aria-describedby=described
                    aria-invalid=invalid
                />
                {suffix}
            </div>
        }
        .into_any()
    }

    fn select_box(self, locale: Locale, choices: Vec<Choice>) -> AnyView {
        let (described, invalid) = (self.described_by(), self.invalid());
        let known = choices.iter().any(|choice| choice.value == self.value);
        let first = (!known).then(|| {
            view! { <option value="" selected=true>{t(locale, "common.choose")}</option> }.into_any()
        });
        let options: Vec<AnyView> = choices
            .into_iter()
            .map(|choice| {
                let selected = choice.value == self.value;
                view! { <option value=choice.value selected=selected>{choice.label}</option> }.into_any()
            })
            .collect();
        view! {
            <select
                class=if self.narrow { "control control-narrow" } else { "control" }
                id=field_id(&self.name)
                name=self.name.clone()
                required=self.required
                aria-describedby=described
                aria-invalid=invalid
            >
                {first}
                {options}
            </select>
        }
        .into_any()
    }

    /// The first control carries the field's id, so that the error summary's link lands on it.
    fn options(self, kind: &'static str, choices: Vec<Choice>) -> AnyView {
        let base = field_id(&self.name);
        let items: Vec<AnyView> = choices
            .into_iter()
            .enumerate()
            .map(|(index, choice)| {
                let id = if index == 0 { base.clone() } else { format!("{base}-{index}") };
                let hint_id = choice.hint.as_ref().map(|_| format!("{id}-hint"));
                let ticked = if kind == "radio" {
                    choice.value == self.value
                } else {
                    self.chosen.contains(&choice.value)
                };
                let hint = choice
                    .hint
                    .map(|hint| view! { <span class="option-hint" id=hint_id.clone()>{hint}</span> });
                view! {
                    <div class="option">
                        <input
                            type=kind
                            id=id.clone()
                            name=self.name.clone()
                            value=choice.value
                            checked=ticked
                            aria-describedby=hint_id.clone()
                        />
                        <label for=id>{choice.label}</label>
                        {hint}
                    </div>
                }
                .into_any()
            })
            .collect();
        items.into_any()
    }

    fn tick_box(self) -> AnyView {
        let (described, invalid) = (self.described_by(), self.invalid());
        let id = field_id(&self.name);
        let messages = messages(&id, self.hint, self.errors);
        let ticked = !self.value.is_empty();
        view! {
            <div class=if invalid.is_some() { "field field-wrong" } else { "field" }>
                <div class="option">
                    <input
                        type="checkbox"
                        id=id.clone()
                        name=self.name
                        value="yes"
                        checked=ticked
                        required=self.required
                        aria-describedby=described
                        aria-invalid=invalid
                    />
                    <label for=id>{self.label}</label>
                </div>
                {messages}
            </div>
        }
        .into_any()
    }
}

/// Fields that belong together under one heading.
pub fn group(legend: impl Into<String>, hint: Option<String>, fields: Vec<AnyView>) -> AnyView {
    let legend = legend.into();
    let hint = hint.map(|hint| view! { <p class="field-hint">{hint}</p> });
    view! {
        <fieldset class="field-group">
            <legend>{legend}</legend>
            {hint}
            {fields}
        </fieldset>
    }
    .into_any()
}
