//! A small database beside a large one: nothing may become slower as an account grows.

use super::Bench;
use crate::outcome::Outcome;
use crate::site::{Site, Way, name};
use crate::worker::Work;

/// How many callers there are.
pub(crate) const CALLERS: usize = 16;

/// What is measured in both databases.
pub(crate) fn works() -> impl Iterator<Item = (Way, Work)> {
    let works = Way::ALL.into_iter().flat_map(|way| way.works().iter().map(move |work| (way, *work)));
    works.chain([(Way::Process, Work::Past)])
}

impl Bench {
    pub(super) async fn sizes(&mut self) -> Outcome<()> {
        let args = self.args.clone();
        let tree = self.trees[0].clone();
        let mut sites = vec![];
        for users in self.args.sizes() {
            self.say(&format!("sizes: a database with {users} users"));
            sites.push(Site::open(&self.cluster, &tree, &self.folder, &format!("of_{users}"), users).await?);
        }
        for site in &mut sites {
            site.warm_up().await?;
        }
        self.cluster.checkpoint().await?;
        for (way, work) in works().filter(|(way, work)| args.wants(*way, *work)) {
            if !self.begins(&format!("sizes: {} {}", way.name(), name(work))) {
                continue;
            }
            for round in 0..args.rounds() {
                self.measure_round(&mut sites, way, work, CALLERS, round).await?;
            }
        }
        self.close(sites).await
    }
}
