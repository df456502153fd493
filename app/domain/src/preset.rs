//! Rules that organisations really use, ready to be changed: each a complete [`Rule`] with its source.
//! Deliberately absent: what a rule cannot decide (a consensus meeting, a portfolio, a percentile over meetings).

use crate::rule::{
    Anchor, Bilingual, Combination, Criterion, Direction, FORMAT, FULL_WEIGHT, Rubric, Rule, Scale, TieBreak,
    Totals, Vote,
};

/// A ready rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Stable name, `[a-z0-9_]`: what the command line and links say.
    pub key: &'static str,
    /// Where its numbers come from. What the source does not say is the platform's, as in the policy's preset: the links of
    /// the tie chain behind the named criteria, reviews per bid, working days of publicity, one winner, the IP term.
    pub source: Bilingual,
    pub rule: Rule,
}

/// Every preset, the policy's own first. Each is complete ([`Rule::problems`] finds nothing).
pub fn all() -> Vec<Preset> {
    let horizon = Bilingual::new(
        "欧盟“地平线欧洲”总附件与评审表 2.0 版（2022）：0 至 5 分、半分一档，每项至少 3 分，合计至少 10 分（满分 15 分）",
        "Horizon Europe General Annexes and evaluation form v2.0 (2022): 0 to 5 in half points, each criterion at \
         least 3, the sum at least 10 of 15",
    );
    let sme = Bilingual::new(
        "欧盟中小企业署（EASME）对中小企业计划评分的说明及工作计划附件 H（“地平线 2020”）：每项取各专家的中位数，影响力按\
         一倍半计；第一阶段每项至少 4 分、合计至少 13 分，第二阶段影响力至少 4 分、其余至少 3 分、合计至少 12 分（满分 15 分）",
        "EASME, explanation of SME Instrument scoring, and Annex H of the work programme (Horizon 2020): median of the \
         experts per criterion, impact counted one and a half times; phase 1 each criterion at least 4 and the sum at \
         least 13, phase 2 impact at least 4, the others 3 and the sum at least 12 of 15",
    );
    vec![
        Preset {
            key: "policy",
            source: Bilingual::new(
                "安顺市实施意见第十八条（四项指标）；权重、分数线与并列时的次序由本平台定",
                "Anshun implementation opinion, item 18 (four criteria); weights, marks and the tie chain are the \
                 platform's",
            ),
            rule: policy(),
        },
        Preset { key: "horizon_europe_ria", source: horizon.clone(), rule: horizon_europe_ria() },
        Preset { key: "horizon_europe_ia", source: horizon, rule: horizon_europe_ia() },
        Preset { key: "h2020_sme_phase_1", source: sme.clone(), rule: h2020_sme(4_000, 13_000) },
        Preset { key: "h2020_sme_phase_2", source: sme, rule: h2020_sme(3_000, 12_000) },
        Preset {
            key: "innovate_uk",
            source: Bilingual::new(
                "英国创新署（Innovate UK）与英国商业银行的评审说明：百分制，两个表决题（征集范围、是否资助）均须多数\
                 同意，通常以 70 分为线",
                "Innovate UK and British Business Bank, descriptions of the assessment: percent, both questions \
                 (scope, funding) need a majority, usual line 70 %",
            ),
            rule: innovate_uk(),
        },
        Preset {
            key: "nih",
            source: Bilingual::new(
                "美国国立卫生研究院（NIH）同行评议：总体影响 1（最好）至 9，取专家平均值乘以十，四舍五入为 10 至 90 的整数",
                "NIH peer review: overall impact from 1 (best) to 9, the mean of the panel times ten, rounded to a \
                 whole number from 10 to 90",
            ),
            rule: nih(),
        },
    ]
}

/// The preset of that key.
pub fn named(key: &str) -> Option<Preset> {
    all().into_iter().find(|preset| preset.key == key)
}

/// 0 to 5 in half points.
const HALF_POINTS: Scale = Scale { min_milli: 0, max_milli: 5_000, step_milli: 500 };
/// 1 to 9 in whole points.
const NINE: Scale = Scale { min_milli: 1_000, max_milli: 9_000, step_milli: 1_000 };

/// The policy's own four criteria: innovation ability, quality, effect, contribution (implementation opinion,
/// item 18), five working days of publicity.
pub(crate) fn policy() -> Rule {
    Rule {
        format: FORMAT,
        rubric: Rubric {
            scale: Scale::HUNDRED,
            criteria: vec![
                anchored("innovation", "创新能力", "Innovation ability", 300),
                anchored("quality", "质量", "Quality", 300),
                anchored("effect", "实效", "Effect", 250),
                anchored("contribution", "贡献", "Contribution", 150),
            ],
        },
        combination: Combination::DropExtremesOnTotals,
        totals: Totals::WeightedMean,
        better: Direction::Higher,
        min_scores_to_drop: None,
        decimals: 2,
        pass_mark_milli: Some(60_000),
        plain_sum_mark_milli: None,
        votes: Vec::new(),
        tie_chain: chain(&["innovation"]),
        draw_commitment: String::new(),
        seed_per_gate: false,
        max_winners: 1,
        reviews_per_bid: 5,
        blind: false,
        scores_public: true,
        publicity_working_days: 5,
        ip_term: Bilingual::new(
            "知识产权归属由发榜方与揭榜方在合同中约定；未约定的归完成方所有。",
            "Ownership of results is agreed in the contract; without agreement it stays with whoever made them.",
        ),
        gates: Vec::new(),
    }
}

/// Research and innovation action: the sum of three criteria; ties fall by excellence, then impact. The mean stands
/// in for the consensus meeting: a panel that agreed on one score hands in one sheet.
fn horizon_europe_ria() -> Rule {
    let [excellence, impact, implementation] = european_criteria(FULL_WEIGHT);
    let criteria = [excellence, impact, implementation]
        .map(|criterion| Criterion { threshold_milli: Some(3_000), ..criterion })
        .to_vec();
    Rule {
        rubric: Rubric { scale: HALF_POINTS, criteria },
        combination: Combination::Mean,
        totals: Totals::FactorSum,
        pass_mark_milli: None,
        plain_sum_mark_milli: Some(10_000),
        tie_chain: chain(&["excellence", "impact"]),
        reviews_per_bid: 3,
        ..policy()
    }
}

/// Innovation action: impact counts one and a half times in the ranking (not in the sum that must reach ten), and
/// ties fall by impact first.
fn horizon_europe_ia() -> Rule {
    let mut rule = horizon_europe_ria();
    for criterion in rule.rubric.criteria.iter_mut().filter(|criterion| criterion.key == "impact") {
        criterion.weight_permille = 1_500;
    }
    Rule { tie_chain: chain(&["impact", "excellence"]), ..rule }
}

/// Impact needs 4 points; `others_milli`: 4 in phase 1, 3 in phase 2. `sum_milli`: 13 points in phase 1, 12 in phase 2, of
/// 15 and without the factor of impact.
fn h2020_sme(others_milli: i64, sum_milli: i64) -> Rule {
    let threshold = |key: &str| if key == "impact" { 4_000 } else { others_milli };
    let criteria = european_criteria(1_500)
        .map(|criterion| Criterion { threshold_milli: Some(threshold(&criterion.key)), ..criterion });
    Rule {
        rubric: Rubric { scale: HALF_POINTS, criteria: criteria.to_vec() },
        combination: Combination::MedianPerCriterion,
        totals: Totals::FactorSum,
        pass_mark_milli: None,
        plain_sum_mark_milli: Some(sum_milli),
        tie_chain: chain(&["impact", "excellence", "implementation"]),
        reviews_per_bid: 4,
        ..policy()
    }
}

/// One percentage per assessor and two questions. A sheet that the agency takes out as an outlier is not handed in.
fn innovate_uk() -> Rule {
    let vote = |key: &str, zh: &str, en: &str| Vote { key: key.to_owned(), name: Bilingual::new(zh, en) };
    Rule {
        rubric: Rubric {
            scale: Scale::HUNDRED,
            criteria: vec![criterion("score", "评分", "Score", FULL_WEIGHT)],
        },
        combination: Combination::Mean,
        pass_mark_milli: Some(70_000),
        votes: vec![vote("scope", "是否属于征集范围", "In scope"), vote("fund", "是否建议资助", "Fund")],
        tie_chain: chain(&[]),
        ..policy()
    }
}

/// Overall impact alone; ten times its mean, the lowest first. The pay line is a matter of each year's money.
fn nih() -> Rule {
    Rule {
        rubric: Rubric {
            scale: NINE,
            criteria: vec![criterion("overall_impact", "总体影响", "Overall impact", 10 * FULL_WEIGHT)],
        },
        combination: Combination::Mean,
        totals: Totals::FactorSum,
        better: Direction::Lower,
        decimals: 0,
        pass_mark_milli: None,
        tie_chain: chain(&["overall_impact"]),
        ..policy()
    }
}

fn european_criteria(impact_permille: u32) -> [Criterion; 3] {
    [
        criterion("excellence", "卓越性", "Excellence", FULL_WEIGHT),
        criterion("impact", "影响力", "Impact", impact_permille),
        criterion(
            "implementation",
            "实施质量与效率",
            "Quality and efficiency of the implementation",
            FULL_WEIGHT,
        ),
    ]
}

fn criterion(key: &str, zh: &str, en: &str, weight_permille: u32) -> Criterion {
    Criterion {
        key: key.to_owned(),
        name: Bilingual::new(zh, en),
        guidance: Bilingual::default(),
        weight_permille,
        threshold_milli: None,
        veto: false,
        anchors: Vec::new(),
    }
}

fn anchored(key: &str, zh: &str, en: &str, weight_permille: u32) -> Criterion {
    Criterion { anchors: standard_anchors(), ..criterion(key, zh, en, weight_permille) }
}

/// These criteria in this order, then first places, then the draw.
fn chain(keys: &[&str]) -> Vec<TieBreak> {
    let named = keys.iter().map(|key| TieBreak::Criterion { key: (*key).into() });
    named.chain([TieBreak::FirstPlaces, TieBreak::Draw]).collect()
}

fn standard_anchors() -> Vec<Anchor> {
    [
        (90_000, "优秀：全面达到并有突出之处", "Outstanding: meets everything and exceeds in places"),
        (75_000, "良好：达到要求，个别不足", "Good: meets the requirement with minor gaps"),
        (60_000, "合格：基本达到，有明显不足", "Adequate: meets the core, with clear gaps"),
        (0, "不合格：未达到要求", "Inadequate: does not meet the requirement"),
    ]
    .into_iter()
    .map(|(from_milli, zh, en)| Anchor { from_milli, text: Bilingual::new(zh, en) })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_preset_is_complete_and_has_a_name_and_a_source_of_its_own() {
        let presets = all();
        for preset in &presets {
            assert_eq!(preset.rule.problems(), vec![], "{}", preset.key);
            assert!(!preset.source.zh.is_empty() && !preset.source.en.is_empty());
            assert_eq!(named(preset.key).as_ref(), Some(preset));
        }
        let keys: BTreeSet<&str> = presets.iter().map(|preset| preset.key).collect();
        assert_eq!(keys.len(), presets.len());
        assert_eq!(named("policy").map(|preset| preset.rule), Some(Rule::policy_preset()));
        assert_eq!(named("no_such"), None);
    }

    #[test]
    fn every_preset_survives_its_canonical_json() {
        for preset in all() {
            let back: Rule = serde_json::from_str(&preset.rule.freeze().canonical).unwrap();
            assert_eq!(back, preset.rule, "{}", preset.key);
        }
    }
}
