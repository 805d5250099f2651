//! A small database beside a large one: nothing may become slower as an account grows.

use super::Bench;
use crate::outcome::Outcome;
use crate::site::{Site, Way, name};
use crate::worker::Work;

/// How many callers there are.
pub(crate) const CALLERS: usize = 16;

impl Bench {
    pub(super) async fn sizes(&mut self) -> Outcome<()> {
        let args = self.args.clone();
        let tree = self.trees[0].clone();
        let mut sites = vec![];
        for users in self.args.sizes() {
            self.say(&format!("sizes: a database with {users} users"));
            sites.push(Site::open(&self.cluster, &tree, &self.folder, &format!("of_{users}"), users).await?);
        }
        self.cluster.checkpoint().await?;
        for way in Way::ALL {
            let past = if way == Way::Process { &[Work::Past][..] } else { &[] };
            for work in way.works().iter().chain(past).filter(|work| args.wants(way, **work)) {
                self.say(&format!("sizes: {} {}", way.name(), name(*work)));
                for round in 0..args.rounds() {
                    self.measure_round(&mut sites, way, *work, CALLERS, round).await?;
                }
            }
        }
        self.close(sites).await
    }
}
