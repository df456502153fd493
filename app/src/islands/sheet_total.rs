//! The running total of a score sheet, by the same code that gives the binding one.

use domain::rule::{Bilingual, Criterion, Rubric, Scale};
use domain::{score, words};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::FormData;

use super::browser::{fill, form_around, listen};

/// Stands inside the form it watches. `names` are the score fields in the rubric's order, `weights` belong to them,
/// `start` holds what the form was drawn with. `total` has `{total}`, `missing` has `{count}`.
#[island]
pub fn SheetTotal(
    names: Vec<String>,
    weights: Vec<u32>,
    scale: Scale,
    decimals: u8,
    start: Vec<String>,
    total: String,
    missing: String,
) -> impl IntoView {
    let rubric = rubric(&weights, scale);
    let say = move |texts: &[String]| match standing(&rubric, decimals, texts) {
        Ok(points) => fill(&total, "{total}", &points),
        Err(left) => fill(&missing, "{count}", &left.to_string()),
    };
    let shown = RwSignal::new(say(&start));
    let place = NodeRef::<html::Output>::new();
    let watched = StoredValue::new_local(Some((names, say)));
    Effect::new(move |_| {
        let Some(form) = place.get().and_then(|output| form_around(&output)) else { return };
        let Some((names, say)) = watched.try_update_value(Option::take).flatten() else { return };
        let source = form.clone();
        let update = move || {
            if let Ok(typed) = FormData::new_with_form(&source) {
                let text = |name: &String| typed.get(name).as_string().unwrap_or_default();
                shown.set(say(&names.iter().map(text).collect::<Vec<_>>()));
            }
        };
        // A browser that comes back to the page fills the form in by itself.
        update();
        listen(form.unchecked_ref(), "input", move |_| update());
    });
    view! {
        <output class="sheet-total" node_ref=place>
            {move || shown.get()}
        </output>
    }
}

/// The weights and the scale are all a total needs.
fn rubric(weights: &[u32], scale: Scale) -> Rubric {
    let criterion = |weight: &u32| Criterion {
        key: String::new(),
        name: Bilingual::default(),
        guidance: Bilingual::default(),
        weight_permille: *weight,
        threshold_milli: None,
        veto: false,
        anchors: Vec::new(),
    };
    Rubric { scale, criteria: weights.iter().map(criterion).collect() }
}

/// The total with its decimals, or how many scores are still missing or off the scale.
fn standing(rubric: &Rubric, decimals: u8, texts: &[String]) -> Result<String, usize> {
    let scores: Vec<Option<i64>> = texts.iter().map(|text| words::score(text, rubric.scale).ok()).collect();
    match score::sheet_total_milli(rubric, &scores, decimals) {
        Some(milli) => Ok(points(milli, decimals)),
        None => Err(scores.iter().filter(|score| score.is_none()).count()),
    }
}

/// `84_400` with two decimals is `84.40`. Totals are never negative: no scale goes below zero.
fn points(milli: i64, decimals: u8) -> String {
    let mut text = milli.to_string();
    while text.len() < 4 {
        text.insert(0, '0');
    }
    let whole = text.len() - 3;
    let (whole, fraction) = text.split_at(whole);
    match fraction.get(..usize::from(decimals.min(3))) {
        Some(shown) if !shown.is_empty() => [whole, ".", shown].concat(),
        _ => whole.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_says_what_the_server_will_say() {
        let rubric = rubric(&[300, 300, 250, 150], Scale::HUNDRED);
        let check = |texts: &[&str], expected: Result<&str, usize>| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(standing(&rubric, 2, &texts), expected.map(str::to_owned), "{texts:?}");
        };
        check(&["90", "80", "70", "60"], Ok("77.50"));
        check(&["９０", " 80 ", "70", "60"], Ok("77.50"));
        check(&["90", "", "70", "101"], Err(2));
        check(&["", "", "", ""], Err(4));
        check(&["0", "0", "0", "0"], Ok("0.00"));
        check(&["90", "80", "70.5", "60"], Err(1));
        assert_eq!(points(5, 3), "0.005");
        assert_eq!(points(100_000, 0), "100");
    }
}
