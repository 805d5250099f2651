//! The memory of a server: at rest, and while many follow events.

use std::time::Duration;

use tokio::time::sleep;

use super::Bench;
use crate::measure::whole;
use crate::outcome::Outcome;
use crate::subscriptions::{Subscriptions, allow_many_files};
use crate::worker::{Job, Work};

/// How long a server is left alone before its memory is read.
const REST: Duration = Duration::from_secs(3);

impl Bench {
    pub(super) async fn memory(&mut self) -> Outcome<()> {
        let count = self.args.subscriptions();
        allow_many_files()?;
        let mut sites = self.open("memory", 1000).await?;
        for site in &mut sites {
            self.say(&format!("memory: {} at rest, and with {count} subscriptions", site.tree));
            sleep(REST).await;
            self.results.add_number(format!("{} memory-at-rest", site.tree), whole(site.server.memory()?));
            let mut open = Subscriptions::open(site.target(), count).await?;
            // A subscription holds what it needs when an event has come.
            let worker = &mut site.worker;
            while !open.are_told()? {
                worker.measure(&Job::Run { work: Work::Invite, callers: 1, millis: 1 }).await?;
                sleep(Duration::from_secs(1)).await;
            }
            sleep(REST).await;
            self.results.add_number(format!("{} memory-with-subscriptions", site.tree), whole(site.server.memory()?));
            drop(open);
        }
        self.close(sites).await
    }
}
