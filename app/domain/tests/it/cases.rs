//! The reference cases of panel scoring: numbers from published sources, recomputed outside this project.
//! Every case is met by one test in `cases_*.rs`; the list here notices one that is met by none.

use serde_json::Value;

/// One case of `scoring_cases.json`.
pub struct Case {
    value: Value,
}

impl Case {
    /// The case of that id; a test that names an unknown one stops.
    pub fn named(id: &str) -> Self {
        let all: Vec<Value> = serde_json::from_str(include_str!("scoring_cases.json")).unwrap();
        let value = all.into_iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"));
        Self { value }
    }

    pub fn input(&self) -> &Value {
        &self.value["input"]
    }

    pub fn expected(&self) -> &Value {
        &self.value["expected"]
    }

    /// The case's own tolerance; exact arithmetic gets room for the decimals the file was printed with.
    pub fn tolerance(&self) -> f64 {
        self.value["tolerance"].as_f64().unwrap().max(1e-11)
    }

    /// Asserts that `actual` is the expected number at `pointer` (JSON pointer below `expected`).
    #[track_caller]
    pub fn meets(&self, pointer: &str, actual: f64) {
        let expected = self.expected().pointer(pointer).and_then(Value::as_f64);
        let expected = expected.unwrap_or_else(|| panic!("{}: no number at {pointer}", self.value["id"]));
        let allowed = self.tolerance() * expected.abs().max(1.0);
        assert!(
            (actual - expected).abs() <= allowed,
            "{}{pointer}: {actual} instead of {expected}",
            self.value["id"]
        );
    }
}

/// A JSON array of numbers, `null` as `None`.
pub fn row(value: &Value) -> Vec<Option<f64>> {
    value.as_array().unwrap().iter().map(Value::as_f64).collect()
}

/// A JSON array of arrays of numbers, `null` as `None`.
pub fn rows(value: &Value) -> Vec<Vec<Option<f64>>> {
    value.as_array().unwrap().iter().map(row).collect()
}

/// A JSON array of numbers, none missing.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn every_case_is_met_by_a_test() {
    let all: Vec<Value> = serde_json::from_str(include_str!("scoring_cases.json")).unwrap();
    assert_eq!(all.len(), 34);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut tests = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("cases_")) {
            tests.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    let unmet: Vec<&str> = all
        .iter()
        .map(|case| case["id"].as_str().unwrap())
        .filter(|id| !tests.contains(&format!("Case::named(\"{id}\")")))
        .collect();
    assert_eq!(unmet, Vec::<&str>::new());
}
