//! Runs the workers of a server: whatever goes on beside the requests for as long as it serves.
//!
//! A worker that panics, or ends before the shutdown, is logged and started again, later each time. [`Supervisor::problems`]
//! tells `/readyz` of workers that do not run or keep failing. Nothing else in this crate starts a task that outlives a request or a
//! connection; a test looks for that.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info};

use crate::chain::chain;

/// How long the first restart waits. Each further one waits twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_mins(1);
/// After running for so long, a worker is taken for healthy again.
const HEALTHY: Duration = Duration::from_mins(5);
/// A worker that fails so often without being healthy in between keeps failing.
const KEEPS_FAILING: u32 = 3;

/// One of the tasks that run beside the requests.
pub struct Worker {
    name: &'static str,
    run: Box<dyn Fn() -> Run + Send + Sync>,
}

type Run = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Worker {
    /// A worker that runs until the shutdown. `run` is called again after each failure.
    pub fn new<F>(name: &'static str, run: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self { name, run: Box::new(move || Box::pin(run())) }
    }

    /// What it is called in the log and in `/readyz`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Starts it once.
    pub fn run(&self) -> impl Future<Output = ()> + Send + use<> {
        (self.run)()
    }
}

/// Keeps workers running until the shutdown. Clones watch over the same workers.
#[derive(Clone)]
pub struct Supervisor {
    shutdown: CancellationToken,
    tasks: TaskTracker,
    states: Arc<Mutex<BTreeMap<&'static str, State>>>,
}

/// How a worker is doing.
#[derive(Clone, Copy, Debug)]
struct State {
    /// Since when it runs; `None` while it waits to be started again.
    running_since: Option<Instant>,
    /// How often it has failed since it was healthy.
    failures: u32,
    /// How often it was started again, in all.
    restarts: u32,
}

impl Supervisor {
    /// A supervisor without workers. After `shutdown` it starts no worker again.
    #[must_use]
    pub fn new(shutdown: CancellationToken) -> Self {
        Self { shutdown, tasks: TaskTracker::new(), states: Arc::default() }
    }

    /// Starts a worker: `supervisor.spawn("mail", move || mail_worker::run(app.clone(), shutdown.clone()))`.
    pub fn spawn<F>(&self, name: &'static str, run: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.start(Worker::new(name, run));
    }

    /// Starts a worker.
    pub fn start(&self, worker: Worker) {
        self.states().insert(worker.name, State::started());
        self.tasks.spawn(self.clone().watch(worker));
    }

    /// One sentence for each worker that does not run, or keeps failing.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let problem = |(name, state): (&&'static str, &State)| match state {
            State { running_since: None, .. } => Some(format!("the worker `{name}` does not run")),
            State { running_since: Some(since), failures: KEEPS_FAILING.., .. } if since.elapsed() < HEALTHY => {
                Some(format!("the worker `{name}` keeps failing"))
            }
            State { .. } => None,
        };
        self.states().iter().filter_map(problem).collect()
    }

    /// Each worker by its name: whether it runs, and how often it was started again.
    #[must_use]
    pub fn details(&self) -> Value {
        let detail = |(name, state): (&&'static str, &State)| {
            ((*name).to_owned(), json!({ "running": state.running_since.is_some(), "restarts": state.restarts }))
        };
        Value::Object(self.states().iter().map(detail).collect())
    }

    /// Waits until every worker has ended, which they do after the shutdown.
    pub async fn ended(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    async fn watch(self, worker: Worker) {
        let name = worker.name;
        loop {
            let began = Instant::now();
            // A task of its own: its panic ends it, and nothing else. It does not outlive this one.
            let ended = Aborted(tokio::spawn(worker.run())).join().await;
            if self.shutdown.is_cancelled() {
                if let Err(failed) = ended {
                    error!(worker = name, error = chain(&failed), "a worker failed while it was stopping");
                }
                return;
            }
            let was_healthy = began.elapsed() >= HEALTHY;
            let failures = self.change(name, |state| {
                state.failures = if was_healthy { 1 } else { state.failures + 1 };
                state.running_since = None;
            });
            let pause = pause(failures);
            let reason = ended.err().map_or_else(|| "it ended by itself".to_owned(), |failed| chain(&failed));
            error!(worker = name, failures, again_in_seconds = pause.as_secs(), error = reason, "a worker failed; it is started again");
            tokio::select! {
                () = self.shutdown.cancelled() => return,
                () = sleep(pause) => {}
            }
            self.change(name, |state| {
                state.restarts += 1;
                state.running_since = Some(Instant::now());
            });
            info!(worker = name, "a worker is started again");
        }
    }

    /// Changes the state of a worker, and answers its failures.
    fn change(&self, name: &'static str, change: impl FnOnce(&mut State)) -> u32 {
        let mut states = self.states();
        let state = states.entry(name).or_insert_with(State::started);
        change(state);
        state.failures
    }

    fn states(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn started() -> Self {
        Self { running_since: Some(Instant::now()), failures: 0, restarts: 0 }
    }
}

fn pause(failures: u32) -> Duration {
    let doubled = failures.saturating_sub(1).min(16);
    FIRST_PAUSE.saturating_mul(1 << doubled).min(MAX_PAUSE)
}

/// A task that is aborted when no one waits for it any more.
struct Aborted(JoinHandle<()>);

impl Aborted {
    async fn join(mut self) -> Result<(), tokio::task::JoinError> {
        (&mut self.0).await
    }
}

impl Drop for Aborted {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

    use tokio::sync::Semaphore;

    use super::*;

    /// A worker that fails the first so many times; then it waits for the shutdown.
    fn failing(times: u32, how: fn(), started: Arc<Semaphore>, shutdown: &CancellationToken) -> Worker {
        let (left, shutdown) = (Arc::new(AtomicU32::new(times)), shutdown.clone());
        Worker::new("failing", move || {
            let (left, started, shutdown) = (Arc::clone(&left), Arc::clone(&started), shutdown.clone());
            async move {
                started.add_permits(1);
                if left.load(SeqCst) > 0 {
                    left.fetch_sub(1, SeqCst);
                    how();
                    return;
                }
                shutdown.cancelled().await;
            }
        })
    }

    async fn until(supervisor: &Supervisor, problems: &[&str]) {
        while supervisor.problems() != problems {
            sleep(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_panics_or_ends_is_started_again_and_is_a_problem_until_then() {
        for how in [(|| panic!("it fails")) as fn(), || {}] {
            let (shutdown, started) = (CancellationToken::new(), Arc::new(Semaphore::new(0)));
            let supervisor = Supervisor::new(shutdown.clone());
            supervisor.start(failing(1, how, Arc::clone(&started), &shutdown));
            started.acquire().await.unwrap().forget();
            until(&supervisor, &["the worker `failing` does not run"]).await;
            started.acquire().await.unwrap().forget();
            until(&supervisor, &[]).await;
            assert_eq!(supervisor.details(), json!({ "failing": { "running": true, "restarts": 1 } }));
            shutdown.cancel();
            supervisor.ended().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_keeps_failing_stays_a_problem_until_it_was_healthy_for_a_while() {
        let (shutdown, started) = (CancellationToken::new(), Arc::new(Semaphore::new(0)));
        let supervisor = Supervisor::new(shutdown.clone());
        supervisor.start(failing(3, || panic!("it fails"), Arc::clone(&started), &shutdown));
        let began = Instant::now();
        started.acquire_many(4).await.unwrap().forget();
        assert_eq!(began.elapsed().as_secs(), 1 + 2 + 4, "each pause is twice the last");
        until(&supervisor, &["the worker `failing` keeps failing"]).await;
        tokio::time::advance(HEALTHY).await;
        assert_eq!(supervisor.problems(), Vec::<String>::new());
        shutdown.cancel();
        supervisor.ended().await;
    }

    #[tokio::test]
    async fn after_the_shutdown_nothing_is_started_again() {
        let (shutdown, started) = (CancellationToken::new(), Arc::new(Semaphore::new(0)));
        let supervisor = Supervisor::new(shutdown.clone());
        shutdown.cancel();
        supervisor.start(failing(u32::MAX, || panic!("it fails"), Arc::clone(&started), &shutdown));
        supervisor.ended().await;
        assert_eq!(started.available_permits(), 1);
    }

    #[test]
    fn pauses_grow_up_to_a_minute() {
        assert_eq!([1, 2, 3, 7, 8, u32::MAX].map(|failures| pause(failures).as_secs()), [1, 2, 4, 60, 60, 60]);
    }
}
