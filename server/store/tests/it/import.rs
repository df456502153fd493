//! Challenges from a file: all or nothing.

use domain::challenge::Content;
use domain::refusal::Problem;
use domain::rule::Bilingual;
use entity::challenge;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use store::command::import::{ImportFailure, ImportOptions, IssuerPolicy, challenges};
use testkit::World;

fn options(number: &str) -> ImportOptions {
    ImportOptions {
        list_number: number.to_owned(),
        list_title: Bilingual::new("导入的榜单", "Imported list"),
        issuer: IssuerPolicy::PublishingUnit,
    }
}

fn entry(title: &str) -> Value {
    json!({
        "title_zh": title, "title_en": "", "domain": "new materials", "publishing_unit": "某研究院",
        "budget_cny": null, "demo_budget_cny": 3_000_000, "indicators": ["raise recovery"],
        "demo_indicators": ["回收率 ≥ 88%", "Fe2O3 ≤ 0.05%"], "period_months": 24, "conditions": "",
        "source": "A list", "kind": "published", "title_status": "as published"
    })
}

async fn count(world: &World) -> u64 {
    challenge::Entity::find().count(world.connection()).await.unwrap()
}

testkit::both! {
    async fn entries_become_approved_challenges_on_a_list(world) {
        let file = json!([entry("第一题"), entry("第二题")]).to_string();
        let report = challenges(&world.store, file.as_bytes(), &options("2026-9")).await.unwrap();
        assert_eq!((report.created, report.challenges.len()), (2, 2));
        let row = world.challenge(report.challenges[1]).await;
        assert_eq!((row.state.as_str(), row.number.as_deref()), ("approved", Some("2026-9-02")));
        assert_eq!((row.list_id, row.amount_fen), (Some(report.list.0), Some(300_000_000)));
        let content: Content = serde_json::from_str(&row.content.unwrap()).unwrap();
        assert_eq!((content.indicators[0].name.as_str(), content.indicators[0].completion.as_str()), ("回收率", "≥ 88%"));
        assert!(content.indicators[0].mandatory && content.indicators[1].lower_is_better);
        let first = world.challenge(report.challenges[0]).await;
        assert_eq!(first.issuer_id, row.issuer_id, "one unit for one name");
        assert!(store::command::list::publish(&world.store, &world.actor("rui"), report.list, None).await.is_err(), "no deadline yet");
    }

    async fn own_texts_and_rows_win_over_derived_ones(world) {
        let mut own = entry("第一题");
        own["background"] = json!("背景一段。\n\n背景二段。");
        own["research"] = json!("- 研究甲\n- 研究乙");
        own["difficulty"] = json!("难点");
        own["contact"] = json!("desk@unveil.example");
        own["indicator_rows"] = json!([
            { "name": "回收率", "unit": "%", "start": 72, "mid_term": "80", "completion": "≥ 88", "assessment": "第三方检测", "mandatory": true },
            { "name": "能耗", "unit": "kWh/t", "completion": "≤ 30" },
        ]);
        let file = json!([own, entry("第二题")]).to_string();
        let report = challenges(&world.store, file.as_bytes(), &options("2026-9")).await.unwrap();
        let content: Content = serde_json::from_str(&world.challenge(report.challenges[0]).await.content.unwrap()).unwrap();
        assert_eq!((content.background.as_str(), content.research.as_str()), ("背景一段。\n\n背景二段。", "- 研究甲\n- 研究乙"));
        assert_eq!((content.difficulty.as_str(), content.contact.as_str()), ("难点", "desk@unveil.example"));
        let [first, second] = content.indicators.as_slice() else { panic!("{:?}", content.indicators) };
        assert_eq!((first.start.as_str(), first.mid_term.as_str(), first.completion.as_str()), ("72", "80", "≥ 88"));
        assert!(first.mandatory && !first.lower_is_better && first.assessment == "第三方检测");
        assert!(!second.mandatory && second.lower_is_better && second.start.is_empty());
        let derived: Content = serde_json::from_str(&world.challenge(report.challenges[1]).await.content.unwrap()).unwrap();
        assert_eq!((derived.background.as_str(), derived.research.as_str()), ("A list", "- raise recovery"));
        assert_eq!((derived.contact.as_str(), derived.indicators.len()), ("某研究院", 2));
    }

    async fn problems_of_own_texts_and_rows_are_named_as_the_file_names_them(world) {
        let mut wrong = Vec::new();
        let mut add = |field: &str, value: Value| {
            let mut entry = entry(&format!("第 {} 题", wrong.len() + 1));
            entry[field] = value;
            wrong.push(entry);
        };
        add("indicator_rows", json!("none"));
        add("indicator_rows", json!(["回收率"]));
        add("indicator_rows", json!([{ "name": "回收率", "completion": "≥ 88" }, { "name": "品位", "completion": "" }]));
        add("indicator_rows", json!([{ "name": "回收率", "completion": "≥ 88", "mandatory": "yes" }]));
        add("indicator_rows", json!([{ "name": ["回收率"], "completion": "≥ 88" }]));
        add("background", json!(["一段"]));
        add("background", json!("长".repeat(20_001)));
        add("contact", json!(""));
        add("indicator_rows", json!(vec![json!({ "name": "回收率", "completion": "≥ 88" }); 31]));
        add("notes", json!("长".repeat(20_001)));
        let file = serde_json::to_string(&wrong).unwrap();
        let Err(ImportFailure::Problems(found)) = challenges(&world.store, file.as_bytes(), &options("2026-9")).await else {
            panic!("imported");
        };
        let found: Vec<(usize, &str, &Problem)> =
            found.iter().map(|problem| (problem.entry, problem.field.as_str(), &problem.problem)).collect();
        for expected in [
            (1, "indicator_rows", &Problem::UnknownChoice),
            (2, "indicator_rows.0", &Problem::UnknownChoice),
            (3, "indicator_rows.1.completion", &Problem::Required),
            (4, "indicator_rows.0.mandatory", &Problem::UnknownChoice),
            (5, "indicator_rows.0.name", &Problem::UnknownChoice),
            (6, "background", &Problem::UnknownChoice),
            (7, "background", &Problem::TooLong { max: 20_000, actual: 20_001 }),
            (8, "contact", &Problem::Required),
            (9, "indicator_rows", &Problem::TooMany { max: 30 }),
            // The text was derived, so what it was derived from is named.
            (10, "notes", &Problem::TooLong { max: 20_000, actual: 20_009 }),
        ] {
            assert!(found.contains(&expected), "{expected:?} in {found:?}");
        }
        assert_eq!(count(world).await, 0);
    }

    async fn every_problem_is_named_with_its_entry_and_nothing_comes_in(world) {
        let broken = |field: &str, value: Value| {
            let mut entry = entry(&format!("有错的题：{field} {value}"));
            entry[field] = value;
            entry
        };
        let file = json!([
            entry("好题"),
            broken("domain", json!("alchemy")),
            broken("budget_cny", json!("much")),
            broken("budget_cny", json!(-5)),
            broken("title_zh", json!("长".repeat(10_000))),
            broken("number", json!("2026-9-01")),
            broken("publishing_unit", json!("")),
            "not an object",
            broken("title_zh", json!("好题")),
            broken("demo_budget_cny", json!(0.5)),
        ])
        .to_string();
        let Err(ImportFailure::Problems(found)) = challenges(&world.store, file.as_bytes(), &options("2026-9")).await else {
            panic!("imported");
        };
        let found: Vec<(usize, &str, &Problem)> =
            found.iter().map(|problem| (problem.entry, problem.field.as_str(), &problem.problem)).collect();
        let too_long = Problem::TooLong { max: 200, actual: 10_000 };
        for expected in [
            (2, "domain", &Problem::UnknownChoice),
            (3, "budget_cny", &Problem::NotAnAmount),
            (4, "budget_cny", &Problem::NotAnAmount),
            (5, "title_zh", &too_long),
            (6, "number", &Problem::NumberTaken),
            (7, "publishing_unit", &Problem::Required),
            (8, "json", &Problem::UnknownChoice),
            (9, "title_zh", &Problem::Duplicate),
            (10, "budget_cny", &Problem::NotAnAmount),
        ] {
            assert!(found.contains(&expected), "{expected:?} in {found:?}");
        }
        assert!(found.iter().all(|(entry, _, _)| *entry != 1));
        assert_eq!(count(world).await, 0);
        for nonsense in ["", "{}", "[", "\u{0}"] {
            let answer = challenges(&world.store, nonsense.as_bytes(), &options("2026-9")).await;
            assert!(matches!(answer, Err(ImportFailure::Problems(problems)) if problems[0].entry == 0));
        }
    }

    async fn a_number_in_use_keeps_the_whole_file_out(world) {
        let file = json!([entry("第一题")]).to_string();
        challenges(&world.store, file.as_bytes(), &options("2026-9")).await.unwrap();
        let mut taken = entry("第三题");
        taken["number"] = json!("2026-9-01");
        let file = json!([entry("第二题"), taken]).to_string();
        let Err(ImportFailure::Problems(found)) = challenges(&world.store, file.as_bytes(), &options("2026-8")).await else {
            panic!("imported");
        };
        assert_eq!((found.len(), found[0].entry, &found[0].problem), (1, 2, &Problem::NumberTaken));
        assert_eq!(count(world).await, 1);
        assert_eq!(entity::challenge_list::Entity::find().count(world.connection()).await.unwrap(), 1);
    }
}
