//! The rule's form. The names are those of `domain::rule_form`; `number` and `closes_at` belong to the challenge.

use domain::challenge::{Typed, filled_rows};
use domain::refusal::FieldError;
use domain::rule::{FULL_WEIGHT, MAX_CRITERIA, MAX_GATES};
use domain::rule_form::COMBINATIONS;
use leptos::prelude::*;

use super::rows::{row, row_numbers, rows_error, wide};
use crate::catalogue::{find, t, tf, word};
use crate::components::{Choice, Echo, Field, TextArea, disclosure, group};
use crate::text::Locale;

/// The label of any field of the form, also under the names that `Rule::problems` gives.
pub fn label_of(locale: Locale, field: &str) -> String {
    let field = field.strip_prefix("rubric.").unwrap_or(field);
    let mut parts = field.splitn(3, '.');
    let (Some(first), second, name) = (parts.next(), parts.next(), parts.next()) else {
        return field.to_owned();
    };
    if let (Some(number), Some(name)) = (second.and_then(|n| n.parse::<usize>().ok()), name) {
        let row = tf(locale, &format!("desk.rule.row.{first}"), &[("number", &(number + 1).to_string())]);
        let name = find(locale, &format!("desk.rule.f.{first}.{name}")).unwrap_or(name);
        return tf(locale, "desk.row_field", &[("row", &row), ("field", name)]);
    }
    find(locale, &format!("desk.rule.f.{field}")).unwrap_or(field).to_owned()
}

/// A problem of the finished rule at the form's field: the rule counts its rows without gaps, the form as they were
/// typed. What the form's own reader found names the form's field already.
pub fn at_form_field(error: &FieldError, typed: &Typed) -> FieldError {
    let of_rule = error.field.strip_prefix("rubric.");
    let name = of_rule.unwrap_or(&error.field);
    let mut parts = name.splitn(3, '.');
    let field = match (parts.next(), parts.next().and_then(|n| n.parse::<usize>().ok()), parts.next()) {
        (Some(rows), Some(place), Some(rest)) => {
            let filled = filled_rows(typed, rows);
            let typed_as = of_rule.is_none() && filled.contains(&place);
            let number = if typed_as { place } else { filled.get(place).copied().unwrap_or(place) };
            format!("{rows}.{number}.{rest}")
        }
        _ if name == "scale" => "scale.min".to_owned(),
        _ if name == "tie_chain" => "tie_criterion".to_owned(),
        _ => name.to_owned(),
    };
    FieldError { field, problem: error.problem.clone() }
}

/// The sum of the weights as typed; what is no number counts nothing.
pub fn weight_sum(typed: &Typed, prefix: &str) -> u32 {
    let weight = |row: usize| {
        typed.get(&format!("{prefix}.{row}.weight")).and_then(|text| text.trim().parse::<u32>().ok())
    };
    filled_rows(typed, prefix).into_iter().filter_map(weight).fold(0, u32::saturating_add)
}

/// What the fields are drawn with.
pub struct Pen<'a> {
    pub locale: Locale,
    pub echo: &'a Echo,
    pub typed: Typed,
}

impl Pen<'_> {
    fn label(&self, name: &str) -> &'static str {
        let plain: Vec<&str> = name.split('.').filter(|part| part.parse::<usize>().is_err()).collect();
        word(self.locale, "desk.rule.f", &plain.join("."))
    }

    fn hint(&self, name: &str) -> Option<&'static str> {
        find(self.locale, &format!("desk.rule.hint.{name}"))
    }

    fn saved(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", String::as_str)
    }

    fn fill(&self, field: Field, name: &str) -> AnyView {
        let field = field.filled(self.locale, self.echo, self.saved(name));
        let field = match self.hint(name) {
            Some(hint) => field.hint(hint),
            None => field,
        };
        field.draw(self.locale)
    }

    fn text(&self, name: &str) -> AnyView {
        self.fill(Field::text(name, self.label(name)), name)
    }

    fn number(&self, name: &str) -> AnyView {
        self.fill(Field::number(name, self.label(name)), name)
    }

    fn needed(&self, name: &str) -> AnyView {
        self.fill(Field::number(name, self.label(name)).required(), name)
    }

    fn tick(&self, name: &str) -> AnyView {
        self.fill(Field::tick(name, self.label(name)), name)
    }

    fn area(&self, name: &str, rows: u32) -> AnyView {
        let area =
            TextArea::new(name, self.label(name)).rows(rows).filled(self.locale, self.echo, self.saved(name));
        let area = match self.hint(name) {
            Some(hint) => area.hint(hint),
            None => area,
        };
        area.draw(self.locale)
    }

    fn weights(&self, prefix: &str) -> AnyView {
        let sum = weight_sum(&self.typed, prefix);
        let key = if sum == FULL_WEIGHT { "desk.rule.weights_good" } else { "desk.rule.weights_sum" };
        let text = tf(self.locale, key, &[("sum", &sum.to_string())]);
        view! { <p class="weight-sum">{text}</p> }.into_any()
    }

    fn legend(&self, key: &str) -> &'static str {
        word(self.locale, "desk.rule.group", key)
    }

    fn explained(&self, key: &str) -> Option<String> {
        find(self.locale, &format!("desk.rule.group_hint.{key}")).map(str::to_owned)
    }
}

/// All groups of the form in order.
pub fn groups(pen: &Pen<'_>) -> Vec<AnyView> {
    vec![publication(pen), criteria(pen), scale(pen), result(pen), panel(pen), ip(pen), gates(pen)]
}

fn publication(pen: &Pen<'_>) -> AnyView {
    let fields = vec![
        pen.fill(Field::text("number", pen.label("number")).required().narrow(), "number"),
        pen.fill(Field::datetime("closes_at", pen.label("closes_at")).required(), "closes_at"),
    ];
    group(pen.legend("publication"), None, fields)
}

fn criteria(pen: &Pen<'_>) -> AnyView {
    let locale = pen.locale;
    let mut fields = vec![pen.weights("criteria")];
    fields.extend(rows_error(locale, pen.echo, "criteria"));
    for number in row_numbers(&pen.typed, "criteria", MAX_CRITERIA) {
        let at = |name: &str| format!("criteria.{number}.{name}");
        let legend = tf(locale, "desk.rule.row.criteria", &[("number", &(number + 1).to_string())]);
        let more_names = ["key", "guidance", "guidance_en", "anchors"];
        let wrong = more_names.iter().any(|name| pen.echo.errors.iter().any(|error| error.field == at(name)));
        let more = vec![
            pen.area(&at("guidance"), 2),
            pen.area(&at("guidance_en"), 2),
            anchors(pen, &at("anchors")),
            Field::text(at("key"), pen.label(&at("key")))
                .hint(t(locale, "desk.rule.hint.key"))
                .filled(locale, pen.echo, pen.saved(&at("key")))
                .narrow()
                .draw(locale),
        ];
        fields.push(row(
            legend,
            vec![
                pen.text(&at("name")),
                pen.text(&at("name_en")),
                pen.number(&at("weight")),
                pen.number(&at("threshold")),
                wide(pen.tick(&at("veto"))),
                view! { <div class="form-row-wide">{disclosure(t(locale, "desk.rule.more"), wrong, more)}</div> }.into_any(),
            ],
        ));
    }
    group(pen.legend("criteria"), pen.explained("criteria"), fields)
}

fn anchors(pen: &Pen<'_>, name: &str) -> AnyView {
    TextArea::new(name, pen.label(name))
        .hint(t(pen.locale, "desk.rule.hint.anchors"))
        .rows(4)
        .filled(pen.locale, pen.echo, pen.saved(name))
        .draw(pen.locale)
}

fn scale(pen: &Pen<'_>) -> AnyView {
    let line = vec![pen.needed("scale.min"), pen.needed("scale.max"), pen.needed("scale.step")];
    let fields = vec![view! { <div class="form-row-fields">{line}</div> }.into_any()];
    group(pen.legend("scale"), pen.explained("scale"), fields)
}

fn result(pen: &Pen<'_>) -> AnyView {
    let locale = pen.locale;
    let ways =
        COMBINATIONS.iter().map(|(key, _)| Choice::new(*key, word(locale, "combination", key))).collect();
    let decimals = ["0", "1", "2", "3"].iter().map(|count| Choice::new(*count, *count)).collect();
    let mut ties = vec![Choice::new("", t(locale, "desk.rule.tie_none"))];
    for number in filled_rows(&pen.typed, "criteria") {
        let value = |name: &str| pen.saved(&format!("criteria.{number}.{name}")).trim().to_owned();
        if value("name").is_empty() && value("weight").is_empty() {
            continue;
        }
        // A criterion without a key is given this one when the form is read.
        let key = if value("key").is_empty() { format!("c{}", number + 1) } else { value("key") };
        ties.push(Choice::new(key, value("name")));
    }
    let fields = vec![
        pen.fill(Field::radios("combination", pen.label("combination"), ways).required(), "combination"),
        pen.fill(Field::select("decimals", pen.label("decimals"), decimals).required().narrow(), "decimals"),
        pen.number("pass_mark"),
        pen.needed("max_winners"),
        pen.fill(Field::select("tie_criterion", pen.label("tie_criterion"), ties), "tie_criterion"),
        pen.tick("tie_first_places"),
        view! { <p class="field-hint">{t(locale, "desk.rule.tie_draw")}</p> }.into_any(),
    ];
    group(pen.legend("result"), None, fields)
}

fn panel(pen: &Pen<'_>) -> AnyView {
    let fields = vec![
        pen.needed("reviews_per_bid"),
        pen.tick("blind"),
        pen.tick("scores_public"),
        pen.needed("publicity_working_days"),
    ];
    group(pen.legend("panel"), None, fields)
}

fn ip(pen: &Pen<'_>) -> AnyView {
    group(pen.legend("ip"), None, vec![pen.area("ip_term", 3), pen.area("ip_term_en", 3)])
}

fn gates(pen: &Pen<'_>) -> AnyView {
    let locale = pen.locale;
    let mut fields: Vec<AnyView> = Vec::new();
    if !filled_rows(&pen.typed, "gates").is_empty() {
        fields.push(pen.weights("gates"));
    }
    fields.extend(rows_error(locale, pen.echo, "gates"));
    for number in row_numbers(&pen.typed, "gates", MAX_GATES) {
        let at = |name: &str| format!("gates.{number}.{name}");
        let legend = tf(locale, "desk.rule.row.gates", &[("number", &(number + 1).to_string())]);
        let due = pen.fill(Field::datetime(at("due"), pen.label(&at("due"))), &at("due"));
        fields.push(row(
            legend,
            vec![
                pen.text(&at("title")),
                pen.text(&at("title_en")),
                due,
                pen.number(&at("weight")),
                pen.number(&at("pass_mark")),
                pen.number(&at("keep")),
            ],
        ));
    }
    group(pen.legend("gates"), pen.explained("gates"), fields)
}

#[cfg(test)]
mod tests {
    use domain::refusal::Problem;

    use super::*;

    #[test]
    fn problems_land_on_the_rows_that_were_typed() {
        let typed: Typed =
            [("criteria.0.name", "a"), ("criteria.4.name", "b"), ("criteria.4.weight", " 300 ")]
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
        let check = |given: &str, expected: &str| {
            let error = FieldError::new(given, Problem::Required);
            assert_eq!(at_form_field(&error, &typed).field, expected, "{given}");
        };
        check("rubric.criteria.1.threshold", "criteria.4.threshold");
        check("rubric.criteria", "criteria");
        check("criteria.4.weight", "criteria.4.weight");
        check("rubric.scale", "scale.min");
        check("scale.max", "scale.max");
        check("tie_chain", "tie_criterion");
        check("closes_at", "closes_at");
        assert_eq!(weight_sum(&typed, "criteria"), 300);
    }
}
