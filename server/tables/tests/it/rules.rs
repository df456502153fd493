use domain::refusal::Problem;
use domain::rule::Rule;
use serde_json::{Value, json};
use tables::{JsonShape, TableProblem as P, read_rule};

use crate::cast::{found, rule};

/// The policy's rule after a change to its JSON.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value = serde_json::to_value(Rule::policy_preset()).unwrap();
    change(&mut value);
    serde_json::to_vec(&value).unwrap()
}

#[track_caller]
fn check(bytes: &[u8], wanted: &[(&str, P)]) {
    let faults = found(read_rule(bytes).expect_err("a faulty rule was read"));
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(field, problem)| (None, None, Some((*field).to_owned()), problem.clone()))
        .collect();
    assert_eq!(faults, wanted);
}

fn unknown(name: &str, nearest: Option<&str>) -> P {
    P::UnknownField { name: name.into(), nearest: nearest.map(str::to_owned) }
}

#[test]
fn a_sound_rule_reads_as_written() {
    assert_eq!(read_rule(&changed(|_| ())), Ok(Rule::policy_preset()));
    assert_eq!(read_rule(&serde_json::to_vec_pretty(&rule()).unwrap()), Ok(rule()));
    // Fields that are written only when set may be given with what they are without.
    let given = changed(|rule| {
        rule["votes"] = json!([]);
        rule["min_scores_to_drop"] = Value::Null;
        rule["totals"] = json!("weighted_mean");
        rule["better"] = json!("higher");
    });
    assert_eq!(read_rule(&given), Ok(Rule::policy_preset()));
}

#[test]
fn unknown_fields_are_refused_at_their_path() {
    let given = changed(|rule| {
        rule["max_winer"] = json!(1);
        rule["rubric"]["criteria"][2]["wieght_permille"] = json!(1);
        rule["tie_chain"][0]["telephone"] = json!(null);
    });
    check(
        &given,
        &[
            ("max_winer", unknown("max_winer", Some("max_winners"))),
            ("rubric.criteria.2.wieght_permille", unknown("wieght_permille", Some("weight_permille"))),
            ("tie_chain.0.telephone", unknown("telephone", None)),
        ],
    );
}

#[test]
fn a_field_given_twice_is_refused() {
    let text = String::from_utf8(changed(|_| ())).unwrap();
    let twice = text.replacen("\"veto\":false", "\"veto\":false,\"veto\":true", 1);
    let faults = read_rule(twice.as_bytes()).unwrap_err();
    assert_eq!(faults[0].column.as_deref(), Some("rubric.criteria.0.veto"));
    assert!(matches!(faults[0].problem, P::DuplicateField { .. }));
    assert_eq!(faults.len(), 1, "{faults:?}");
}

#[test]
fn weights_that_do_not_sum_say_what_is_missing() {
    let weights = |sum_permille, missing_permille| P::WeightsSum { sum_permille, missing_permille };
    let given = changed(|rule| rule["rubric"]["criteria"][0]["weight_permille"] = json!(250));
    check(&given, &[("rubric.criteria", weights(950, 50))]);
    let given = changed(|rule| rule["rubric"]["criteria"][0]["weight_permille"] = json!(350));
    check(&given, &[("rubric.criteria", weights(1050, -50))]);
}

#[test]
fn every_problem_of_the_rule_is_at_its_field() {
    let given = changed(|rule| {
        rule["decimals"] = json!(4);
        rule["rubric"]["criteria"][1]["name"]["zh"] = json!("");
    });
    let of_rule = |fault| P::Rule { fault };
    check(
        &given,
        &[
            ("rubric.criteria.1.name", of_rule(Problem::Required)),
            ("decimals", of_rule(Problem::OutOfRange { min: 0, max: 3 })),
        ],
    );
    let given = changed(|rule| rule["format"] = json!(9));
    let faults = read_rule(&given).unwrap_err();
    assert!(matches!(faults[0].problem, P::UnknownRuleFormat { format: 9, .. }));
}

#[test]
fn a_wrong_value_says_which_field_and_what_may_stand_there() {
    let first = |change: fn(&mut Value)| {
        let fault = read_rule(&changed(change)).unwrap_err().remove(0);
        (fault.column.unwrap_or_default(), fault.problem)
    };
    let wrong = |field: &str, wanted| (field.to_owned(), P::WrongShape { wanted });
    assert_eq!(first(|rule| rule["max_winners"] = json!("two")), wrong("max_winners", JsonShape::Count));
    assert_eq!(first(|rule| rule["max_winners"] = json!(-1)), wrong("max_winners", JsonShape::Count));
    let at = "rubric.criteria.1.veto";
    assert_eq!(
        first(|rule| rule["rubric"]["criteria"][1]["veto"] = json!("ja")),
        wrong(at, JsonShape::YesOrNo)
    );
    let (field, problem) = first(|rule| rule["better"] = json!("best"));
    let choices = vec!["higher".to_owned(), "lower".to_owned()];
    assert_eq!((field.as_str(), problem), ("better", P::UnknownChoice { text: "best".into(), choices }));
    let (_, problem) = first(|rule| rule["better"] = json!("a`b"));
    let choices = vec!["higher".to_owned(), "lower".to_owned()];
    assert_eq!(problem, P::UnknownChoice { text: "a`b".into(), choices });
    let missing = first(|rule| drop(rule["rubric"]["criteria"][2].as_object_mut().unwrap().remove("name")));
    assert_eq!(missing, ("rubric.criteria.2.name".into(), P::MissingField { name: "name".into() }));
    let mut value = serde_json::to_value(Rule::policy_preset()).unwrap();
    value["rubric"]["criteria"][2].as_object_mut().unwrap().remove("key");
    value["ip_term"]["zh"] = json!("\\\"},\n[");
    let fault = read_rule(&serde_json::to_vec_pretty(&value).unwrap()).unwrap_err().remove(0);
    assert_eq!(fault.column.as_deref(), Some("rubric.criteria.2.key"));
    value["rubric"]["criteria"][2]["key"] = json!("effect");
    value["tie_chain"][0] = json!({});
    value["max_winners"] = json!(2);
    let fault = read_rule(&serde_json::to_vec_pretty(&value).unwrap()).unwrap_err().remove(0);
    assert!(fault.column.is_some_and(|field| field.starts_with("tie_chain.0")));
    value["tie_chain"] = json!([{"by": "criterion"}, {"by": "first_places"}, {"by": "draw"}]);
    let place = |value: &Value| {
        let fault = read_rule(&serde_json::to_vec_pretty(value).unwrap()).unwrap_err().remove(0);
        (fault.column.unwrap(), fault.problem)
    };
    let missing = P::MissingField { name: "key".into() };
    assert_eq!(place(&value), ("tie_chain.0.key".into(), missing.clone()));
    value["tie_chain"] = json!([{"by": "draw"}, {"by": "criterion"}]);
    assert_eq!(place(&value), ("tie_chain.1.key".into(), missing));
}

#[test]
fn a_key_that_cannot_be_one_is_told_from_a_key_given_twice() {
    let given = changed(|rule| rule["rubric"]["criteria"][1]["key"] = json!("创新"));
    check(&given, &[("rubric.criteria.1.key", P::UnsoundKey { text: "创新".into() })]);
    let given =
        changed(|rule| rule["rubric"]["criteria"][0]["key"] = rule["rubric"]["criteria"][1]["key"].clone());
    let faults = read_rule(&given).unwrap_err();
    assert!(matches!(faults[0].problem, P::SameKey { .. }), "{faults:?}");
}

#[test]
fn what_is_no_rule_says_where() {
    let faults = read_rule(b"{\n \"format\": 1,\n}").unwrap_err();
    assert_eq!((faults[0].row, faults.len()), (Some(3), 1));
    assert!(matches!(faults[0].problem, P::JsonSyntax { line: 3, position: 1, .. }), "{faults:?}");
    let given = changed(|rule| {
        rule.as_object_mut().unwrap().remove("decimals");
    });
    let faults = read_rule(&given).unwrap_err();
    assert_eq!(faults[0].problem, P::MissingField { name: "decimals".into() });
    assert_eq!(faults[0].column.as_deref(), Some("decimals"));
    for bytes in [&b""[..], b"[]", b"null", b"7"] {
        assert_eq!(read_rule(bytes).unwrap_err().len(), 1);
    }
    let faults = read_rule(&vec![b' '; (1 << 20) + 1]).unwrap_err();
    assert_eq!(faults[0].problem, P::TooLarge { bytes: (1 << 20) + 1, max: 1 << 20 });
}
