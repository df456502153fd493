//! What a ranking is made from: the rule, the scores, the seed. Deliberately absent: ranking.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use app::catalogue::tf;
use app::text::Locale;
use domain::id::{BidId, PersonId};
use domain::rule::Rule;
use domain::score::{Entrant, Sheet};
use tables::{ScoreTable, SheetRow, Source, read_scores};

use crate::cli::ending::Stop;
use crate::cli::rule_source::rule;
use crate::cli::seed::Seed;
use crate::cli::{faults, files};

/// The arguments that say what is ranked by which rule; `rank` and `package` share them.
#[derive(Debug, clap::Args)]
pub struct ScoredArgs {
    #[arg(value_name = "SCORES")]
    pub scores: PathBuf,
    #[arg(long, value_name = "RULE")]
    pub rule: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10))]
    pub gate: u32,
    #[arg(long, value_name = "TEXT")]
    pub seed: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
}

/// Everything that decides a ranking.
#[derive(Clone, Debug)]
pub struct Scored {
    pub rule: Rule,
    pub gate: u32,
    pub table: ScoreTable,
    /// One per bid and reviewer of the table, in its order.
    pub bid_ids: Vec<BidId>,
    pub reviewer_ids: Vec<PersonId>,
    pub seed: Option<Seed>,
}

impl Scored {
    /// Reads the files and checks the seed against the rule's commitment.
    ///
    /// # Errors
    /// All faults of the rule; else all faults of the scores; else a seed that is not the committed one.
    pub fn read(locale: Locale, args: &ScoredArgs) -> Result<Self, Stop> {
        if files::is_standard_input(&args.scores) && files::is_standard_input(&args.rule) {
            return Err(Stop::Usage(app::catalogue::t(locale, "tool.both_standard_input").to_owned()));
        }
        let rule = rule(locale, &args.rule)?;
        let table = table(locale, &args.scores, args.sheet.as_deref(), &rule, args.gate)?;
        let seed = args.seed.as_deref().map(|text| Seed::given(locale, text)).transpose()?;
        if let Some(seed) = seed.as_ref().filter(|seed| !seed.keeps_promise_of(&rule, args.gate)) {
            let (given, gate) = (rule.commitment_of(args.gate, &seed.bytes), args.gate.to_string());
            let values = [("promised", rule.draw_commitment.as_str()), ("given", &given), ("gate", &gate)];
            let has_own = rule.seed_per_gate && args.gate > 0;
            let key = if has_own { "tool.seed_not_of_gate" } else { "tool.seed_not_promised" };
            return Err(Stop::Faults(vec![tf(locale, key, &values)]));
        }
        Ok(Self::new(rule, args.gate, table, seed))
    }

    fn new(rule: Rule, gate: u32, table: ScoreTable, seed: Option<Seed>) -> Self {
        let bid_ids = table.bids.iter().map(|bid| bid.id).collect();
        let reviewer_ids = table.reviewer_ids.clone();
        Self { rule, gate, table, bid_ids, reviewer_ids, seed }
    }

    /// The scores of an earlier gate, in a file of their own, by the same rule and the seed that this gate's leads to.
    ///
    /// # Errors
    /// All faults of that file.
    pub fn at_gate(&self, locale: Locale, path: &Path, gate: u32) -> Result<Self, Stop> {
        let table = table(locale, path, None, &self.rule, gate)?;
        let seed = self.seed.as_ref().map(|seed| seed.before(&self.rule, self.gate.saturating_sub(gate)));
        Ok(Self::new(self.rule.clone(), gate, table, seed))
    }

    /// Every bid with its id.
    pub fn entrants(&self) -> Vec<Entrant> {
        let bids = self.bid_ids.iter().zip(&self.table.bids);
        bids.map(|(id, bid)| Entrant { bid: *id, sealed_at: bid.sealed_at }).collect()
    }

    /// The sheets that count.
    pub fn sheets(&self) -> Vec<Sheet> {
        let counted = self.table.sheets.iter().filter(|row| row.left_out.is_none());
        counted.filter_map(|row| self.sheet(row)).collect()
    }

    /// One row with ids for names; `None` only where a position is beyond its list, which readers never give.
    pub fn sheet(&self, row: &SheetRow) -> Option<Sheet> {
        Some(Sheet {
            bid: *self.bid_ids.get(row.bid)?,
            reviewer: *self.reviewer_ids.get(row.reviewer)?,
            scores_milli: row.scores_milli.clone(),
            votes: row.votes.clone(),
        })
    }

    pub fn bid_name(&self, position: usize) -> Option<&str> {
        self.table.bids.get(position).map(|bid| bid.name.as_str())
    }

    pub fn reviewer_name(&self, position: usize) -> Option<&str> {
        self.table.reviewers.get(position).map(String::as_str)
    }

    /// Names of bids by their ids.
    pub fn bid_names(&self) -> BTreeMap<BidId, &str> {
        self.bid_ids.iter().zip(&self.table.bids).map(|(id, bid)| (*id, bid.name.as_str())).collect()
    }

    /// Names of experts by their ids.
    pub fn reviewer_names(&self) -> BTreeMap<PersonId, &str> {
        self.reviewer_ids.iter().zip(&self.table.reviewers).map(|(id, name)| (*id, name.as_str())).collect()
    }
}

fn table(
    locale: Locale,
    path: &Path,
    sheet: Option<&str>,
    rule: &Rule,
    gate: u32,
) -> Result<ScoreTable, Stop> {
    let bytes = files::read(locale, path)?;
    let name = files::name_of(path);
    let mut source = Source::of_file(&name, &bytes);
    if let Some(sheet) = sheet {
        source = source.on_sheet(sheet);
    }
    read_scores(source, rule, gate).map_err(|found| faults::of_file(locale, &name, &found))
}
