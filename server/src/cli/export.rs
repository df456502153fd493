//! `unveil export scores`: what a panel scored, as files that `unveil rank` reads. Deliberately absent: bids, comments and
//! private notes; they are not needed to compute a result again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::id::{BidId, PersonId};
use domain::time::Timestamp;
use serde_json::{Map, Value, json};
use store::Store;
use store::query::scores::{PanelScores, panel_scores};

use super::Fault;

#[derive(Debug, clap::Args)]
pub struct ScoresArgs {
    /// Number of the challenge, as it stands on its page
    number: String,
    /// Gate of the race; 0 is the selection
    #[arg(long, default_value_t = 0)]
    gate: u32,
    /// Folder for scores.json, rule.json and, of a race, scores-1.json and so on of the gates before; made when missing
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    out: PathBuf,
}

/// Writes `scores.json` and `rule.json`, of a race also the tables of the gates before, and prints how to compute the
/// result from them.
///
/// # Errors
/// For an unknown number, a challenge without a frozen rule, and files that cannot be written.
pub async fn scores(store: &Store, args: &ScoresArgs) -> Result<(), Fault> {
    let unknown = || Fault::Failed(format!("no challenge has the number {}", args.number));
    let scores = panel_scores(store, &args.number, args.gate).await?.ok_or_else(unknown)?;
    let gates = scores.rule.gates.len();
    if args.gate as usize > gates {
        return Err(Fault::Failed(format!("the rule has gates 1 to {gates}, no gate {}", args.gate)));
    }
    let mut before = Vec::new();
    for gate in 1..args.gate {
        before.push(panel_scores(store, &args.number, gate).await?.ok_or_else(unknown)?);
    }
    std::fs::create_dir_all(&args.out)
        .map_err(|fault| Fault::Failed(format!("cannot make {}: {fault}", args.out.display())))?;
    let (table, rule) = (args.out.join("scores.json"), args.out.join("rule.json"));
    let names = Names::of(before.iter().chain([&scores]));
    write_table(&table, &scores, args.gate, &names)?;
    write(&rule, &scores.rule.freeze().canonical)?;
    let mut more = scores.draw_seed.as_ref().map(|seed| format!(" --seed hex:{seed}")).unwrap_or_default();
    for (gate, scores) in (1..).zip(&before) {
        let table = args.out.join(format!("scores-{gate}.json"));
        write_table(&table, scores, gate, &names)?;
        more += &format!(" --earlier {}", table.display());
    }
    println!("{} bids, {} sheets", scores.bids.len(), scores.sheets.len());
    println!("unveil rank {} --rule {} --gate {}{more}", table.display(), rule.display(), args.gate);
    Ok(())
}

/// What everybody is called in the tables: the same at every gate.
struct Names {
    bids: BTreeMap<BidId, String>,
    reviewers: BTreeMap<PersonId, String>,
}

impl Names {
    fn of<'a>(stages: impl Iterator<Item = &'a PanelScores> + Clone) -> Self {
        let bids = stages.clone().flat_map(|scores| &scores.bids);
        let bids: BTreeMap<BidId, String> =
            bids.map(|bid| (bid.id, format!("{} ({})", bid.title, bid.unit))).collect();
        let reviewers: BTreeMap<PersonId, String> =
            stages.flat_map(|scores| &scores.reviewers).map(|(id, name)| (*id, name.clone())).collect();
        Self { bids: told_apart(bids), reviewers: told_apart(reviewers) }
    }
}

fn write_table(path: &PathBuf, scores: &PanelScores, gate: u32, names: &Names) -> Result<(), Fault> {
    write(path, &serde_json::to_string_pretty(&score_table(scores, gate, names)).unwrap_or_default())
}

fn write(path: &PathBuf, text: &str) -> Result<(), Fault> {
    std::fs::write(path, text)
        .map_err(|fault| Fault::Failed(format!("cannot write {}: {fault}", path.display())))
}

/// The score table as `tables::read_scores` takes it. The ids go with the names, so that the draw falls as it did.
fn score_table(scores_of: &PanelScores, gate: u32, Names { bids, reviewers }: &Names) -> Value {
    let criteria: Vec<&str> =
        scores_of.rule.rubric_at(gate).criteria.iter().map(|criterion| criterion.key.as_str()).collect();
    let sheet = |sheet: &domain::score::Sheet| {
        let scores: Map<String, Value> = criteria
            .iter()
            .zip(&sheet.scores_milli)
            .map(|(key, milli)| ((*key).to_owned(), points(*milli)))
            .collect();
        let votes: Map<String, Value> = (scores_of.rule.votes_at(gate).iter())
            .zip(&sheet.votes)
            .map(|(vote, yes)| (vote.key.clone(), json!(yes)))
            .collect();
        let (bid, reviewer) = (bids.get(&sheet.bid), reviewers.get(&sheet.reviewer));
        if votes.is_empty() {
            return json!({ "bid": bid, "reviewer": reviewer, "scores": scores });
        }
        json!({ "bid": bid, "reviewer": reviewer, "scores": scores, "votes": votes })
    };
    json!({
        "bids": scores_of.bids.iter().map(|bid| json!({
            "name": bids.get(&bid.id),
            "id": bid.id.0.to_string(),
            "sealed_at": bid.sealed_at.and_then(to_the_millisecond),
        })).collect::<Vec<_>>(),
        "reviewers": scores_of.reviewers.keys().map(|id| json!({
            "name": reviewers.get(id),
            "id": id.0.to_string(),
        })).collect::<Vec<_>>(),
        "sheets": scores_of.sheets.iter().map(sheet).collect::<Vec<_>>(),
    })
}

/// RFC 3339 in UTC. Whole seconds would not do: bids may fall by the time of sealing.
fn to_the_millisecond(at: Timestamp) -> Option<String> {
    let at = chrono::DateTime::from_timestamp_millis(at.0)?;
    Some(at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

/// Whole points as whole numbers, others with their decimals: milli-points are exact in JSON's numbers.
fn points(milli: i64) -> Value {
    if milli % 1000 == 0 { json!(milli / 1000) } else { json!(milli as f64 / 1000.0) }
}

/// A name that comes up again gets a number, since names are what score tables go by.
fn told_apart<Id: Ord + Copy>(names: BTreeMap<Id, String>) -> BTreeMap<Id, String> {
    let mut used = BTreeSet::new();
    let told = names.into_iter().map(|(id, name)| {
        let numbered = (2..).map(|number| format!("{name} #{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| used.insert(name.clone()));
        (id, free.unwrap_or(name))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namesakes_are_told_apart_whatever_others_are_called() {
        let names = ["A #2", "A", "A", "A"].map(str::to_owned);
        let told = told_apart((0..).zip(names).collect::<BTreeMap<i32, String>>());
        assert_eq!(told.into_values().collect::<Vec<_>>(), ["A #2", "A", "A #3", "A #4"]);
    }
}
