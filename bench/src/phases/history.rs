//! What is computed from events, beside `copy` of the same rows. Each round has a new database, because a rebuild begins with empty tables.

use super::Bench;
use crate::outcome::Outcome;
use crate::worker::Job;

const ROUNDS: usize = 3;

impl Bench {
    pub(super) async fn history(&mut self) -> Outcome<()> {
        let users = self.args.rebuilt();
        for _ in 0..ROUNDS.min(self.args.rounds()) {
            let mut sites = self.open("history", 0).await?;
            self.say(&format!("history: {users} users are rebuilt, and exported"));
            for site in &mut sites {
                // Its workers would read the same events.
                site.server.stop().await?;
                site.worker.order(&Job::History { users }).await?;
                for (what, job) in
                    [("rebuild", Job::Rebuild), ("copy-in", Job::CopyIn), ("export", Job::Export), ("copy-out", Job::CopyOut)]
                {
                    let sample = site.worker.measure(&job).await?;
                    self.results.add(format!("{} {what}", site.tree), sample);
                }
            }
            self.close(sites).await?;
        }
        Ok(())
    }
}
