//! A durable Postgres for the measurements, and databases in it.

use std::path::{Path, PathBuf};

use embedded_postgres::{Config, EmbeddedPostgres};
use sqlx::{Connection, Executor, PgConnection};

use crate::outcome::Outcome;

/// What differs from the defaults of Postgres. Durability does not: `fsync`, `synchronous_commit` and `full_page_writes` are on.
const SETTINGS: [(&str, &str); 5] = [
    ("max_connections", "300"),
    ("shared_buffers", "512MB"),
    // Checkpoints come between measurements, not within; a million users are written with less than this on disk at once.
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "30min"),
    ("wal_compression", "off"),
];
/// What the report says of the settings.
const SHOWN: [&str; 6] = ["server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size"];

/// A cluster of its own below `target`. It is removed when it stops, or at the next start.
pub(crate) struct Cluster {
    postgres: EmbeddedPostgres,
    folder: PathBuf,
}

impl Cluster {
    pub(crate) async fn start(folder: &Path) -> Outcome<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        let config = Config { install: true, ..Config::new(folder) };
        let config = SETTINGS.iter().fold(config, |config, (name, value)| config.setting(*name, *value));
        Ok(Self { postgres: EmbeddedPostgres::start(config).await?, folder: folder.to_owned() })
    }

    pub(crate) async fn stop(self) -> Outcome<()> {
        self.postgres.stop().await?;
        Ok(std::fs::remove_dir_all(self.folder)?)
    }

    /// Creates an empty database, and answers its URL.
    pub(crate) async fn create(&self, name: &str) -> Outcome<String> {
        let mut admin = self.admin().await?;
        admin.execute(format!("drop database if exists {name} with (force)").as_str()).await?;
        admin.execute(format!("create database {name}").as_str()).await?;
        Ok(self.postgres.url(name))
    }

    /// Removes a database that is not needed any more.
    pub(crate) async fn drop(&self, name: &str) -> Outcome<()> {
        self.admin().await?.execute(format!("drop database if exists {name} with (force)").as_str()).await?;
        Ok(())
    }

    /// Writes what is in memory to disk, so that no measurement pays for the one before.
    pub(crate) async fn checkpoint(&self) -> Outcome<()> {
        self.admin().await?.execute("checkpoint").await?;
        Ok(())
    }

    /// The settings that decide about speed.
    pub(crate) async fn settings(&self) -> Outcome<String> {
        let mut admin = self.admin().await?;
        let mut shown = vec![];
        for name in SHOWN {
            let value: String = sqlx::query_scalar(&format!("show {name}")).fetch_one(&mut admin).await?;
            shown.push(format!("{name} {value}"));
        }
        Ok(shown.join(", "))
    }

    /// A program of the same Postgres, such as `pgbench`.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        let beside = self.postgres.report().bin_dir.join(name);
        if beside.exists() { beside } else { name.into() }
    }

    pub(crate) fn socket_folder(&self) -> &Path {
        &self.postgres.report().socket_dir
    }

    async fn admin(&self) -> Outcome<PgConnection> {
        Ok(PgConnection::connect(&self.postgres.url("postgres")).await?)
    }
}
