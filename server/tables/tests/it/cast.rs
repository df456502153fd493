//! One small rule and the shapes every test compares with.

use domain::rule::{Bilingual, Rule, Scale, Vote};
use tables::{Format, ScoreTable, Source, TableFault, TableProblem, read_scores};

/// Two criteria in steps of half a point, one vote.
pub fn rule() -> Rule {
    let mut rule = Rule::policy_preset();
    rule.rubric.scale = Scale { step_milli: 500, ..Scale::HUNDRED };
    rule.rubric.criteria.truncate(2);
    for criterion in &mut rule.rubric.criteria {
        criterion.weight_permille = 500;
    }
    rule.votes =
        vec![Vote { key: "scope".into(), name: Bilingual::new("属于榜单范围", "Within scope") }];
    rule
}

/// The same without the vote.
pub fn plain_rule() -> Rule {
    Rule { votes: Vec::new(), ..rule() }
}

pub fn csv(text: &str) -> Result<ScoreTable, Vec<TableFault>> {
    read_scores(Source::new(text.as_bytes(), Format::Csv), &rule(), 0)
}

pub fn json(text: &str) -> Result<ScoreTable, Vec<TableFault>> {
    read_scores(Source::new(text.as_bytes(), Format::Json), &rule(), 0)
}

/// Where and what: sheet, row, column, problem.
pub type Found = (Option<String>, Option<usize>, Option<String>, TableProblem);

pub fn found(faults: Vec<TableFault>) -> Vec<Found> {
    faults.into_iter().map(|fault| (fault.sheet, fault.row, fault.column, fault.problem)).collect()
}

pub fn at(row: usize, column: &str, problem: TableProblem) -> Found {
    (None, Some(row), Some(column.to_owned()), problem)
}

pub fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}
