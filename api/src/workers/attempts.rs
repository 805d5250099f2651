//! Writes the attempts that were refused, after they were answered: so no answer waits for it, and a flood of them costs little.

use std::sync::Arc;
use std::time::Duration;

use commands::WrittenAttempts;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::app::App;
use crate::outage::{report, within};

/// How long what is refused is gathered after a part was written. With the room in the queue it bounds what a flood may write.
const PAUSE: Duration = Duration::from_millis(500);

/// Writes attempts until `shutdown`; those that were answered before are written still.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    let mut flood = Flood::default();
    loop {
        let ends = shutdown.is_cancelled();
        match within(app.commands.write_refused_attempts()).await {
            Ok(WrittenAttempts { written, dropped }) => {
                flood.goes_on(dropped);
                debug!(written, "refused attempts were kept");
            }
            Err(failed) => report(&failed, "refused attempts could not be written"),
        }
        if ends {
            return;
        }
        let gathered = async {
            tokio::time::sleep(PAUSE).await;
            app.commands.refused_attempts_wait().await;
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = gathered => {}
        }
    }
}

/// That attempts come faster than they are written, which is logged when it begins and when it is over.
#[derive(Default)]
struct Flood {
    dropped: u64,
}

impl Flood {
    fn goes_on(&mut self, dropped: u64) {
        if dropped > 0 && self.dropped == 0 {
            warn!("attempts are refused faster than they are kept: not all of them can be seen in the account's list");
        }
        if dropped == 0 && self.dropped > 0 {
            info!(dropped = self.dropped, "all refused attempts are kept again");
            self.dropped = 0;
        }
        self.dropped += dropped;
    }
}
