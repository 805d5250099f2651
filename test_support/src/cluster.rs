//! Clusters for tests, with the template that every test database is cloned from.

use std::{error::Error, path::Path, thread, time::Duration};

use embedded_postgres::{Config, EmbeddedPostgres};
use sqlx::{
    Connection, Executor, PgConnection, PgPool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{process::Command, time};
use uuid::Uuid;

use crate::{TIMEOUT, TestDatabase, TestFolder, database};

/// The environment variable with the URL of the run's cluster, database `postgres`.
pub const VARIABLE: &str = "ROSTER_TEST_POSTGRES";

/// The environment variable with the folder of the run, removed at its end.
pub const FOLDER_VARIABLE: &str = crate::folder::PARENT;

/// The migrated database that test databases are cloned from.
pub const TEMPLATE: &str = "roster_template";

const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");

/// Starts a cluster with an up-to-date template. It gives up durability for speed: it lives no longer than its tests.
///
/// # Errors
/// When Postgres does not start or a migration fails.
pub async fn start(folder: &Path) -> Result<EmbeddedPostgres, Box<dyn Error + Send + Sync>> {
    start_with(folder, &[]).await
}

async fn start_with(folder: &Path, settings: &[(&str, &str)]) -> Result<EmbeddedPostgres, Box<dyn Error + Send + Sync>> {
    let postgres = EmbeddedPostgres::start(config(folder, settings)).await?;
    prepare_template(&postgres.url("postgres")).await?;
    Ok(postgres)
}

/// A server that gives up durability for speed.
fn config(folder: &Path, settings: &[(&str, &str)]) -> Config {
    let config = Config { install: true, ..Config::new(folder) }
        .setting("fsync", "off")
        .setting("synchronous_commit", "off")
        .setting("full_page_writes", "off")
        .setting("max_connections", "400")
        .setting("shared_buffers", "128MB")
        .setting("autovacuum_naptime", "1h");
    settings.iter().fold(config, |config, (name, value)| config.setting(*name, *value))
}

/// Makes the template again in the cluster of this administrative URL.
///
/// # Errors
/// When a migration fails, with its name.
pub async fn prepare_template(admin: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
    let admin: PgConnectOptions = admin.parse()?;
    let mut connection = PgConnection::connect_with(&admin).await?;
    connection.execute(format!("drop database if exists {TEMPLATE} with (force)").as_str()).await?;
    connection.execute(format!("create database {TEMPLATE}").as_str()).await?;
    connection.close().await?;

    let mut template = PgConnection::connect_with(&admin.database(TEMPLATE)).await?;
    migrate(&mut template).await?;
    // Clones copy what is on disk; a checkpoint now saves every one of them the wait for it.
    template.execute("checkpoint").await?;
    template.close().await?;
    Ok(())
}

/// Clones a database for one command, and answers its URL.
///
/// # Errors
/// When it cannot be cloned.
pub async fn fresh_database(admin: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
    let name = format!("run_{}", Uuid::new_v4().simple());
    database::clone_template(&admin.parse()?, &name).await?;
    Ok(database::with_database(admin, &name))
}

pub(crate) async fn migrate(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let folder = Path::new(MIGRATIONS);
    if !folder.is_dir() {
        return Ok(());
    }
    // Read when it runs, not when it is compiled: a new migration needs no new build of this crate.
    Migrator::new(folder).await?.run_direct(connection).await
}

/// A cluster of one test, stopped and removed on drop. The database is migrated.
#[derive(Debug)]
pub struct OwnCluster {
    url: String,
    pool: PgPool,
    postgres: Option<EmbeddedPostgres>,
    /// Last: removed after the server has ended.
    folder: Option<TestFolder>,
}

/// Starts a cluster that no other test uses, with one migrated database.
///
/// # Panics
/// When it cannot be started.
pub async fn own_cluster() -> OwnCluster {
    own_cluster_with(&[]).await
}

/// Starts a cluster that no other test uses, whose log can be read with [`OwnCluster::log`]; it logs what the embedded server logs.
///
/// # Panics
/// When it cannot be started.
pub async fn own_cluster_with_log() -> OwnCluster {
    own_cluster_with(&[("logging_collector", "on"), ("log_rotation_size", "0")]).await
}

/// Starts a cluster that no other test uses, with these settings of the server.
///
/// # Panics
/// When it cannot be started.
pub async fn own_cluster_with(settings: &[(&str, &str)]) -> OwnCluster {
    let folder = TestFolder::create().expect("a temporary folder can be made");
    let postgres = start_with(&folder.path().join("postgres"), settings).await.expect("a cluster for this test starts");
    OwnCluster::over(folder, postgres)
}

impl OwnCluster {
    fn over(folder: TestFolder, postgres: EmbeddedPostgres) -> Self {
        let url = postgres.url(TEMPLATE);
        let pool = PgPoolOptions::new().max_connections(20).connect_lazy(&url).expect("it has a Postgres URL");
        Self { url, pool, postgres: Some(postgres), folder: Some(folder) }
    }

    /// Serves a folder that was prepared outside, as it is: without a template of this run.
    pub(crate) async fn serve(folder: TestFolder, settings: &[(&str, &str)]) -> Self {
        let postgres = EmbeddedPostgres::start(config(&folder.path().join("postgres"), settings)).await;
        Self::over(folder, postgres.expect("a cluster for this test starts"))
    }

    /// Stops the server, and answers its folder.
    pub(crate) async fn stop_server(mut self) -> TestFolder {
        self.pool.close().await;
        if let Some(postgres) = self.postgres.take() {
            postgres.stop().await.expect("it stops");
        }
        self.folder.take().expect("it is taken only here")
    }

    /// The URL of its migrated database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Connections to its migrated database.
    #[must_use]
    pub fn pool(&self) -> PgPool {
        self.pool.clone()
    }

    /// One more database, cloned from the migrated one, to which no client may be connected then.
    ///
    /// # Panics
    /// When a client is.
    pub async fn create_database(&self) -> TestDatabase {
        TestDatabase::create_in(&self.postgres().url("postgres")).await
    }

    /// A database that is there already, such as one of a restored cluster. It is dropped with the value, as all are.
    #[must_use]
    pub fn database(&self, name: &str) -> TestDatabase {
        TestDatabase::existing(&self.postgres().url(name), name)
    }

    /// One more database, without any table.
    pub async fn create_empty_database(&self) -> TestDatabase {
        TestDatabase::create_empty_in(&self.postgres().url("postgres"), "").await
    }

    /// The whole of a database as `pg_dump` writes it: SQL.
    ///
    /// # Panics
    /// When it cannot be dumped.
    pub async fn dump(&self, database_url: &str) -> String {
        let mut command = Command::new(self.postgres().report().bin_dir.join("pg_dump"));
        let output = command.arg("--dbname").arg(database_url).output().await.expect("pg_dump is installed with postgres");
        assert!(output.status.success(), "pg_dump: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("a dump is UTF-8")
    }

    /// All that the server has logged so far, if it was started with [`own_cluster_with_log`].
    ///
    /// # Panics
    /// When it keeps no log, or what it is told to log does not come.
    pub async fn log(&self) -> String {
        let mut connection = PgConnection::connect(&self.postgres().url("postgres")).await.expect("the cluster takes connections");
        // Another process writes the file, in the order of what it is given: what came before this line is there when it is.
        let last = format!("read until {}", Uuid::new_v4());
        let raise = format!("do $$ begin raise log '{last}'; end $$");
        connection.execute(raise.as_str()).await.expect("the server logs");
        let read = async {
            loop {
                let log = sqlx::query_scalar::<_, String>("select pg_read_file(pg_current_logfile())").fetch_one(&mut connection).await;
                let log = log.expect("the server keeps a log");
                if log.contains(&last) {
                    return log;
                }
                time::sleep(Duration::from_millis(20)).await;
            }
        };
        time::timeout(TIMEOUT, read).await.expect("the log is written")
    }

    /// The server, for tests that stop it.
    ///
    /// # Panics
    /// Never: it is there until the drop.
    #[must_use]
    pub fn postgres(&self) -> &EmbeddedPostgres {
        self.postgres.as_ref().expect("it is taken only on drop")
    }
}

impl Drop for OwnCluster {
    fn drop(&mut self) {
        let Some(postgres) = self.postgres.take() else { return };
        // A drop cannot await, and may itself run inside a runtime: wait in a thread with one of its own.
        let stopped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(postgres.stop()).map_err(std::io::Error::other)
        });
        drop(stopped.join());
    }
}
