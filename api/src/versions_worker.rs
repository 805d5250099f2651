//! Keeps the past of users up with the feed, so that lists as of a moment are answered at once.
//!
//! Any number of processes do it in turns; one that stops or dies loses nothing. Whoever asks as of a moment that is not written yet
//! writes it themselves: this worker only sees to it that there is little left to write.

use std::sync::Arc;
use std::time::Duration;

use projections::users::{Advanced, advance};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::app::App;
use crate::outage::{report, within};

/// How often it looks for what is new.
const PAUSE: Duration = Duration::from_secs(1);
/// How long it leaves alone what fails.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Works until `shutdown`.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    shutdown.run_until_cancelled(follow(&app)).await;
}

async fn follow(app: &App) {
    let mut is_failing = false;
    loop {
        match within(advance(&app.database, app.commands.event_store())).await {
            Ok(Advanced { has_caught_up, .. }) => {
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
