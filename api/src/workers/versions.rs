//! Follows the feed for the past of users: writes checkpoints, with which an instant is found sooner, and reports every event that cannot be
//! read, whichever reader has met it.
//!
//! It also writes the past of users who lack it, as after an upgrade. Any number of processes share that, and one that stops or dies leaves
//! its part to the others.

use std::sync::Arc;
use std::time::Duration;

use event_store::{Cursor, Error, UnreadableEvent};
use projections::users::{Advanced, advance, prepare, reread};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::app::App;
use crate::outage::{report, within};

/// How often it looks for what is new.
const PAUSE: Duration = Duration::from_secs(1);
/// How long it leaves alone what fails.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How often unreadable events are read again.
const REREAD: Duration = Duration::from_secs(10);

/// Works until `shutdown`.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    shutdown.run_until_cancelled(follow(&app)).await;
}

async fn follow(app: &App) {
    let mut is_failing = false;
    let mut reread = Reread { after: Cursor::default(), at: Instant::now() };
    loop {
        match within(step(app, &mut reread)).await {
            Ok(has_caught_up) => {
                if is_failing {
                    info!("the past of users is written again");
                }
                is_failing = false;
                if has_caught_up {
                    sleep(PAUSE).await;
                }
            }
            Err(failed) => {
                if !is_failing {
                    report(&failed, "the past of users could not be written; trying again");
                }
                is_failing = true;
                sleep(PAUSE_AFTER_FAILURE).await;
            }
        }
    }
}

/// Where unreadable events are read again next, and when.
struct Reread {
    after: Cursor,
    at: Instant,
}

/// Does the next part. Answers whether there is nothing more to do for now.
async fn step(app: &App, next: &mut Reread) -> Result<bool, projections::Error> {
    let store = app.commands.event_store();
    let Advanced { has_caught_up, .. } = advance(&app.database, store).await?;
    alarm(app, store.take_reports()).await?;
    if next.at <= Instant::now() {
        let after = reread(&app.database, store, next.after).await?;
        *next = Reread { after: after.unwrap_or_default(), at: Instant::now() + REREAD };
    }
    let prepared = prepare(&app.database, store, None).await?;
    Ok(has_caught_up && prepared == 0)
}

/// Raises the alarm for events that cannot be read, and remembers them for filters.
async fn alarm(app: &App, events: Vec<UnreadableEvent>) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    for UnreadableEvent { account_id, event, reason, .. } in &events {
        error!(
            account_id = %account_id,
            event,
            reason,
            "an event cannot be read: it is shown as unreadable, and its user's past is without it until it can be read"
        );
    }
    app.commands.event_store().record_unreadable(&app.database, &events).await
}
