//! Everything that keeps a form from being accepted, in one place, each with a link to its field.

use domain::refusal::FieldError;
use leptos::prelude::*;

use super::field::field_id;
use crate::catalogue::{problem, t};
use crate::text::Locale;

/// Nothing when there is no error. `label_of` names a field as the form labels it (`budget.2.amount` →
/// "Amount of line 3"). The box takes the focus (`id="errors"`, tabindex −1), so that a redirect to `#errors` lands on it.
pub fn error_summary(locale: Locale, errors: &[FieldError], label_of: &dyn Fn(&str) -> String) -> AnyView {
    if errors.is_empty() {
        return ().into_any();
    }
    let items: Vec<AnyView> = errors
        .iter()
        .map(|error| {
            let href = format!("#{}", field_id(&error.field));
            let text = problem(locale, &error.problem);
            let label = label_of(&error.field);
            view! {
                <li>
                    <a href=href>
                        <b>{label}</b>
                        {t(locale, "common.colon")}
                        {text}
                    </a>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="error-summary" id="errors" role="alert" tabindex="-1" aria-labelledby="errors-title">
            <h2 id="errors-title">{t(locale, "common.errors_title")}</h2>
            <p>{t(locale, "common.errors_kept")}</p>
            <ul>{items}</ul>
        </div>
    }
    .into_any()
}
