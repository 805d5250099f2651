//! A fault that happens again and again while clients work; then the judgement, and a row of the table.

use std::{
    env, fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::judge::{Verdict, judge};
use crate::postgres::Postgres;
use crate::random::Random;
use crate::servers::COUNT;
use crate::workload::{Delivered, Follower, Workload};
use crate::world::World;

/// Says how often each fault happens; once when it is not set.
const REPEAT: &str = "FAULTS_REPEAT";

/// Where the rows of the table are collected.
const ROWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/faults");

/// How long a client may be without service. It is generous: how long it took is in the table.
pub(crate) const TIMEOUT: Duration = Duration::from_mins(2);

/// How much memory a server may hold in the end, in KiB; a debug build holds more than another.
const MAX_MEMORY: u64 = 160_000;

/// A fault on trial.
pub(crate) struct Trial {
    pub(crate) world: World,
    pub(crate) random: Random,
    workload: Option<Workload>,
    follower: Follower,
    /// What the follower had when it started.
    beginning: Delivered,
    row: Row,
}

struct Row {
    /// Its place in the table.
    number: u32,
    fault: &'static str,
    repetitions: u32,
    worst_recovery: Duration,
}

impl Trial {
    /// Starts the world and its clients.
    pub(crate) async fn start(number: u32, fault: &'static str) -> Self {
        Self::start_over(number, fault, World::start(Postgres::start().await).await).await
    }

    /// The same over a world that was started already.
    pub(crate) async fn start_over(number: u32, fault: &'static str, world: World) -> Self {
        let seed = Random::seed();
        println!("{fault}: FAULTS_SEED={seed}");
        let mut random = Random::new(seed);
        let beginning = Delivered { cursor: Some(world.last_cursor().await), ..Delivered::default() };
        let site = world.site();
        let follower = Follower::start(Arc::clone(&site), beginning.clone(), 0);
        let workload = Some(Workload::start(site, "a", &mut random));
        let row = Row { number, fault, repetitions: 0, worst_recovery: Duration::ZERO };
        Self { world, random, workload, follower, beginning, row }
    }

    /// Whether the fault shall happen once more. Every client was served then since the last time.
    pub(crate) async fn again(&mut self) -> bool {
        let wanted = env::var(REPEAT).map_or(1, |text| text.parse().expect("FAULTS_REPEAT is a number"));
        self.workload().until_served_since(Instant::now(), TIMEOUT, "without any fault").await;
        self.row.repetitions += 1;
        self.row.repetitions <= wanted
    }

    /// One of the servers.
    pub(crate) fn any_server(&mut self) -> usize {
        self.random.below(COUNT)
    }

    /// Waits until every client is served while the fault lasts that began at this instant.
    pub(crate) async fn served_during(&mut self, began: Instant) {
        self.recovered(began, "while the fault lasts").await;
    }

    /// Waits until every client is served after the fault, which ended at this instant.
    pub(crate) async fn served_after(&mut self, ended: Instant) {
        self.recovered(ended, "after the fault").await;
    }

    async fn recovered(&mut self, since: Instant, when: &str) {
        let took = self.workload().until_served_since(since, TIMEOUT, when).await;
        println!("{}: every client is served {when} after {:.1} s", self.row.fault, took.as_secs_f64());
        self.row.worst_recovery = self.row.worst_recovery.max(took);
    }

    fn workload(&self) -> &Workload {
        self.workload.as_ref().expect("the clients are at work")
    }

    /// Has the clients finish.
    pub(crate) async fn pause(&mut self) {
        if let Some(workload) = self.workload.take() {
            workload.stop().await;
        }
    }

    /// Has the follower stop where it is.
    pub(crate) fn park_follower(&mut self) {
        self.follower.stop();
    }

    /// Sends clients off once more; the follower goes on where it was.
    pub(crate) fn resume(&mut self) {
        let site = self.world.site();
        self.follower = Follower::start(Arc::clone(&site), self.follower.so_far(), 0);
        self.workload = Some(Workload::start(site, &format!("b{}", self.row.repetitions), &mut self.random));
    }

    /// Has the clients finish, judges, and writes the row.
    ///
    /// # Panics
    /// When something was lost or happened twice.
    pub(crate) async fn judge(mut self) {
        self.pause().await;
        let verdict = judge(&self.world, &mut self.follower, &self.beginning).await;
        let memory = (0..COUNT).map(|which| self.world.servers.memory(which)).max().unwrap_or(0);
        self.row.repetitions -= 1;
        self.row.write(&verdict);
        println!(
            "{}: {}; {} sockets, {} mails twice, {memory} KiB",
            self.row.fault,
            self.world.journal.notes(),
            self.follower.so_far().sockets,
            verdict.mails_twice
        );
        assert!(verdict.lost.is_empty() && verdict.twice.is_empty(), "{verdict:#?}");
        assert!(memory <= MAX_MEMORY, "a server holds {memory} KiB");
    }
}

impl Row {
    fn write(&self, verdict: &Verdict) {
        let Self { number, fault, repetitions, worst_recovery } = self;
        let (lost, twice) = (verdict.lost.len(), verdict.twice.len());
        let row =
            format!("| {fault} | {repetitions} | {} | {lost} | {twice} | {:.1} s |\n", verdict.acknowledged, worst_recovery.as_secs_f64());
        print!("{row}");
        let folder = Path::new(ROWS);
        fs::create_dir_all(folder).and_then(|()| fs::write(folder.join(format!("{number:02}.md")), row)).expect("target can be written");
    }
}
