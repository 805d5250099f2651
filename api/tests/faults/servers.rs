//! Two `roster serve` over one Postgres, each behind a wire of its own.

use std::{fs, net::SocketAddr};

use rustix::process::Signal;
use tokio::sync::watch;

use crate::postgres::{Postgres, roster_url_at};
use crate::program::{Ended, MASTER_KEY, Program, Serving};
use crate::wire::Wire;

/// How many there are.
pub(crate) const COUNT: usize = 2;

/// The workload meets no limit, and its request ids are believed. A server that stops says so for two seconds.
const SETTINGS: [(&str, &str); 7] = [
    ("ROSTER_SHUTDOWN_DELAY", "2"),
    ("ROSTER_SMTP_TIMEOUT", "2"),
    ("ROSTER_INVITATIONS_PER_DAY", "1000000000"),
    ("ROSTER_ATTEMPTS_PER_USER", "1000000"),
    ("ROSTER_ATTEMPTS_PER_ADDRESS", "1000000"),
    ("ROSTER_ATTEMPTS_PER_ACCOUNT", "1000000"),
    ("ROSTER_TRUSTED_PROXIES", "127.0.0.1"),
];

pub(crate) struct Servers {
    pub(crate) wires: Vec<Wire>,
    running: [Option<Serving>; COUNT],
    /// Where each is, or was.
    urls: watch::Sender<Vec<String>>,
    smtp_port: u16,
}

impl Servers {
    /// Prepares them for the database at this address; none runs yet.
    pub(crate) async fn prepare(database: SocketAddr, smtp_port: u16) -> Self {
        let wires = vec![Wire::start(database).await, Wire::start(database).await];
        Self { wires, running: [None, None], urls: watch::Sender::new(vec![String::new(); COUNT]), smtp_port }
    }

    /// Starts one, and waits until it is ready.
    pub(crate) async fn start(&mut self, which: usize) {
        let database = roster_url_at(self.wires[which].port());
        let serving = Serving::start_with(&database, self.smtp_port, &SETTINGS).await;
        self.urls.send_modify(|urls| urls[which].clone_from(&serving.url));
        self.running[which] = Some(serving);
    }

    /// Where clients find them.
    pub(crate) fn urls(&self) -> watch::Receiver<Vec<String>> {
        self.urls.subscribe()
    }

    pub(crate) fn get(&self, which: usize) -> &Serving {
        self.running[which].as_ref().expect("it runs")
    }

    pub(crate) fn signal(&self, which: usize, signal: Signal) {
        self.get(which).program.signal(signal);
    }

    /// Sends a signal that ends it, and waits for that.
    pub(crate) async fn end(&mut self, which: usize, signal: Signal) -> Ended {
        self.signal(which, signal);
        self.ended(which).await
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self, which: usize) -> Ended {
        self.running[which].take().expect("it runs").program.ended().await
    }

    /// Has clients ask the next one instead, as a load balancer does.
    pub(crate) fn take_out(&self, which: usize) {
        self.urls.send_modify(|urls| urls[which] = urls[(which + 1) % COUNT].clone());
    }

    /// Leads every wire to this Postgres.
    pub(crate) fn lead_to(&self, postgres: &Postgres) {
        self.wires.iter().for_each(|wire| wire.lead_to(postgres.address()));
    }

    /// How much memory one holds now, in KiB.
    pub(crate) fn memory(&self, which: usize) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.get(which).program.id().as_raw_nonzero()));
        let resident = status.ok().and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
            line.split_whitespace().next()?.parse().ok()
        });
        resident.unwrap_or(0)
    }
}

/// Runs a command of `roster` over this Postgres.
pub(crate) async fn roster(postgres: &Postgres, arguments: &[&str]) -> Ended {
    Program::run(arguments, &[("DATABASE_URL", &postgres.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)]).await
}
