//! Looks into the requests for a new password, after they were answered: so the answers tell nothing about addresses.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::app::App;
use crate::outage::{report, within};

/// Looks into requests until `shutdown`; those that were answered before are looked into still.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    loop {
        let ends = shutdown.is_cancelled();
        match within(app.commands.look_into_reset_requests()).await {
            Ok(0) if ends => return,
            Ok(0) => {}
            Ok(count) => {
                debug!(count, "requests for a new password were looked into");
                continue;
            }
            // Each further one would take as long to fail. They were promised nothing, and ask again.
            Err(failed) if ends => {
                report(&failed, "requests for a new password could not be looked into, and are lost");
                return;
            }
            // The next one is not the one that failed.
            Err(failed) => {
                report(&failed, "a request for a new password could not be looked into");
                continue;
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = app.commands.reset_requests_wait() => {}
        }
    }
}
