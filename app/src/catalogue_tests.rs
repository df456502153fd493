//! Both languages complete, every key of the source known, every variant with words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::actor::{MembershipState, OrganisationKind, Role};
use domain::bid::{BidState, BudgetCategory, BudgetSource};
use domain::challenge::{ChallengeKind, DOMAINS, State, Step};
use domain::race::{GateOutcome, GateState, TeamState};
use domain::review::ReviewState;
use domain::view::public::{AmountBand, SearchSort};

use super::*;

fn merged(locale: Locale) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (part, chinese, english) in PARTS {
        let text = if locale == Locale::ZhCn { chinese } else { english };
        let words: BTreeMap<String, String> =
            serde_json::from_str(text).unwrap_or_else(|fault| panic!("{part}: {fault}"));
        for (key, value) in words {
            assert!(!value.trim().is_empty(), "{part}: {key} is empty");
            assert!(all.insert(key.clone(), value).is_none(), "{part}: {key} stands in two parts");
        }
    }
    all
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let (chinese, english) = (merged(Locale::ZhCn), merged(Locale::En));
    let keys = |words: &BTreeMap<String, String>| words.keys().cloned().collect::<BTreeSet<_>>();
    let differing: Vec<_> = keys(&chinese).symmetric_difference(&keys(&english)).cloned().collect();
    assert!(differing.is_empty(), "only in one language: {differing:?}");
    for (key, text) in &chinese {
        assert_eq!(placeholders(text), placeholders(&english[key]), "{key}");
    }
}

#[test]
fn no_part_repeats_a_key_within_itself() {
    for (part, chinese, english) in PARTS {
        for text in [chinese, english] {
            let lines = text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\":"));
            let mut seen = BTreeSet::new();
            for (key, _) in lines {
                assert!(seen.insert(key), "{part}: {key} twice");
            }
        }
    }
}

/// The literal keys of `t(…, "key")`, `tf(…, "key"` and `….t("key")` in one source text.
fn keys_in(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for after in source.split(".t(\"").skip(1) {
        found.extend(after.split_once('"').map(|(key, _)| key.to_owned()));
    }
    for call in ["t(", "tf("] {
        for (at, _) in source.match_indices(call) {
            let before = source[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || before == '_' || before == '.' {
                continue;
            }
            let Some(second) = second_argument(&source[at + call.len()..]) else { continue };
            if let Some((key, _)) = second.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                found.push(key.to_owned());
            }
        }
    }
    found
}

/// What follows the first comma outside brackets.
fn second_argument(arguments: &str) -> Option<&str> {
    let mut depth = 0;
    for (at, c) in arguments.char_indices().take(200) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return None,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => return Some(arguments[at + 1..].trim_start()),
            _ => {}
        }
    }
    None
}

/// Keys passed on by value, such as `("common.nav_home")` in a table: any literal that looks like a key of ours.
fn key_like(source: &str, families: &BTreeSet<String>) -> Vec<String> {
    source
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| {
            text.split_once('.').is_some_and(|(family, rest)| families.contains(family) && !rest.is_empty())
        })
        .filter(|text| {
            text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-'))
        })
        .map(str::to_owned)
        .collect()
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !path.ends_with("catalogue_tests.rs")
        {
            out.push(path);
        }
    }
}

#[test]
fn every_key_of_the_source_has_words() {
    let known = merged(Locale::ZhCn);
    // `common.x` and `chart.x` are only ever catalogue keys; other families also name form fields.
    let families = ["common", "chart"].map(str::to_owned).into();
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 20);
    let mut unknown = BTreeSet::new();
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        for key in keys_in(&source).into_iter().chain(key_like(&source, &families)) {
            if !known.contains_key(&key) {
                unknown.insert(format!("{}: {key}", file.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "keys without words: {unknown:#?}");
}

#[test]
fn the_scanner_finds_calls_over_lines_and_with_calls_inside() {
    let source = "a(t(locale, \"x.a\"), tf(at(1, 2),\n   \"x.b\", &[])); start(locale, \"x.no\"); t(l, &key); here.t(\"x.c\")";
    assert_eq!(keys_in(source), ["x.c", "x.a", "x.b"]);
}

fn refusals() -> Vec<Refusal> {
    use Refusal as R;
    let state = "published".to_owned();
    vec![
        R::NotFound,
        R::SignInNeeded,
        R::NotAllowed,
        R::Invalid { fields: vec![] },
        R::WrongState { state },
        R::DeadlinePassed,
        R::DeadlineNotReached,
        R::DeadlineInThePast,
        R::RuleIncomplete { fields: vec![] },
        R::ListEmpty,
        R::ChallengeHasOtherList,
        R::AlreadyBid,
        R::NoBids,
        R::NotASubmittedBid,
        R::EligibilityOpen { left: 3 },
        R::ReasonNeeded,
        R::ConflictOfInterest,
        R::PanelTooSmall { have: 3, need: 5 },
        R::PanelEven,
        R::NotOnPanel,
        R::DeclarationNeeded,
        R::ReviewsMissing { missing: 2 },
        R::AlreadyDecided,
        R::NothingDecided,
        R::PublicityRunning,
        R::ObjectionsOpen,
        R::NoGates,
        R::GateNotOpen,
        R::GateBeforeOpen,
        R::TooFewTeams,
        R::TeamNotRacing,
        R::ChangedMeanwhile,
        R::EmailUnconfirmed,
        R::WrongCredentials,
        R::TooManyAttempts { retry_secs: 30 },
        R::LinkInvalid,
        R::MembershipNotActive,
        R::LastOrganiser,
        R::BodyTooLarge { max_kib: 64 },
    ]
}

fn problems() -> Vec<Problem> {
    use Problem as P;
    vec![
        P::Required,
        P::TooLong { max: 5, actual: 6 },
        P::TooShort { min: 12 },
        P::TooMany { max: 3 },
        P::TooFew { min: 2 },
        P::ControlCharacter,
        P::NotANumber,
        P::NotAnAmount,
        P::NotADate,
        P::NotAnAddress,
        P::OutOfRange { min: 0, max: 3 },
        P::OutsideScale,
        P::ScaleUnsound,
        P::NotOnStep,
        P::WeightsSum { sum: 999 },
        P::UnknownCriterion { key: "effect".into() },
        P::UnknownChoice,
        P::Duplicate,
        P::InThePast,
        P::NotAfterPrevious,
        P::TieChainOpen,
        P::NotAHash,
        P::BudgetDoesNotAddUp { lines_fen: 12_500_000, total_fen: 13_000_000 },
        P::BelowMandatoryIndicator { required: "≥ 95 %".into() },
        P::PasswordWeak,
        P::PasswordsDiffer,
        P::Unticked,
        P::SignatureDiffers,
        P::AddressTaken,
        P::NumberTaken,
        P::SamePersonTwice,
    ]
}

/// How many variants the enum of this name has in the domain's source.
fn variants_of(name: &str) -> usize {
    let source = include_str!("../domain/src/refusal.rs");
    let (_, after) = source.split_once(&format!("pub enum {name} {{")).unwrap();
    let (body, _) = after.split_once("\n}").unwrap();
    body.lines()
        .filter(|line| line.starts_with("    ") && line.trim().starts_with(char::is_uppercase))
        .count()
}

#[test]
fn every_refusal_and_problem_has_words_in_both_languages() {
    assert_eq!(
        refusals().len(),
        variants_of("Refusal"),
        "add the new refusal to this test and to the catalogue"
    );
    assert_eq!(
        problems().len(),
        variants_of("Problem"),
        "add the new problem to this test and to the catalogue"
    );
    for locale in Locale::ALL {
        let texts = refusals().iter().map(|why| refusal(locale, why)).collect::<Vec<_>>();
        let more = problems().iter().map(|what| problem(locale, what)).collect::<Vec<_>>();
        for text in texts.iter().chain(&more) {
            assert!(!text.contains(['⟦', '{', '}']), "{text}");
        }
        assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len(), "two refusals say the same");
    }
    assert_eq!(
        problem(Locale::ZhCn, &Problem::BudgetDoesNotAddUp { lines_fen: 12_500_000, total_fen: 13_000_000 }),
        "预算各行合计 12.5 万元，与总额 13 万元不一致。请核对后改为一致。"
    );
    let why = Refusal::WrongState { state: "published".into() };
    assert!(refusal(Locale::ZhCn, &why).contains("揭榜中"));
}

#[test]
fn every_keyed_value_has_a_name() {
    fn check<T: Serialize>(family: &str, all: &[T]) {
        for value in all {
            for locale in Locale::ALL {
                let name = name_of(locale, family, value);
                assert!(!name.contains('⟦'), "{family}: {name}");
            }
        }
    }
    check("state", State::ALL);
    check("step", Step::ALL);
    check("challenge_kind", ChallengeKind::ALL);
    check("list_state", domain::list::ListState::ALL);
    check("selection", domain::list::SelectionModel::ALL);
    check("bid_state", BidState::ALL);
    check("budget_category", BudgetCategory::ALL);
    check("budget_source", BudgetSource::ALL);
    check("role", Role::ALL);
    check("membership_state", MembershipState::ALL);
    check("organisation_kind", OrganisationKind::ALL);
    check("decision_state", domain::decision::DecisionState::ALL);
    check("seat_state", domain::panel::SeatState::ALL);
    check("conflict", domain::panel::Conflict::ALL);
    check("review_state", ReviewState::ALL);
    check("gate_state", GateState::ALL);
    check("gate_outcome", GateOutcome::ALL);
    check("team_state", TeamState::ALL);
    check("sort", SearchSort::ALL);
    check("amount", AmountBand::ALL);
    for key in DOMAINS {
        assert!(find(Locale::ZhCn, &format!("domain.{key}")).is_some(), "{key}");
    }
}

#[test]
fn values_are_inserted_once_and_a_missing_key_shows_itself() {
    assert_eq!(tf(Locale::En, "common.wan", &[("amount", "{amount}")]), "CNY {amount} million");
    assert_eq!(t(Locale::En, "no.such"), "⟦no.such⟧");
    assert_eq!(t(Locale::En, "no.such"), "⟦no.such⟧");
}
