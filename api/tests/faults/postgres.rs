//! A Postgres of a test's own that can be killed, filled, copied and started again. It keeps what it has acknowledged, also when it
//! is killed; only a loss of power would lose something.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use embedded_postgres::{Config, EmbeddedPostgres};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use test_support::{TestFolder, cluster, end_with_test};
use tokio::{process::Command, time::timeout};

use crate::program::TIMEOUT;

/// The database of Roster in it.
const DATABASE: &str = cluster::TEMPLATE;

/// A running Postgres.
pub(crate) struct Postgres {
    /// `None` while it is down.
    running: Option<EmbeddedPostgres>,
    port: u16,
    /// Where its own folder and whatever belongs to it lie.
    place: PathBuf,
    /// In their values `{place}` stands for `place`.
    settings: Vec<(String, String)>,
    /// Last: removed after the server has ended.
    _folder: Option<TestFolder>,
}

impl Postgres {
    /// Starts one with Roster's schema.
    pub(crate) async fn start() -> Self {
        let postgres = Self::start_empty(&[]).await;
        cluster::prepare_template(&postgres.url_of("postgres")).await.expect("the schema can be made");
        postgres
    }

    /// Starts one that has no database but its own.
    pub(crate) async fn start_empty(settings: &[(&str, &str)]) -> Self {
        let mut postgres = Self::prepare(settings);
        postgres.start_again().await;
        postgres
    }

    /// Starts one whose folder lies in this one.
    pub(crate) async fn start_in(place: PathBuf, folder: Option<TestFolder>, settings: &[(&str, &str)]) -> Self {
        let mut postgres = Self::stopped_in(place, folder, settings);
        postgres.start_again().await;
        postgres
    }

    /// Prepares one that has not been started.
    pub(crate) fn prepare(settings: &[(&str, &str)]) -> Self {
        let folder = TestFolder::create().expect("a temporary folder can be made");
        Self::stopped_in(folder.path().to_owned(), Some(folder), settings)
    }

    fn stopped_in(place: PathBuf, folder: Option<TestFolder>, settings: &[(&str, &str)]) -> Self {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { running: None, port: 0, place, settings, _folder: folder }
    }

    /// Starts it, at another port. What was committed is there.
    pub(crate) async fn start_again(&mut self) {
        for attempt in 1.. {
            // A port that was free a moment ago, and another one where that was lost.
            self.port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port is free").port();
            match EmbeddedPostgres::start(self.config()).await {
                Ok(running) => {
                    self.running = Some(running);
                    return;
                }
                Err(error) => assert!(attempt < 3, "Postgres does not start: {error}"),
            }
        }
    }

    fn config(&self) -> Config {
        // Processes are killed here, not machines: what was given to the kernel is kept.
        let config = Config { install: true, ..Config::new(self.place.join("postgres")) }
            .setting("fsync", "off")
            .setting("listen_addresses", "127.0.0.1")
            .setting("port", self.port.to_string())
            .setting("shared_buffers", "64MB");
        let place = self.place.to_string_lossy();
        self.settings.iter().fold(config, |config, (name, value)| config.setting(name, value.replace("{place}", &place)))
    }

    /// A copy of it in another folder, as a backup or a standby begins: taken by `pg_basebackup` while it runs.
    pub(crate) async fn copy(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let copy = Self::prepare(settings);
        let data = copy.place.join("postgres");
        fs::create_dir(&data).expect("the folder can be written");
        // It says that the folder is one that `embedded_postgres` may start.
        fs::write(data.join("roster.lock"), "").expect("the folder can be written");
        let cluster = data.join("cluster");
        let mut command = self.tool("pg_basebackup");
        command.arg("--dbname").arg(self.url_of("postgres")).arg("--pgdata").arg(&cluster).args(["--checkpoint=fast"]).args(arguments);
        succeed(&mut command).await;
        succeed(Command::new("chown").arg("-R").arg(format!("--reference={}", self.data().display())).arg(&data)).await;
        copy
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.place.join("postgres/cluster")
    }

    /// Its folder, with room for files that belong to it.
    pub(crate) fn place(&self) -> &Path {
        &self.place
    }

    /// A program that stands beside `postgres`.
    pub(crate) fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.running().report().bin_dir.join(name));
        command.current_dir("/");
        command.stdin(Stdio::null()).kill_on_drop(true);
        end_with_test(command.as_std_mut());
        command
    }

    pub(crate) fn running(&self) -> &EmbeddedPostgres {
        self.running.as_ref().expect("Postgres runs")
    }

    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// The URL of Roster's database.
    pub(crate) fn url(&self) -> String {
        self.url_of(DATABASE)
    }

    pub(crate) fn url_of(&self, database: &str) -> String {
        url_at(self.port, database)
    }

    /// Kills the postmaster, and waits until its backends have ended, too.
    pub(crate) async fn kill(&mut self) {
        let running = self.running.take().expect("Postgres runs");
        kill(running.report().pid);
        timeout(TIMEOUT, running.exited()).await.expect("it ends when it is killed");
    }

    /// Stops it as an operator does.
    pub(crate) async fn stop(&mut self) {
        self.running.take().expect("Postgres runs").stop().await.expect("it stops");
    }

    /// Whether it has ended by itself; otherwise it takes connections. In between it may recover.
    pub(crate) async fn has_ended(&mut self) -> bool {
        let takes_connections = async {
            while self.try_ask::<bool>("select true").await.is_err() {
                crate::pause().await;
            }
        };
        let ended = tokio::select! {
            _ = self.running().exited() => true,
            waited = timeout(TIMEOUT, takes_connections) => waited.map_or_else(|_| panic!("Postgres neither ends nor recovers"), |()| false),
        };
        if ended {
            self.running = None;
        }
        ended
    }

    /// A connection to Roster's database, past every wire.
    pub(crate) async fn connect(&self) -> PgConnection {
        self.try_connect().await.expect("Postgres takes connections")
    }

    async fn try_connect(&self) -> Result<PgConnection, sqlx::Error> {
        // Not as Roster, so that Roster's connections can be counted.
        let options: PgConnectOptions = self.url().parse().expect("it is a URL");
        PgConnection::connect_with(&options.application_name("faults").disable_statement_logging()).await
    }

    /// Asks for one value.
    pub(crate) async fn ask<T>(&self, sql: &str) -> T
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
    {
        self.try_ask(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The same, where it may be down or starting.
    pub(crate) async fn try_ask<T>(&self, sql: &str) -> Result<T, sqlx::Error>
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
    {
        let mut connection = self.try_connect().await?;
        let value = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(value)
    }

    /// Runs statements.
    pub(crate) async fn run(&self, sql: &str) {
        let mut connection = self.connect().await;
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.expect("it closes");
    }

    /// Waits until a condition holds.
    pub(crate) async fn until(&self, sql: &str, what: &str) {
        let holds = async {
            while !matches!(self.try_ask::<bool>(sql).await, Ok(true)) {
                crate::pause().await;
            }
        };
        timeout(TIMEOUT, holds).await.unwrap_or_else(|_| panic!("waited in vain until {what}"));
    }
}

/// The URL of a database behind this port.
pub(crate) fn url_at(port: u16, database: &str) -> String {
    format!("postgres://roster@127.0.0.1:{port}/{database}?sslmode=disable")
}

/// The URL of Roster's database behind this port.
pub(crate) fn roster_url_at(port: u16) -> String {
    url_at(port, DATABASE)
}

/// Kills a process.
pub(crate) fn kill(pid: u32) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).expect("a process id");
    // It may have ended in this very moment.
    let _ = kill_process(pid, Signal::KILL);
}

/// Runs a program that must succeed.
pub(crate) async fn succeed(command: &mut Command) -> Output {
    let output = command.output().await.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}
