//! The resampling on all cores, with a line of progress. Deliberately absent: chance; every resample has its own, so that
//! the result is the same for any number of threads.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use app::catalogue::tf;
use app::text::Locale;
use domain::overview::{Evidence, Settings, bootstrap};
use domain::stats::Undefined;
use domain::stats::interval::{RankIntervals, Tally};

/// Pieces per thread: enough that no thread waits long for another, few enough that merging costs nothing.
const PIECES_PER_THREAD: u32 = 8;
/// Shorter work shows no progress.
const QUIET: Duration = Duration::from_millis(400);
/// Between two updates of the line.
const PACE: Duration = Duration::from_millis(100);

/// Runs the bootstrap to the end on `threads` threads.
///
/// # Errors
/// As [`bootstrap`].
pub fn intervals(
    locale: Locale,
    evidence: &Evidence,
    settings: &Settings,
    threads: NonZero<usize>,
) -> Result<RankIntervals, Undefined> {
    let bootstrap = bootstrap(evidence, settings)?;
    let total = bootstrap.resamples();
    let threads = u32::try_from(threads.get()).unwrap_or(1);
    let piece = total.div_ceil(threads.saturating_mul(PIECES_PER_THREAD)).max(1);
    let (next, done) = (AtomicU32::new(0), AtomicU32::new(0));
    let progress = Mutex::new(Progress::new(locale, total));
    let work = || {
        let mut sum: Option<Tally> = None;
        loop {
            let from = next.fetch_add(piece, Ordering::Relaxed);
            if from >= total {
                return sum;
            }
            let to = from.saturating_add(piece).min(total);
            let tally = bootstrap.run(from..to);
            match &mut sum {
                Some(sum) => sum.merge(tally),
                None => sum = Some(tally),
            }
            let done = done.fetch_add(to - from, Ordering::Relaxed) + (to - from);
            if let Ok(mut progress) = progress.try_lock() {
                progress.show(done);
            }
        }
    };
    let sums: Vec<Tally> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        let joined = others.into_iter().filter_map(|thread| match thread.join() {
            Ok(sum) => sum,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        own.into_iter().chain(joined).collect()
    });
    if let Ok(progress) = progress.lock() {
        progress.clear();
    }
    let mut sums = sums.into_iter();
    let mut all = sums.next().unwrap_or_else(|| bootstrap.run(0..0));
    sums.for_each(|sum| all.merge(sum));
    Ok(bootstrap.finish(all))
}

/// A line on the terminal that is written over; nothing where standard error is no terminal.
struct Progress {
    locale: Locale,
    total: u32,
    began: Instant,
    shown: Option<Instant>,
    is_terminal: bool,
}

impl Progress {
    fn new(locale: Locale, total: u32) -> Self {
        Self { locale, total, began: Instant::now(), shown: None, is_terminal: stderr().is_terminal() }
    }

    fn show(&mut self, done: u32) {
        let is_due = self.shown.map_or(self.began.elapsed() > QUIET, |shown| shown.elapsed() > PACE);
        if !self.is_terminal || !is_due {
            return;
        }
        let (done, total) = (done.to_string(), self.total.to_string());
        let line = tf(self.locale, "figure.progress", &[("done", &done), ("total", &total)]);
        // A line of progress that cannot be written is missed by nobody.
        let _shown = write!(stderr(), "\r{line}\u{1b}[K").and_then(|()| stderr().flush());
        self.shown = Some(Instant::now());
    }

    fn clear(&self) {
        if self.shown.is_some() {
            let _cleared = write!(stderr(), "\r\u{1b}[K").and_then(|()| stderr().flush());
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{BidId, PersonId};
    use domain::rule::Rule;
    use domain::score::{Sheet, rank};

    use super::*;

    /// 40 bids with 5 of 7 experts each, scores from a fixed multiplicative generator.
    fn evidence() -> Evidence {
        let rule = Rule::policy_preset();
        let bids: Vec<BidId> = (1..=40).map(|number| BidId(uuid::Uuid::from_u128(number))).collect();
        let mut state = 20_261_123_u64;
        let mut score = || {
            state = state * 48_271 % 2_147_483_647;
            60_000 + (state % 41) as i64 * 1_000
        };
        let sheets: Vec<Sheet> = bids
            .iter()
            .enumerate()
            .flat_map(|(index, bid)| (0..5).map(move |seat| (bid, (index + seat) % 7)))
            .map(|(bid, expert)| Sheet {
                bid: *bid,
                reviewer: PersonId(uuid::Uuid::from_u128(expert as u128 + 1)),
                scores_milli: (0..4).map(|_| score()).collect(),
                votes: Vec::new(),
            })
            .collect();
        let ranking = rank(&rule, 0, &sheets, &bids, b"seed").unwrap();
        Evidence::new(&rule, 0, &sheets, &ranking).unwrap()
    }

    #[test]
    fn the_number_of_threads_never_shows() {
        let evidence = evidence();
        let settings = Settings { resamples: 1_003, ..Settings::default() };
        let on = |threads: usize| {
            intervals(Locale::En, &evidence, &settings, NonZero::new(threads).unwrap()).unwrap()
        };
        let alone = on(1);
        assert_eq!(alone.total, 1_003);
        for threads in [2, 3, 7, 64] {
            assert_eq!(on(threads), alone, "{threads} threads");
        }
    }
}
