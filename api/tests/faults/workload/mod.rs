//! The clients that a fault meets: writers, someone who joins and signs in, readers, and a follower of the events. Each notes what it
//! was told.

mod client;
mod crowd;
mod follower;
mod joiner;
mod journal;
mod site;
mod writer;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::watch, task::JoinSet, time::timeout};

pub(crate) use client::{Client, Repeat};
pub(crate) use crowd::Crowd;
pub(crate) use follower::{Delivered, Follower};
pub(crate) use joiner::token_of;
pub(crate) use journal::{Journal, Notes, Operation};
pub(crate) use site::{PASSWORD, SLUG, Site};

use crate::random::Random;
use crate::servers::COUNT;
use writer::Writer;

const WRITERS: usize = 4;
const READERS: usize = 2;

/// Between two looks of a reader.
const THINKING: Duration = Duration::from_millis(100);

/// Clients at work.
pub(crate) struct Workload {
    site: Arc<Site>,
    clients: JoinSet<()>,
    progress: Vec<(String, watch::Receiver<Option<Instant>>)>,
}

impl Workload {
    /// Sends all clients off. `name` begins whatever they invent: no two workloads of a trial have the same.
    pub(crate) fn start(site: Arc<Site>, name: &str, random: &mut Random) -> Self {
        let mut workload = Self { site: Arc::clone(&site), clients: JoinSet::new(), progress: vec![] };
        // Half of each kind begins at each server.
        let client = |kind: &str, number: usize| Client::new(Arc::clone(&site), &format!("{name}{kind}{number}"), number % COUNT);
        for number in 0..WRITERS {
            workload.add(client("w", number), |client| Writer::new(client, random.fork()).write());
        }
        workload.add(client("j", 0), joiner::join);
        for number in 0..READERS {
            workload.add(client("r", number), read);
        }
        workload
    }

    fn add<F: Future<Output = ()> + Send + 'static>(&mut self, client: Client, work: impl FnOnce(Client) -> F) {
        self.progress.push((client.name().to_owned(), client.progress()));
        self.clients.spawn(work(client));
    }

    /// Waits until every client was served that asked at this instant or later; answers how long that took.
    ///
    /// # Panics
    /// When a client is not served in time.
    pub(crate) async fn until_served_since(&self, instant: Instant, max_wait: Duration, when: &str) -> Duration {
        for (name, progress) in &self.progress {
            let left = max_wait.saturating_sub(instant.elapsed());
            let served = timeout(left, progress.clone().wait_for(|begun| begun.is_some_and(|begun| begun >= instant))).await.is_ok();
            assert!(served, "{name} is not served within {max_wait:?} {when}; {}", self.site.journal.notes());
        }
        instant.elapsed()
    }

    /// Has every client finish what it has begun, so that it knows what came of it.
    pub(crate) async fn stop(mut self) {
        self.site.stop.cancel();
        while let Some(ended) = self.clients.join_next().await {
            ended.expect("a client does not panic");
        }
    }
}

/// Looks at the list and the log until the workload is over.
async fn read(mut client: Client) {
    while !client.is_over() {
        let page = client.read("{ users(first: 20) { nodes { id email status } } auditLog(first: 5) { nodes { id } } }").await;
        if page.is_some_and(|page| page["users"]["nodes"].as_array().is_none_or(Vec::is_empty)) {
            client.unexpected("the list is empty".to_owned());
        }
        client.think(THINKING).await;
    }
}
