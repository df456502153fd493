//! `unveil export scores`: what a panel scored, as files that `unveil rank` reads. Deliberately absent: bids, comments and
//! private notes; they are not needed to compute a result again.

use std::collections::BTreeMap;
use std::path::PathBuf;

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
    let found = panel_scores(store, &args.number, args.gate).await?;
    let scores =
        found.ok_or_else(|| Fault::Failed(format!("no challenge has the number {}", args.number)))?;
    std::fs::create_dir_all(&args.out)
        .map_err(|fault| Fault::Failed(format!("cannot make {}: {fault}", args.out.display())))?;
    let (table, rule) = (args.out.join("scores.json"), args.out.join("rule.json"));
    write_table(&table, &scores, args.gate)?;
    write(&rule, &scores.rule.freeze().canonical)?;
    let mut more = scores.draw_seed.as_ref().map(|seed| format!(" --seed hex:{seed}")).unwrap_or_default();
    for gate in 1..args.gate {
        let found = panel_scores(store, &args.number, gate).await?;
        let before = found.ok_or_else(|| Fault::Failed(format!("gate {gate} is gone")))?;
        let table = args.out.join(format!("scores-{gate}.json"));
        write_table(&table, &before, gate)?;
        more += &format!(" --earlier {}", table.display());
    }
    println!("{} bids, {} sheets", scores.bids.len(), scores.sheets.len());
    println!("unveil rank {} --rule {} --gate {}{more}", table.display(), rule.display(), args.gate);
    Ok(())
}

fn write_table(path: &PathBuf, scores: &PanelScores, gate: u32) -> Result<(), Fault> {
    write(path, &serde_json::to_string_pretty(&score_table(scores, gate)).unwrap_or_default())
}

fn write(path: &PathBuf, text: &str) -> Result<(), Fault> {
    std::fs::write(path, text)
        .map_err(|fault| Fault::Failed(format!("cannot write {}: {fault}", path.display())))
}

/// The score table as `tables::read_scores` takes it. The ids go with the names, so that the draw falls as it did.
fn score_table(scores_of: &PanelScores, gate: u32) -> Value {
    let bids = named(scores_of.bids.iter().map(|bid| (bid.id, format!("{} ({})", bid.title, bid.unit))));
    let reviewers = named(scores_of.reviewers.iter().map(|(id, name)| (*id, name.clone())));
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
        "reviewers": reviewers.iter().map(|(id, name)| json!({ "name": name, "id": id.0.to_string() })).collect::<Vec<_>>(),
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

/// Names by id; a name that comes up again gets a number, since names are what score tables go by.
fn named<Id: Ord + Copy>(named: impl Iterator<Item = (Id, String)>) -> BTreeMap<Id, String> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    named
        .map(|(id, name)| {
            let count = uses.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
            let name = if *count == 1 { name } else { format!("{name} #{count}") };
            (id, name)
        })
        .collect()
}
