//! How much callers get done, in process and over HTTP, beside pgbench and the textbook program.

use std::time::Duration;

use super::Bench;
use crate::machine;
use crate::outcome::Outcome;
use crate::pgbench::Script;
use crate::site::{Site, Way, name};
use crate::worker::process::Worker;
use crate::worker::{Job, Work};

impl Bench {
    pub(super) async fn throughput(&mut self, sites: &mut [Site]) -> Outcome<()> {
        let args = self.args.clone();
        let main = &sites[0];
        self.pgbench.prepare(&main.url, &main.worker.site.account).await?;
        let textbook = self.cluster.create("textbook").await?;
        let mut textbook = Worker::start(&self.trees[0].bench, "textbook", &textbook).await?;
        for site in &mut *sites {
            site.warm_up().await?;
        }
        for way in Way::ALL {
            for work in way.works().iter().filter(|work| args.wants(way, **work)) {
                if !self.begins(&format!("throughput: {} {}", way.name(), name(*work))) {
                    continue;
                }
                for &callers in &args.callers {
                    for round in 0..args.rounds() {
                        self.measure_round(sites, way, *work, callers, round).await?;
                        if way == Way::Process {
                            self.measure_others(&mut textbook, &sites[0].database, *work, callers).await?;
                        }
                    }
                }
                self.cluster.checkpoint().await?;
            }
        }
        Ok(())
    }

    /// Each site once, the first one another each round.
    pub(super) async fn measure_round(&mut self, sites: &mut [Site], way: Way, work: Work, callers: usize, round: usize) -> Outcome<()> {
        let count = sites.len();
        for turn in 0..count {
            let site = &mut sites[(turn + round) % count];
            machine::rest().await?;
            let sample = site.measure(way, work, callers, self.args.time()).await?;
            self.results.add(site.key(way, work, callers), sample);
        }
        Ok(())
    }

    /// What Roster is compared with, in the same round.
    async fn measure_others(&mut self, textbook: &mut Worker, database: &str, work: Work, callers: usize) -> Outcome<()> {
        let script = match work {
            Work::Invite => Script::Insert,
            Work::List => Script::Page,
            _ => return Ok(()),
        };
        machine::rest().await?;
        let sample = self.pgbench.run(database, script, callers, Duration::from_secs(1)).await?;
        self.results.add(format!("pgbench {script} callers={callers}"), sample);
        if work == Work::Invite {
            machine::rest().await?;
            let sample = textbook.measure(&Job::Run { work, callers, millis: self.args.millis() }).await?;
            self.results.add(format!("textbook invite callers={callers}"), sample);
        }
        Ok(())
    }
}
