//! A database with users, a worker and a server on it: what one tree is measured with.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;

use crate::cluster::Cluster;
use crate::http::Target;
use crate::load;
use crate::measure::Sample;
use crate::outcome::Outcome;
use crate::server::{Server, migrate};
use crate::tree::Tree;
use crate::worker::process::Worker;
use crate::worker::{Job, Work};

/// Callers and time of each work before the first measurement.
const WARMING_CALLERS: usize = 16;
const WARMING_TIME: Duration = Duration::from_millis(100);

/// How something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// Through the crate `commands`, in a process of its own.
    Process,
    /// Through a server.
    Http,
}

impl Way {
    pub(crate) const ALL: [Self; 2] = [Self::Process, Self::Http];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Http => "http",
        }
    }

    /// What is measured this way.
    pub(crate) const fn works(self) -> &'static [Work] {
        match self {
            Self::Process => &[Work::Invite, Work::Update, Work::SignIn, Work::List, Work::Viewer],
            // A sign-in over HTTP needs a password, whose hashing is the rest of it, or a provider.
            Self::Http => &[Work::Invite, Work::Update, Work::List, Work::Viewer],
        }
    }
}

pub(crate) struct Site {
    pub(crate) tree: &'static str,
    pub(crate) users: u64,
    pub(crate) database: String,
    pub(crate) url: String,
    pub(crate) worker: Worker,
    pub(crate) server: Server,
    target: Target,
    members: Arc<Vec<String>>,
}

impl Site {
    /// Creates a database for a tree, with so many users besides those of `bench`.
    pub(crate) async fn open(cluster: &Cluster, tree: &Tree, folder: &Path, purpose: &str, users: u64) -> Outcome<Self> {
        let database = format!("{}_{purpose}", tree.name);
        let url = cluster.create(&database).await?;
        migrate(&tree.roster, &url).await?;
        let mut worker = Worker::start(&tree.bench, "roster", &url).await?;
        if users > 0 {
            worker.order(&Job::Seed { users }).await?;
        }
        let server = Server::start(&tree.roster, &url, &folder.join(format!("{database}.log"))).await?;
        let target = Target { address: server.address.clone(), path: "/graphql".to_owned(), token: worker.site.token.clone() };
        let members = Arc::new(worker.site.members.clone());
        Ok(Self { tree: tree.name, users, database, url, worker, server, target, members })
    }

    /// Opens all connections and plans all statements, so that the first measurement is one like the others.
    pub(crate) async fn warm_up(&mut self) -> Outcome<()> {
        for way in Way::ALL {
            for work in way.works() {
                self.measure(way, *work, WARMING_CALLERS, WARMING_TIME).await?;
            }
        }
        Ok(())
    }

    /// What the measurement is called in the results.
    pub(crate) fn key(&self, way: Way, work: Work, callers: usize) -> String {
        key(self.tree, way, work, callers, self.users)
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Callers repeat their work for a while.
    pub(crate) async fn measure(&mut self, way: Way, work: Work, callers: usize, lasting: Duration) -> Outcome<Sample> {
        match way {
            Way::Process => self.worker.measure(&Job::Run { work, callers, millis: millis(lasting) }).await,
            Way::Http => load::closed(&self.target.call(work, callers, &self.members)?, callers, lasting).await,
        }
    }

    /// The same at a steady rate.
    pub(crate) async fn measure_steady(&mut self, way: Way, work: Work, callers: usize, rate: f64, lasting: Duration) -> Outcome<Sample> {
        match way {
            Way::Process => self.worker.measure(&Job::Steady { work, callers, rate, millis: millis(lasting) }).await,
            Way::Http => load::open(&self.target.call(work, callers, &self.members)?, callers, rate, lasting).await,
        }
    }

    /// Ends both programs and removes the database.
    pub(crate) async fn close(self, cluster: &Cluster) -> Outcome<()> {
        let Self { database, worker, server, .. } = self;
        drop((worker, server));
        cluster.drop(&database).await
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// What a measurement is called in the results.
pub(crate) fn key(tree: &str, way: Way, work: Work, callers: usize, users: u64) -> String {
    format!("{tree} {} {} callers={callers} users={users}", way.name(), name(work))
}

/// As on the command line.
pub(crate) fn name(work: Work) -> String {
    work.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
