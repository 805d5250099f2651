use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::{error, info, warn};

use super::unavailable::Unavailable;

/// How long nothing may fail until an outage counts as over.
const QUIET: Duration = Duration::from_secs(5);
/// How often it is logged at most that something took too long.
const BUSY_LOG_INTERVAL: Duration = Duration::from_mins(1);
/// How long after a connection turned out to be read-only others count as opened before that.
const MARGIN: Duration = Duration::from_millis(100);

/// What this process knows of its database, over all of its pools. An outage is logged when it begins and when it is over.
#[derive(Debug)]
pub struct Health(Mutex<State>);

static OF_PROCESS: Health =
    Health(Mutex::new(State { outage: None, failed_at: None, read_only_at: None, is_read_only: false, lost_at: None, busy: None }));

#[derive(Debug)]
struct State {
    outage: Option<Outage>,
    /// When a statement last failed because the database was unavailable.
    failed_at: Option<Instant>,
    /// When a connection last turned out to be read-only. Older connections may be as well.
    read_only_at: Option<Instant>,
    /// Whether the newest connection was read-only.
    is_read_only: bool,
    /// When a connection last turned out to be dead without having been closed. Older connections probably are, too.
    lost_at: Option<Instant>,
    busy: Option<Busy>,
}

#[derive(Debug)]
struct Outage {
    began_at: Instant,
    failed_at: Instant,
    failures: u64,
}

#[derive(Debug)]
struct Busy {
    logged_at: Instant,
    failures: u64,
}

impl Health {
    /// The one of this process: it works with one database.
    #[must_use]
    pub fn of_process() -> &'static Self {
        &OF_PROCESS
    }

    /// Takes note of an error, if it means that the database is unavailable. Called wherever errors of the database become answers or
    /// reports, so that no other code logs them.
    pub fn note(&self, error: &sqlx::Error) {
        match Unavailable::of(error) {
            Some(Unavailable::Lost) => self.failed(error),
            // sqlx says no more when the database refuses connections until the time is over.
            Some(Unavailable::Busy) if matches!(error, sqlx::Error::PoolTimedOut) => self.failed(error),
            Some(Unavailable::Busy) => self.busy(error),
            Some(Unavailable::ReadOnly) => self.lock().read_only_at = Some(Instant::now()),
            None => {}
        }
    }

    /// The database has done what it was asked.
    pub(super) fn answered(&self) {
        let mut state = self.lock();
        if state.outage.as_ref().is_some_and(|outage| outage.failed_at.elapsed() >= QUIET)
            && let Some(Outage { began_at, failures, .. }) = state.outage.take()
        {
            info!(seconds = began_at.elapsed().as_secs(), failures, "the database can be used again");
        }
    }

    fn failed(&self, error: &sqlx::Error) {
        let now = Instant::now();
        let mut state = self.lock();
        state.failed_at = Some(now);
        if let Some(outage) = &mut state.outage {
            outage.failures += 1;
            outage.failed_at = now;
            return;
        }
        state.outage = Some(Outage { began_at: now, failed_at: now, failures: 1 });
        error!(%error, "the database cannot be used: it does not accept connections, or all are in use; requests are answered UNAVAILABLE until it can");
    }

    fn busy(&self, error: &sqlx::Error) {
        let mut state = self.lock();
        let failures = state.busy.as_ref().map_or(0, |busy| busy.failures) + 1;
        if let Some(busy) = &mut state.busy
            && busy.logged_at.elapsed() < BUSY_LOG_INTERVAL
        {
            busy.failures = failures;
            return;
        }
        state.busy = Some(Busy { logged_at: Instant::now(), failures: 0 });
        warn!(%error, failures, "the database took too long: look for slow statements and held locks, or allow more connections");
    }

    /// A connection was opened.
    pub(super) fn connected(&self, is_read_only: bool) {
        let mut state = self.lock();
        if is_read_only {
            state.read_only_at = Some(Instant::now());
        }
        if state.is_read_only != is_read_only {
            state.is_read_only = is_read_only;
            if is_read_only {
                error!(
                    "the database is read-only: it is a standby, or default_transaction_read_only is on; changes are answered UNAVAILABLE"
                );
            } else {
                info!("the database can be written again");
            }
        }
    }

    /// A connection did not answer: the network has lost it.
    pub(super) fn lost_connection(&self) {
        self.lock().lost_at = Some(Instant::now());
    }

    /// Whether a connection of this age may be read-only.
    pub(super) fn may_be_read_only(&self, age: Duration) -> bool {
        self.lock().read_only_at.is_some_and(|at| at.elapsed() <= age + MARGIN)
    }

    /// Whether the database has failed since a connection was last used, so long ago.
    pub(super) fn has_failed_since(&self, idle: Duration) -> bool {
        self.lock().failed_at.is_some_and(|at| at.elapsed() <= idle)
    }

    /// Whether a connection of this age, that was not used for so long, is probably dead.
    pub(super) fn may_be_lost(&self, idle: Duration) -> bool {
        self.lock().lost_at.is_some_and(|at| at.elapsed() <= idle)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
