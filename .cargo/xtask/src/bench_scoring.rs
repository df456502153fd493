//! `bench scoring`: how long the scoring engine takes and how much memory, each beside what people usually take for the
//! same work, on the same input and in the same run. Prints; judges nothing.

use std::collections::BTreeMap;
use std::path::Path;

use crate::install;
use crate::sh::{self, Flavour, Outcome, Place};

/// The programs that measure; each lists its works when called without one.
const PROGRAMS: [&str; 7] = [
    "time_ranking",
    "time_agreement",
    "time_calibrate",
    "time_interval",
    "time_aggregate",
    "time_matching",
    "time_overview",
];

/// One line of a measuring program: microseconds, peak resident KiB, a remark.
struct Figure {
    micros: f64,
    peak_kib: f64,
    remark: String,
}

pub fn run(place: &Place) -> Outcome {
    let mut cargo = place.cargo(Flavour::Release);
    sh::run(cargo.args(["build", "--release", "-p", "domain", "--examples"]))?;
    let examples = place.target.join("release/examples");
    let references = references(place);
    if let Err(reason) = &references {
        println!("no references: {reason}");
    }
    let references = references.unwrap_or_default();
    println!("{:<30} {:>12} {:>9}   {:>12} {:>9}   remarks", "work", "here", "memory", "reference", "memory");
    for program in PROGRAMS {
        let program = examples.join(program);
        for work in sh::output(&mut place.program(&program))?.lines() {
            let ours = quickest(|| sh::output(place.program(&program).arg(work)))?;
            print_line(work, &ours, references.get(work));
        }
    }
    Ok(())
}

fn print_line(work: &str, ours: &Figure, reference: Option<&Figure>) {
    let (time, memory, said) = match reference {
        Some(figure) => (shown_time(figure.micros), shown_memory(figure.peak_kib), figure.remark.as_str()),
        None => (String::from("-"), String::from("-"), ""),
    };
    let remarks = [ours.remark.as_str(), said].into_iter().filter(|text| !text.is_empty());
    println!(
        "{work:<30} {:>12} {:>9}   {time:>12} {memory:>9}   {}",
        shown_time(ours.micros),
        shown_memory(ours.peak_kib),
        remarks.collect::<Vec<_>>().join("; ")
    );
}

fn shown_time(micros: f64) -> String {
    if micros < 1_000.0 {
        format!("{micros:.0} us")
    } else if micros < 1_000_000.0 {
        format!("{:.2} ms", micros / 1_000.0)
    } else {
        format!("{:.2} s", micros / 1_000_000.0)
    }
}

fn shown_memory(kib: f64) -> String {
    format!("{:.0} MiB", kib / 1_024.0)
}

/// Each program prints the median of its runs. It is started this often and the least of these medians counts, here and for
/// the references: whatever else the machine does meanwhile only adds.
const STARTS: usize = 3;

fn quickest(mut measure: impl FnMut() -> Outcome<String>) -> Outcome<Figure> {
    let mut least: Option<Figure> = None;
    for _ in 0..STARTS {
        let found = figure(&measure()?)?;
        if least.as_ref().is_none_or(|least| found.micros < least.micros) {
            least = Some(found);
        }
    }
    least.ok_or_else(|| "nothing was measured".to_owned())
}

fn figure(line: &str) -> Outcome<Figure> {
    let mut parts = line.trim_end().splitn(3, '\t');
    let mut number = || {
        let part = parts.next().and_then(|text| text.trim().parse::<f64>().ok());
        part.ok_or_else(|| format!("not a figure: {line}"))
    };
    let (micros, peak_kib) = (number()?, number()?);
    Ok(Figure { micros, peak_kib, remark: parts.next().unwrap_or_default().to_owned() })
}

/// What numpy, scipy, pingouin, krippendorff and OR-tools take, by the name of the work. One line each: name, tab,
/// figure.
fn references(place: &Place) -> Outcome<BTreeMap<String, Figure>> {
    let python = install::oracle_python(place)?;
    let script = place.end2end().join("oracle/figures.py");
    let mut found = BTreeMap::new();
    for work in sh::output(place.program(&python).arg(&script))?.lines() {
        let quickest = quickest(|| sh::output(place.program(&python).arg(&script).arg(work)))?;
        found.insert(work.to_owned(), quickest);
    }
    Ok(found)
}

/// The comparison with Python's libraries on random panels; see `end2end/oracle`.
pub fn oracle(place: &Place) -> Outcome {
    let python = install::oracle_python(place)?;
    sh::run(place.cargo(Flavour::Dev).args(["build", "-p", "domain", "--examples"]))?;
    let program = place.target.join("debug/examples/panel_figures");
    run_script(place, &python, &program)
}

fn run_script(place: &Place, python: &Path, program: &Path) -> Outcome {
    let script = place.end2end().join("oracle/panels.py");
    sh::run(place.program(python).arg(script).arg(program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_two_numbers_and_a_remark() {
        let read = figure("1234.5\t2048\tproven optimal\n").unwrap();
        assert_eq!((read.micros, read.peak_kib, read.remark.as_str()), (1234.5, 2048.0, "proven optimal"));
        assert!(figure("fast").is_err());
        assert_eq!(shown_time(999.0), "999 us");
        assert_eq!(shown_time(1_500.0), "1.50 ms");
        assert_eq!(shown_time(2_340_000.0), "2.34 s");
        assert_eq!(shown_memory(2_048.0), "2 MiB");
    }
}
