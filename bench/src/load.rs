//! Callers that do something again and again.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::measure::{Sample, number, whole};
use crate::outcome::Outcome;

/// What a caller does: its number, and how often it has called before.
pub(crate) type Call = Arc<dyn Fn(usize, u64) -> Pin<Box<dyn Future<Output = Outcome<()>> + Send>> + Send + Sync>;

/// Makes a call of an async function.
pub(crate) fn call<F, C>(call: C) -> Call
where
    F: Future<Output = Outcome<()>> + Send + 'static,
    C: Fn(usize, u64) -> F + Send + Sync + 'static,
{
    Arc::new(move |caller, count| Box::pin(call(caller, count)))
}

/// So many callers, each of which calls again as soon as it has its answer. What ends in time counts.
///
/// Times say what a caller waits who does not come back earlier: a slow answer delays the next call. See [`open`] for the other kind.
pub(crate) async fn closed(call: &Call, callers: usize, lasting: Duration) -> Outcome<Sample> {
    let deadline = Instant::now() + lasting;
    let mut tasks = JoinSet::new();
    for caller in 0..callers {
        let call = Arc::clone(call);
        tasks.spawn(async move {
            let (mut times, mut failures, mut count) = (vec![], Failures::default(), 0);
            loop {
                let began = Instant::now();
                if began >= deadline {
                    return (times, failures);
                }
                let done = call(caller, count).await;
                count += 1;
                if failures.are_none_in(done) && Instant::now() <= deadline {
                    times.push(began.elapsed());
                }
            }
        });
    }
    collect(tasks, lasting).await
}

/// Calls at a steady rate, whatever the answers take. Times count from when a call was due, so a pause counts for every call that it
/// delays: the omission of such calls makes closed loops look better than they are.
pub(crate) async fn open(call: &Call, callers: usize, rate: f64, lasting: Duration) -> Outcome<Sample> {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for caller in 0..callers {
        let call = Arc::clone(call);
        tasks.spawn(async move {
            let (mut times, mut failures) = (vec![], Failures::default());
            for count in 0.. {
                let due = (number(caller) + whole(count) * number(callers)) / rate;
                if due >= lasting.as_secs_f64() {
                    break;
                }
                let due = start + Duration::from_secs_f64(due);
                sleep_until(due).await;
                if failures.are_none_in(call(caller, count).await) {
                    times.push(due.elapsed());
                }
            }
            (times, failures)
        });
    }
    collect(tasks, lasting).await
}

/// How many calls failed, and the first reason.
#[derive(Default)]
struct Failures {
    count: u64,
    first: Option<String>,
}

impl Failures {
    fn are_none_in(&mut self, done: Outcome<()>) -> bool {
        if let Err(error) = &done {
            self.count += 1;
            self.first.get_or_insert_with(|| error.to_string());
        }
        done.is_ok()
    }
}

async fn collect(mut tasks: JoinSet<(Vec<Duration>, Failures)>, lasting: Duration) -> Outcome<Sample> {
    let (mut all, mut failures) = (vec![], Failures::default());
    while let Some(done) = tasks.join_next().await {
        let (times, failed) = done?;
        all.extend(times);
        failures.count += failed.count;
        failures.first = failures.first.or(failed.first);
    }
    if let Some(reason) = failures.first.filter(|_| all.is_empty() || failures.count > all.len() as u64 / 100) {
        return Err(format!("{} calls failed, such as: {reason}", failures.count).into());
    }
    Ok(Sample::of(all, lasting, failures.count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_caller_calls_and_failures_are_not_counted_as_done() {
        let fails = call(|caller, count| async move {
            if caller == 0 && count > 0 {
                Err("no".into())
            } else {
                tokio::task::yield_now().await;
                Ok(())
            }
        });
        assert!(closed(&fails, 2, Duration::from_millis(20)).await.is_err(), "half of the callers fail");
        let works = call(|_, _| async { Ok(()) });
        assert!(open(&works, 3, 3000.0, Duration::from_millis(20)).await.is_ok_and(|sample| (sample.rate - 3000.0).abs() < 100.0));
    }
}
