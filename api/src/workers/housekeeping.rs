//! Deletes what is finished, in small batches, at a fixed interval: see `commands/src/housekeeping.rs`.
//!
//! Any number of processes may do it: of each batch one is the leader, and the others leave it alone.

use std::sync::Arc;
use std::time::Duration;

use commands::{Deleted, Finished};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error};

use crate::app::App;
use crate::chain::chain;

/// How often it looks for what is finished.
const INTERVAL: Duration = Duration::from_mins(10);

/// Deletes what is finished until `shutdown`; a batch that is under way then is finished.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    let mut rounds = interval(INTERVAL);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while shutdown.run_until_cancelled(rounds.tick()).await.is_some() {
        round(&app, &shutdown).await;
    }
}

/// Deletes everything that is finished now. What one kind of rows fails with does not keep the others.
async fn round(app: &App, shutdown: &CancellationToken) {
    // The buckets of limits are in the memory of this process, so each process empties its own.
    app.commands.delete_old_attempts((app.clock)());
    for what in Finished::ALL {
        let mut count = 0;
        while !shutdown.is_cancelled() {
            match app.commands.delete_finished(what, (app.clock)()).await {
                Ok(Deleted::Some(rows)) => count += rows,
                Ok(Deleted::All(rows)) => {
                    count += rows;
                    break;
                }
                Ok(Deleted::ByAnother) => break,
                Err(failed) => {
                    error!(table = what.table(), error = chain(&failed), "finished rows could not be deleted; trying again in 10 minutes");
                    break;
                }
            }
        }
        if count > 0 {
            debug!(table = what.table(), count, "finished rows were deleted");
        }
    }
}
