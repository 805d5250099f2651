//! Watches how far the feed is complete, and says who holds it back.
//!
//! An open transaction anywhere in the database cluster hides every event that is recorded after it got its id. Roster cannot end it, so
//! it says which one it is: `/readyz` has the state, the log the transaction.

use std::sync::Arc;
use std::time::Duration;

use event_store::{Cursor, Error, Holder, Horizon};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::app::App;
use crate::chain::chain;

/// How often it looks.
const PAUSE: Duration = Duration::from_secs(1);
/// From when on a transaction that holds the feed back is reported.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often it is reported again.
const REPEAT: Duration = Duration::from_mins(5);

/// Watches until `shutdown`.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    shutdown.run_until_cancelled(watch(&app)).await;
}

async fn watch(app: &App) {
    let mut hold = None;
    loop {
        // Others report a lost database.
        if let Err(failed) = look(app, &mut hold).await {
            debug!(error = chain(&failed), "how far the feed is complete could not be found out");
        }
        sleep(PAUSE).await;
    }
}

/// That one transaction holds the feed back.
struct Hold {
    end: Cursor,
    since: Instant,
    reported: Option<Instant>,
}

async fn look(app: &App, hold: &mut Option<Hold>) -> Result<(), Error> {
    let (horizon, holder) = app.commands.event_store().find_horizon_and_holder(&app.database).await?;
    if let Some(over) = hold.take_if(|hold| hold.end != horizon.end) {
        over.report_end();
    }
    // Where nothing is open, the end of the feed rests as well.
    let Some(holder) = holder else {
        if let Some(over) = hold.take() {
            over.report_end();
        }
        return Ok(());
    };
    let hold = hold.get_or_insert_with(|| Hold { end: horizon.end, since: Instant::now(), reported: None });
    let is_due = hold.reported.map_or(hold.since.elapsed() >= TIMEOUT, |reported| reported.elapsed() >= REPEAT);
    if is_due {
        hold.reported = Some(Instant::now());
        report(&holder, &horizon, hold.since.elapsed());
    }
    Ok(())
}

impl Hold {
    fn report_end(&self) {
        if self.reported.is_some() {
            info!(held_seconds = self.since.elapsed().as_secs(), "history goes on: the transaction that held it back has ended");
        }
    }
}

/// Its statement is not told: it may hold what is personal.
fn report(holder: &Holder, horizon: &Horizon, held: Duration) {
    let Holder { pid, prepared, database, user, application, age } = holder;
    warn!(
        pid,
        prepared,
        database,
        user,
        application,
        age_seconds = age.unwrap_or(held).max(held).as_secs(),
        behind_seconds = horizon.behind().map(|behind| behind.num_seconds()),
        "an open transaction holds history back: audit log, subscriptions, exports and lists of the past are without what was recorded \
         since it began. Let it end, or end it with pg_terminate_backend (a prepared one with rollback prepared)"
    );
}
