//! A database as large as a province's: many published challenges at once, inserted directly. For measurements only.

use domain::challenge::{Content, State};
use domain::rule::Rule;
use domain::time::{DAY_MS, Timestamp};
use entity::{challenge, challenge_list, organisation, search_term};
use sea_orm::{EntityTrait, Set};
use store::Store;
use uuid::Uuid;

use crate::samples::filled_need;

/// Rows per statement: SQLite takes 32,766 bound values.
const ROWS: usize = 400;
const SUBJECTS: [(&str, &str); 8] = [
    ("重晶石选矿提纯", "Barite beneficiation"),
    ("金刺梨精深加工", "Rosa roxburghii processing"),
    ("航空零部件精密铸造", "Precision casting of aviation parts"),
    ("喀斯特石漠化治理", "Karst desertification control"),
    ("质子交换膜国产化", "Proton exchange membranes"),
    ("多智能体协同决策", "Multi-agent decision making"),
    ("钒电池储能材料", "Vanadium flow battery materials"),
    ("稀土节能建材", "Rare-earth building materials"),
];

/// Publishes one list with `count` open challenges and returns its id.
///
/// # Panics
/// When the database refuses: a measurement without its data means nothing.
pub async fn publish_list(store: &Store, count: usize) -> Uuid {
    let now = store.now().await.expect("the clock");
    let rule = Rule::policy_preset();
    let frozen = rule.freeze();
    let base = Content::parse(&filled_need()).expect("a filled need");
    let (list, issuer) = (Uuid::now_v7(), Uuid::now_v7());
    let connection = store.migration_connection();
    organisation::Entity::insert(organisation::ActiveModel {
        id: Set(issuer),
        name: Set("黔中重晶石新材料有限公司".to_owned()),
        name_key: Set(format!("bulk {issuer}")),
        kind: Set("enterprise".to_owned()),
        credit_code: Set(String::new()),
        created_at: Set(now.0),
    })
    .exec_without_returning(connection)
    .await
    .expect("an issuer");
    let content = serde_json::json!({
        "number": "BULK-1",
        "title": { "zh": "万题榜单", "en": "A list of ten thousand" },
        "introduction": { "zh": "用于测量。", "en": "For measuring." },
        "model": "panel",
        "gates": { "qualification": "", "credit": "", "max_bids_per_unit": 0, "earlier_winners_barred": false },
    });
    challenge_list::Entity::insert(challenge_list::ActiveModel {
        id: Set(list),
        number: Set("BULK-1".to_owned()),
        content: Set(content.to_string()),
        state: Set("published".to_owned()),
        publish_at: Set(None),
        published_at: Set(Some(now.0)),
        created_at: Set(now.0),
        version: Set(1),
    })
    .exec_without_returning(connection)
    .await
    .expect("a list");
    let domains = domain::challenge::DOMAINS;
    for start in (0..count).step_by(ROWS) {
        let mut rows = Vec::with_capacity(ROWS);
        let mut terms = Vec::new();
        for place in start..(start + ROWS).min(count) {
            let (zh, en) = SUBJECTS.iter().cycle().nth(place % SUBJECTS.len()).expect("a subject");
            let content = Content {
                title: format!("{zh}关键技术研究（{}）", place + 1),
                title_en: format!("{en}, study {}", place + 1),
                issuer_shown: "黔中新材料有限公司".to_owned(),
                domain: (*domains.iter().cycle().nth(place % domains.len()).expect("a domain")).to_owned(),
                ..base.clone()
            };
            let id = Uuid::now_v7();
            let words = store::search::words(&format!(
                "{} {} {}",
                content.title, content.title_en, content.issuer_shown
            ));
            terms.extend(
                words
                    .into_iter()
                    .map(|token| search_term::ActiveModel { token: Set(token), challenge_id: Set(id) }),
            );
            let closes = now.plus_ms((10 + i64::try_from(place % 60).unwrap_or(0)) * DAY_MS);
            rows.push(row(id, list, issuer, place, &content, (&frozen.canonical, &frozen.hash), now, closes));
        }
        challenge::Entity::insert_many(rows).exec_without_returning(connection).await.expect("challenges");
        for chunk in terms.chunks(10_000) {
            search_term::Entity::insert_many(chunk.to_vec())
                .exec_without_returning(connection)
                .await
                .expect("words");
        }
    }
    list
}

#[expect(clippy::too_many_arguments, reason = "one row, spelled once")]
fn row(
    id: Uuid,
    list: Uuid,
    issuer: Uuid,
    place: usize,
    content: &Content,
    rule: (&str, &str),
    now: Timestamp,
    closes: Timestamp,
) -> challenge::ActiveModel {
    challenge::ActiveModel {
        id: Set(id),
        list_id: Set(Some(list)),
        number: Set(Some(format!("BULK-1-{:05}", place + 1))),
        issuer_id: Set(issuer),
        state: Set(State::Published.key().to_owned()),
        title: Set(content.title.clone()),
        title_en: Set(content.title_en.clone()),
        domain: Set(content.domain.clone()),
        issuer_shown: Set(content.issuer_shown.clone()),
        amount_fen: Set(content.amount.map(|amount| amount.0)),
        closes_at: Set(Some(closes.0)),
        typed: Set("{}".to_owned()),
        content: Set(Some(serde_json::to_string(content).expect("JSON"))),
        rule_typed: Set("{}".to_owned()),
        rule: Set(Some(rule.0.to_owned())),
        rule_sha256: Set(Some(rule.1.to_owned())),
        draw_seed: Set(Some("00".repeat(32))),
        has_race: Set(false),
        stage: Set(0),
        published_at: Set(Some(now.0)),
        publicity_from: Set(None),
        publicity_ends_at: Set(None),
        publicity_known: Set(true),
        returned_reason: Set(String::new()),
        saved_by: Set(None),
        created_at: Set(now.0),
        updated_at: Set(now.0),
        version: Set(1),
    }
}
