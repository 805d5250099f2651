//! How long callers wait at half of the load that is possible. Calls come at a steady rate, so each pause counts for all whom it delays.

use std::time::Duration;

use super::Bench;
use crate::measure::Spread;
use crate::outcome::Outcome;
use crate::site::{Site, Way, name};
use crate::worker::Work;

/// How many callers bring the load.
const CALLERS: usize = 64;
const ROUNDS: usize = 3;
/// What is measured, and how.
const WORKS: [(Way, Work); 5] = [
    (Way::Process, Work::Invite),
    (Way::Process, Work::UpdateZipf),
    (Way::Http, Work::Invite),
    (Way::Http, Work::List),
    (Way::Http, Work::Viewer),
];

impl Bench {
    pub(super) async fn tail(&mut self, sites: &mut [Site]) -> Outcome<()> {
        let args = self.args.clone();
        let rounds = ROUNDS.min(self.args.rounds());
        let lasting = self.args.time() * 3;
        for (way, work) in WORKS.into_iter().filter(|(way, work)| args.wants(*way, *work)) {
            if !self.begins(&format!("tail: {} {} at half load", way.name(), name(work))) {
                continue;
            }
            for site in &mut *sites {
                let mut most = vec![];
                for _ in 0..rounds {
                    most.push(site.measure(way, work, CALLERS, self.args.time()).await?.rate);
                }
                let rate = Spread::of(most).map_or(0.0, |rates| rates.median / 2.0);
                for _ in 0..rounds {
                    let sample = site.measure_steady(way, work, CALLERS, rate.max(1.0), lasting.max(Duration::from_millis(500))).await?;
                    self.results.add(format!("steady {}", site.key(way, work, CALLERS)), sample);
                }
            }
        }
        Ok(())
    }
}
