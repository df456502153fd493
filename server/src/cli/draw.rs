//! `unveil draw`: a panel by lot, with everybody who may step in. Deliberately absent: the lots themselves, which are
//! `domain::panel_draw`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::id::PersonId;
use domain::panel_draw::{DrawRefused, DrawRule, DrawStep, PanelDraw, PoolExpert, draw};
use domain::rule::hex;
use serde::Serialize;
use tables::{ExpertTable, Source, read_experts, reviewer_id};

use super::ending::{Ending, Stop, say};
use super::language::parse_locale;
use super::output::OutputArgs;
use super::rank::PROSE_COLUMNS;
use super::seed::Seed;
use super::shown::{plain, wrapped};
use super::text_table::{Column, TextTable};
use super::{faults, files, output};

const NAME_COLUMNS: usize = 28;

#[derive(Debug, clap::Args)]
pub struct DrawArgs {
    #[arg(value_name = "EXPERTS")]
    experts: PathBuf,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=99))]
    seats: u32,
    #[arg(long, value_name = "TEXT")]
    seed: String,
    #[arg(long, value_name = "SHA256")]
    commitment: Option<String>,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=99))]
    per_unit: Option<u32>,
    #[arg(long, value_name = "KEYWORD")]
    field: Vec<String>,
    #[arg(long, value_name = "NAME")]
    avoid: Vec<String>,
    #[arg(long, value_name = "NAME")]
    recuse: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_locale)]
    lang: Option<Locale>,
}

/// The JSON of `unveil draw`; the names of its fields are documented in the README of this crate.
#[derive(Serialize)]
struct Report {
    format: &'static str,
    commitment: String,
    seats: u32,
    /// What else was asked for, as it was typed: with the seed and the list of experts everything that the draw rests on.
    per_unit: Option<u32>,
    fields: Vec<String>,
    avoided: Vec<String>,
    /// In the order in which they stepped back.
    recused: Vec<String>,
    pool: usize,
    order: Vec<Drawn>,
    vacant: u32,
}

/// One expert in the order of the lots.
#[derive(Serialize)]
struct Drawn {
    lot: usize,
    expert: String,
    expert_id: PersonId,
    unit: Option<String>,
    /// `seated`, `stand_by` or `recused`.
    role: &'static str,
}

/// Draws, replaces who stepped back, prints.
///
/// # Errors
/// Faults of the list; a seed that is not the committed one; names that are not there.
pub fn run(locale: Locale, args: &DrawArgs) -> Result<Ending, Stop> {
    args.output.check(locale, &[&args.experts])?;
    let seed = Seed::given(locale, &args.seed)?;
    let both = args.avoid.iter().find(|name| args.recuse.iter().any(|other| fold(other) == fold(name)));
    if let Some(name) = both {
        return Err(Stop::Usage(tf(locale, "tool.draw.avoid_and_recuse", &[("expert", &plain(name))])));
    }
    let bytes = files::read(locale, &args.experts)?;
    let name = files::name_of(&args.experts);
    let table = read_experts(Source::of_file(&name, &bytes))
        .map_err(|found| faults::of_file(locale, &name, &found))?;
    if let Some(promised) =
        args.commitment.as_ref().filter(|one| !one.eq_ignore_ascii_case(&seed.commitment()))
    {
        let given = seed.commitment();
        let values = [("promised", plain(promised)), ("given", given)];
        let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        return Err(Stop::Faults(vec![tf(locale, "tool.draw.not_committed", &borrowed)]));
    }
    let drawn = match drawn(args, &table, &seed) {
        Ok(drawn) => drawn,
        Err(DrawRefused::PoolTooSmall { seats, eligible, missing }) => {
            let values = [("seats", seats), ("eligible", eligible), ("missing", missing)]
                .map(|(name, count)| (name, count.to_string()));
            let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            say(&tf(locale, "tool.draw.pool_too_small", &borrowed));
            return Ok(Ending::SlotsMissing);
        }
        Err(DrawRefused::Size { .. }) => {
            return Err(Stop::Usage(t(locale, "tool.draw.seats_wrong").to_owned()));
        }
        Err(refused) => return Err(Stop::Faults(vec![said(locale, &table, args, &refused)])),
    };
    let report = report(args, &table, &drawn);
    if let Some(path) = &args.output.xlsx {
        let sheet = order_table(locale, &report).worksheet(t(locale, "tool.draw.title"));
        let mut notes = TextTable::new(vec![Column::words(t(locale, "tool.notes"))]);
        sentences(locale, &table, &report, &drawn).into_iter().for_each(|words| notes.row(vec![words]));
        output::workbook(locale, path, &[sheet, notes.worksheet(t(locale, "tool.notes"))])?;
    } else if args.output.json {
        files::print(locale, &output::json(&report)?)?;
    } else {
        let mut lines = vec![t(locale, "tool.draw.title").to_owned(), String::new()];
        lines.extend(order_table(locale, &report).lines(files::prints_to_terminal()));
        lines.push(String::new());
        let said = sentences(locale, &table, &report, &drawn);
        lines.extend(said.iter().flat_map(|words| wrapped(words, PROSE_COLUMNS)));
        files::print(locale, &(lines.join("\n") + "\n"))?;
    }
    Ok(if drawn.vacant() == 0 { Ending::Done } else { Ending::SlotsMissing })
}

/// Capital letters and white space do not matter.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}

/// Numbers for texts, each text once.
fn numbered(texts: impl Iterator<Item = String>) -> BTreeMap<String, u32> {
    let mut numbers = BTreeMap::new();
    for text in texts {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        numbers.entry(text).or_insert(next);
    }
    numbers
}

fn units(table: &ExpertTable) -> BTreeMap<String, u32> {
    numbered(table.experts.iter().filter_map(|expert| expert.unit.as_deref()).map(fold))
}

fn drawn(args: &DrawArgs, table: &ExpertTable, seed: &Seed) -> Result<PanelDraw, DrawRefused> {
    let units = units(table);
    let fields = numbered(args.field.iter().map(|field| fold(field)));
    let avoided: Vec<PersonId> = args.avoid.iter().map(|name| reviewer_id(name)).collect();
    if let Some(unknown) =
        avoided.iter().find(|id| !table.experts.iter().any(|expert| reviewer_id(&expert.name) == **id))
    {
        return Err(DrawRefused::NotDrawn { expert: *unknown });
    }
    let pool: Vec<PoolExpert> = table
        .experts
        .iter()
        .map(|expert| PoolExpert {
            id: reviewer_id(&expert.name),
            units: expert.unit.iter().filter_map(|unit| units.get(&fold(unit)).copied()).collect(),
            fields: expert.keywords.iter().filter_map(|word| fields.get(&fold(word)).copied()).collect(),
            has_conflict: avoided.contains(&reviewer_id(&expert.name)),
        })
        .collect();
    let rule = DrawRule {
        seats: args.seats,
        amount: None,
        fields: fields.values().copied().collect(),
        per_unit: args.per_unit,
    };
    let mut drawn = draw(&pool, rule, &seed.bytes)?;
    for name in &args.recuse {
        drawn.recuse(reviewer_id(name))?;
    }
    Ok(drawn)
}

/// Why nothing was drawn, with the name as it was given.
fn said(locale: Locale, table: &ExpertTable, args: &DrawArgs, refused: &DrawRefused) -> String {
    let given = table.experts.iter().map(|expert| &expert.name).chain(&args.avoid).chain(&args.recuse);
    let names: BTreeMap<PersonId, &String> = given.map(|name| (reviewer_id(name), name)).collect();
    let of = |key: &str, expert: &PersonId| {
        let name = names.get(expert).map(|name| plain(name)).unwrap_or_default();
        tf(locale, key, &[("expert", &name)])
    };
    match refused {
        DrawRefused::TwiceInPool { expert } => of("tool.draw.twice", expert),
        DrawRefused::NotDrawn { expert } if args.avoid.iter().any(|name| reviewer_id(name) == *expert) => {
            of("tool.draw.avoid_unknown", expert)
        }
        DrawRefused::NotDrawn { expert } => of("tool.draw.not_drawn", expert),
        DrawRefused::AlreadyRecused { expert } => of("tool.draw.already_recused", expert),
        DrawRefused::Size { .. } | DrawRefused::PoolTooSmall { .. } => String::new(),
    }
}

fn report(args: &DrawArgs, table: &ExpertTable, drawn: &PanelDraw) -> Report {
    let experts: BTreeMap<PersonId, _> =
        table.experts.iter().map(|expert| (reviewer_id(&expert.name), expert)).collect();
    let role = |expert: &PersonId| match expert {
        expert if drawn.seated.contains(expert) => "seated",
        expert if drawn.recused.contains(expert) => "recused",
        _ => "stand_by",
    };
    let order = drawn.order.iter().enumerate().map(|(position, lot)| Drawn {
        lot: position + 1,
        expert: experts.get(&lot.expert).map(|expert| expert.name.clone()).unwrap_or_default(),
        expert_id: lot.expert,
        unit: experts.get(&lot.expert).and_then(|expert| expert.unit.clone()),
        role: role(&lot.expert),
    });
    Report {
        format: "unveil-draw/1",
        commitment: hex(&drawn.commitment),
        seats: drawn.rule.seats,
        per_unit: args.per_unit,
        fields: args.field.clone(),
        avoided: args.avoid.clone(),
        recused: args.recuse.clone(),
        pool: table.experts.len(),
        order: order.collect(),
        vacant: drawn.vacant(),
    }
}

fn order_table(locale: Locale, report: &Report) -> TextTable {
    let mut table = TextTable::new(vec![
        Column::figures(t(locale, "tool.draw.place")),
        Column::words(t(locale, "tool.draw.expert")).at_most(NAME_COLUMNS),
        Column::words(t(locale, "tool.draw.unit")).at_most(NAME_COLUMNS),
        Column::words(t(locale, "tool.draw.role")),
    ]);
    for drawn in &report.order {
        let role = t(locale, &format!("tool.draw.{}", drawn.role)).to_owned();
        let unit = drawn.unit.clone().unwrap_or_default();
        table.row(vec![drawn.lot.to_string(), drawn.expert.clone(), unit, role]);
    }
    table
}

fn sentences(locale: Locale, table: &ExpertTable, report: &Report, drawn: &PanelDraw) -> Vec<String> {
    let (pool, eligible, seats) =
        (report.pool.to_string(), report.order.len().to_string(), report.seats.to_string());
    let basis = [
        ("pool", pool.as_str()),
        ("eligible", &eligible),
        ("seats", &seats),
        ("commitment", &report.commitment),
    ];
    let mut out = vec![tf(locale, "tool.draw.basis", &basis), t(locale, "tool.draw.how").to_owned()];
    let names: BTreeMap<PersonId, &str> =
        table.experts.iter().map(|expert| (reviewer_id(&expert.name), expert.name.as_str())).collect();
    let unit_names: BTreeMap<u32, &str> = {
        let numbers = units(table);
        let given = table.experts.iter().filter_map(|expert| expert.unit.as_deref());
        given.filter_map(|unit| Some((*numbers.get(&fold(unit))?, unit))).collect()
    };
    for step in &drawn.steps {
        if let DrawStep::PassedOver { expert, unit } = step {
            let expert = names.get(expert).map(|name| plain(name)).unwrap_or_default();
            let unit = unit_names.get(unit).map(|name| plain(name)).unwrap_or_default();
            out.push(tf(locale, "tool.draw.passed_over", &[("expert", &expert), ("unit", &unit)]));
        }
    }
    if report.vacant > 0 {
        out.push(tf(locale, "tool.draw.vacant", &[("seats", &report.vacant.to_string())]));
    }
    out
}
