//! Forms filled in as a person would fill them in.

use domain::bid::STATEMENTS;
use domain::challenge::Typed;
use domain::rule::{Bilingual, Gate, Rule};
use domain::time::{DAY_MS, Timestamp};

/// A form from pairs.
pub fn typed(fields: &[(&str, &str)]) -> Typed {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

/// A complete need: two indicators, the first mandatory with "≥ 88", 3 million yuan.
pub fn filled_need() -> Typed {
    typed(&[
        ("title", "重晶石高效综合回收与选矿回收率提升技术研究"),
        ("title_en", "Efficient comprehensive recovery of barite and higher beneficiation recovery"),
        ("domain", "mineral-resources"),
        ("kind", "breakthrough"),
        ("issuer_shown", "贵州重晶石科技有限公司"),
        ("contact", "凌云 0851-0000000"),
        ("background", "低品位重晶石资源利用率低，尾矿堆存量大。"),
        ("difficulty", "矿石嵌布粒度细，含硅杂质高。"),
        ("research", "1. 矿石工艺矿物学研究\n2. 浮选药剂与流程\n3. 连续扩大试验"),
        ("indicators.0.name", "重晶石选矿回收率"),
        ("indicators.0.unit", "%"),
        ("indicators.0.start", "72"),
        ("indicators.0.completion", "≥ 88"),
        ("indicators.0.mandatory", "on"),
        ("indicators.1.name", "精矿密度"),
        ("indicators.1.unit", "g/cm³"),
        ("indicators.1.completion", "≥ 4.20"),
        ("amount", "300"),
        ("self_raised", "20"),
        ("ceiling", "300"),
        ("pay_terms", "签约 30%，中期 40%，验收 30%。"),
        ("period_months", "24"),
        ("milestones.0.title", "完成小试"),
        ("milestones.0.month", "12"),
        ("conditions", "具有独立法人资格。"),
        ("max_partners", "3"),
        ("keywords", "重晶石，选矿，浮选"),
    ])
}

/// A complete bid on [`filled_need`], signed by `signer` (the name of the person who submits).
pub fn filled_bid(title: &str, signer: &str) -> Typed {
    let mut bid = typed(&[
        ("title", title),
        ("abstract_text", "以低碱浮选提高回收率，并回收伴生萤石。"),
        ("basis", "已完成三种矿样小试。"),
        ("route", "工艺矿物学—药剂筛选—闭路试验—连续扩大试验。"),
        ("plan", "第一年小试，第二年扩大试验。"),
        ("risks", "矿样波动；以配矿应对。"),
        ("promises.0.value", "90"),
        ("promises.0.note", "三种矿样平均"),
        ("promises.1.value", "4.22"),
        ("budget.0.category", "equipment"),
        ("budget.0.source", "award"),
        ("budget.0.purpose", "浮选柱"),
        ("budget.0.amount", "120"),
        ("budget.1.category", "labour"),
        ("budget.1.source", "self_raised"),
        ("budget.1.purpose", "试验人员"),
        ("budget.1.amount", "60.5"),
        ("budget_total", "180.5"),
        ("team.0.name", "王工"),
        ("team.0.unit", "选矿研究室"),
        ("team.0.duty", "试验"),
        ("team.0.person_months", "18"),
        ("signed_by", signer),
    ]);
    for statement in STATEMENTS {
        bid.insert(format!("statements.{statement}"), "on".to_owned());
    }
    bid
}

/// The policy's preset as it stands.
pub fn panel_rule() -> Rule {
    Rule::policy_preset()
}

/// The preset with up to three winners who race through two gates, 60 and 120 days after `after`.
pub fn race_rule(after: Timestamp) -> Rule {
    let gate = |zh: &str, en: &str, days: i64, weight_permille, keep| Gate {
        title: Bilingual::new(zh, en),
        due: Timestamp(after.plus_ms(days * DAY_MS).0 / 60_000 * 60_000),
        weight_permille,
        pass_mark_milli: 60_000,
        keep,
        rubric: None,
    };
    Rule {
        max_winners: 3,
        gates: vec![gate("小试", "Bench test", 60, 400, 2), gate("中试", "Pilot test", 120, 600, 1)],
        ..Rule::policy_preset()
    }
}

/// A list with this number.
pub fn filled_list(number: &str) -> Typed {
    typed(&[
        ("number", number),
        ("title", "2026 年第一批揭榜挂帅榜单"),
        ("title_en", "First open-competition list of 2026"),
        ("introduction", "面向全国征集揭榜团队。"),
        ("introduction_en", "Open to teams from everywhere."),
        ("model", "panel"),
        ("qualification", "具有独立法人资格。"),
        ("max_bids_per_unit", "0"),
    ])
}

/// A sheet that gives every criterion of the policy's preset the same score.
pub fn filled_sheet(score: &str) -> Typed {
    let mut sheet = Typed::new();
    for criterion in Rule::policy_preset().rubric.criteria {
        sheet.insert(format!("scores.{}", criterion.key), score.to_owned());
        sheet.insert(format!("comments.{}", criterion.key), "依据充分。".to_owned());
    }
    sheet
}
