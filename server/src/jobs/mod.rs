//! What happens by the clock. Each job is a function that does one round and may be called at any time, by any number
//! of instances at once; [`run`] calls them again and again. Deliberately absent: rules, which are the store's.

pub mod clock;
pub mod mail;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use store::Store;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::mail::{Letterhead, Transport};

/// Letters leave soon after their event.
const MAIL_EVERY: Duration = Duration::from_secs(2);
/// Lists appear and close at most this late; bids are judged by the database's clock in any case.
const CLOCK_EVERY: Duration = Duration::from_secs(5);
/// Reminders and sweeping are not urgent.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// What a job works with.
#[derive(Clone)]
pub struct Deps {
    pub store: Store,
    pub transport: Arc<Transport>,
    pub letterhead: Arc<Letterhead>,
}

/// Resolves when the program is told to stop; may be waited for many times.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// The signal, and the sender that gives it with `true`.
    pub fn channel() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Also resolves when nobody is left who could give the signal.
    pub async fn wait(&mut self) {
        let _gone = self.0.wait_for(|stopped| *stopped).await;
    }
}

/// Runs every job until told to stop, then ends after the rounds under way.
pub async fn run(deps: Deps, stop: Stop) {
    let mut loops = JoinSet::new();
    let (mail, clock, tidy) = (deps.clone(), deps.clone(), deps);
    let mail_stop = stop.clone();
    loops.spawn(repeat("mail", MAIL_EVERY, stop.clone(), move || {
        let (deps, stop) = (mail.clone(), mail_stop.clone());
        async move { mail::run_until_empty(&deps, &stop).await }
    }));
    loops.spawn(repeat("clock", CLOCK_EVERY, stop.clone(), move || {
        let deps = clock.clone();
        async move { clock::run_once(&deps).await }
    }));
    loops.spawn(repeat("tidy", TIDY_EVERY, stop, move || {
        let deps = tidy.clone();
        async move { clock::tidy_once(&deps).await }
    }));
    while loops.join_next().await.is_some() {}
}

/// Calls `round` every `period`. A round that fails or panics is logged and followed by the next.
async fn repeat<Round, Outcome, Fault>(job: &'static str, period: Duration, mut stop: Stop, round: Round)
where
    Round: Fn() -> Outcome,
    Outcome: Future<Output = Result<usize, Fault>> + Send + 'static,
    Fault: std::fmt::Display + Send + 'static,
{
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.wait() => return,
            _ = ticks.tick() => {}
        }
        // A task of its own, so that a panic ends the round and not the loop.
        match tokio::spawn(round()).await {
            Ok(Ok(0)) => {}
            Ok(Ok(done)) => tracing::debug!(job, done, "round done"),
            Ok(Err(fault)) => tracing::error!(job, %fault, "round failed"),
            Err(fault) => tracing::error!(job, is_panic = fault.is_panic(), "round broke off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn a_round_that_fails_or_panics_is_followed_by_the_next() {
        let (sender, stop) = Stop::channel();
        let count = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&count);
        let running = tokio::spawn(repeat("test", Duration::from_millis(5), stop, move || {
            let number = seen.fetch_add(1, Ordering::SeqCst);
            async move {
                match number {
                    0 => Err("fault"),
                    1 => panic!("a round that panics"),
                    _ => Ok(1),
                }
            }
        }));
        for _ in 0..1_000 {
            if count.load(Ordering::SeqCst) > 3 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(count.load(Ordering::SeqCst) > 3);
        sender.send(true).unwrap();
        running.await.unwrap();
    }
}
