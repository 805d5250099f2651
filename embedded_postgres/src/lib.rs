//! Starts a Postgres, so that Roster runs on a machine without one.
//!
//! It finds the programs (or installs them), makes a cluster in a private folder, serves it through a unix socket only, and
//! takes care that neither a crash of ours nor a stale file ever needs manual repair: a killed process takes its server down with
//! it, and what still stays behind is found and stopped by the next start. Data is as durable as any Postgres's.
//!
//! Start reading at [`EmbeddedPostgres::start`]. `binaries` and `install` find the programs, `owner` and `confine` choose and
//! change the user, `lock`, `orphan` and `socket` keep the folder, `cluster` makes it, `process` and `ready` run it. This crate
//! knows nothing of Roster and no SQL but `create database`.

mod binaries;
mod cluster;
mod confine;
mod error;
mod install;
mod lock;
mod log;
mod orphan;
mod owner;
mod process;
mod ready;
mod socket;

use std::{
    path::{Path, PathBuf},
    process::ExitStatus,
    time::{Duration, Instant},
};

use crate::{
    binaries::Binaries,
    error::Doing,
    lock::{Layout, Lock},
    process::Server,
};
pub use crate::{binaries::Version, error::Error, owner::RunsAs};

/// What to start, and where.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of the cluster, its lock and its socket. Made, and closed to others, if it does not exist.
    pub data_dir: PathBuf,
    /// The folder of the programs `postgres` and `initdb`; looked for when not given.
    pub bin_dir: Option<PathBuf>,
    /// May the programs be installed with the system's package manager when there are none?
    pub install: bool,
    /// Settings of the server, as in `postgresql.conf`.
    pub settings: Vec<(String, String)>,
    /// Databases that shall exist after the start.
    pub databases: Vec<String>,
}

impl Config {
    /// A durable server with its files in this folder and no database but its own; it installs nothing.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), bin_dir: None, install: false, settings: Vec::new(), databases: Vec::new() }
    }

    /// Adds a setting of the server; the last one of a name counts.
    #[must_use]
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Adds a database that shall exist.
    #[must_use]
    pub fn database(mut self, name: impl Into<String>) -> Self {
        self.databases.push(name.into());
        self
    }

    fn is_durable(&self) -> bool {
        !self.settings.iter().any(|(name, value)| name == "fsync" && value == "off")
    }
}

/// What was started, and why.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// The folder of the programs in use.
    pub bin_dir: PathBuf,
    /// Their version.
    pub version: Version,
    /// The user the server runs as, and why.
    pub runs_as: RunsAs,
    /// The server's process.
    pub pid: u32,
    /// The folder of its socket.
    pub socket_dir: PathBuf,
    /// How long the start took, from the call to the last database.
    pub started_in: Duration,
    /// Was the cluster made by this start?
    pub initialised: bool,
}

/// A running server. Dropping it asks the server to stop without waiting; [`EmbeddedPostgres::stop`] waits.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    server: Server,
    report: Report,
}

impl EmbeddedPostgres {
    /// Starts the server of this folder, making the folder and the cluster if need be.
    ///
    /// # Errors
    /// When there are no programs, the folder is in use or cannot be served, or the server does not start; see [`Error`].
    pub async fn start(config: Config) -> Result<Self, Error> {
        let began = Instant::now();
        let databases = config.databases.clone();
        let settings = config.settings.clone();
        let prepared = blocking(move || Prepared::prepare(&config)).await?;
        let Prepared { layout, lock, binaries, runs_as, socket_folder, initialised } = prepared;
        let cluster = layout.cluster();

        let server = process::spawn(layout, lock, &binaries, runs_as.clone(), &socket_folder, &settings).await?;
        let report = Report {
            bin_dir: binaries.folder.clone(),
            version: binaries.version,
            runs_as,
            pid: server.pid,
            socket_dir: socket_folder.clone(),
            started_in: Duration::ZERO,
            initialised,
        };
        // From here on an early return drops it, which stops the server.
        let mut started = Self { server, report };
        ready::wait(&started.server, &cluster).await?;
        blocking(move || databases.iter().try_for_each(|database| ready::create_database(&binaries, &socket_folder, database))).await?;
        started.report.started_in = began.elapsed();
        tracing::debug!(report = ?started.report, "Postgres is ready");
        Ok(started)
    }

    /// The URL of one of its databases, for sqlx or libpq: `postgres://roster@localhost:5432/<database>?host=<socket folder>`.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        socket::url(&self.report.socket_dir, database)
    }

    /// What was started.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Resolves when the server ends by itself or is stopped; with its status, where that is known.
    pub async fn exited(&self) -> Option<ExitStatus> {
        self.server.exited().await
    }

    /// Stops the server and waits until its folder is free. Open transactions are rolled back.
    ///
    /// # Errors
    /// When the server outlives every request to stop.
    pub async fn stop(self) -> Result<(), Error> {
        self.server.stop().await
    }
}

/// Everything that must be true before the server is spawned.
struct Prepared {
    layout: Layout,
    lock: Lock,
    binaries: Binaries,
    runs_as: RunsAs,
    socket_folder: PathBuf,
    initialised: bool,
}

impl Prepared {
    fn prepare(config: &Config) -> Result<Self, Error> {
        let layout = Layout::prepare(&config.data_dir)?;
        let lock = Lock::take(&layout)?;
        let major = cluster::major(&layout)?;
        let binaries = find_or_install(config.bin_dir.as_deref(), major, config.install)?;
        let runs_as = owner::choose(&layout)?;
        socket::close(&layout.folder)?;
        runs_as.give(&layout.folder)?;
        let initialised = major.is_none();
        if initialised {
            cluster::initialise(&layout, &binaries, &runs_as, config.is_durable())?;
        } else {
            orphan::stop(&layout.cluster())?;
            orphan::clear(&layout.cluster())?;
        }
        let socket_folder = socket::prepare(&layout, &runs_as)?;
        Ok(Self { layout, lock, binaries, runs_as, socket_folder, initialised })
    }
}

fn find_or_install(configured: Option<&Path>, major: Option<u32>, may_install: bool) -> Result<Binaries, Error> {
    if let Some(binaries) = binaries::find(configured, major)? {
        return Ok(binaries);
    }
    if may_install && install::possible() {
        install::install(major)?;
        if let Some(binaries) = binaries::find(configured, major)? {
            return Ok(binaries);
        }
    }
    Err(Error::NotInstalled { wanted: binaries::wanted(major), command: install::command(major) })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(panicked) => Err(std::io::Error::other(panicked)).doing(|| "finish a step of the start".to_owned()),
    }
}
