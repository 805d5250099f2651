//! The parts of a run. What is compared is measured in turns, round by round.

mod bulk;
mod history;
mod memory;
pub(crate) mod sizes;
mod tail;
mod throughput;

use std::path::PathBuf;
use std::time::Instant;

use crate::cluster::Cluster;
use crate::options::{Phase, RunArgs};
use crate::outcome::Outcome;
use crate::pgbench::Pgbench;
use crate::results::Results;
use crate::site::Site;
use crate::tree::Tree;

/// A run.
pub(crate) struct Bench {
    pub(crate) args: RunArgs,
    pub(crate) cluster: Cluster,
    pub(crate) pgbench: Pgbench,
    /// This tree, and the one it is compared with.
    pub(crate) trees: Vec<Tree>,
    /// For logs and scripts.
    pub(crate) folder: PathBuf,
    pub(crate) results: Results,
    pub(crate) began: Instant,
}

impl Bench {
    /// Measures everything that is wanted.
    pub(crate) async fn run(&mut self) -> Outcome<()> {
        if self.args.has(Phase::Throughput) || self.args.has(Phase::Tail) {
            let mut sites = self.open("main", self.args.users()).await?;
            if self.args.has(Phase::Throughput) {
                self.throughput(&mut sites).await?;
            }
            if self.args.has(Phase::Tail) {
                self.tail(&mut sites).await?;
            }
            self.close(sites).await?;
        }
        if self.args.has(Phase::Bulk) && self.begins("bulk") {
            self.bulk().await?;
        }
        if self.args.has(Phase::History) && self.begins("history") {
            self.history().await?;
        }
        if self.args.has(Phase::Memory) && self.begins("memory") {
            self.memory().await?;
        }
        if self.args.has(Phase::Sizes) && self.begins("sizes") {
            self.sizes().await?;
        }
        Ok(())
    }

    /// Says what is done now, and how long the run has taken.
    fn say(&self, what: &str) {
        let seconds = self.began.elapsed().as_secs();
        eprintln!("{:>3}:{:02}  {what}", seconds / 60, seconds % 60);
    }

    /// Says what is done now; `false` if there is no time left for it.
    fn begins(&self, what: &str) -> bool {
        let has_time = self.began.elapsed() < self.args.budget();
        self.say(&if has_time { what.to_owned() } else { format!("skipped, because the time is up (--minutes): {what}") });
        has_time
    }

    /// A database of each tree.
    async fn open(&self, purpose: &str, users: u64) -> Outcome<Vec<Site>> {
        self.say(&format!("{purpose}: databases with {users} users"));
        let mut sites = vec![];
        for tree in &self.trees {
            sites.push(Site::open(&self.cluster, tree, &self.folder, purpose, users).await?);
        }
        self.cluster.checkpoint().await?;
        Ok(sites)
    }

    async fn close(&self, sites: Vec<Site>) -> Outcome<()> {
        for site in sites {
            site.close(&self.cluster).await?;
        }
        Ok(())
    }
}
