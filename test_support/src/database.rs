//! A database of its own for each test.

use std::{env, process, thread, time::Duration};

use sqlx::{
    Connection, Executor, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::TIMEOUT;
use crate::cluster::{TEMPLATE, VARIABLE, migrate};

/// Begins the name of every test database; the id of the process that made it follows.
pub(crate) const PREFIX: &str = "test_";

/// A freshly cloned, migrated database, dropped with this value.
///
/// The drop does not block. A process that ends before its databases are dropped leaves that to `with_postgres`, which knows
/// by a database's name whose it was.
#[derive(Debug)]
pub struct TestDatabase {
    admin: PgConnectOptions,
    name: String,
    url: String,
    pool: PgPool,
}

impl TestDatabase {
    /// Clones the template in the cluster of the run.
    ///
    /// # Panics
    /// When the tests run without a cluster, or the cluster does not answer.
    pub async fn create() -> Self {
        let Ok(url) = env::var(VARIABLE) else {
            panic!(
                "{VARIABLE} is not set: run the tests through `make test`, or under `cargo run -p test_support --bin with_postgres -- …`"
            )
        };
        Self::create_in(&url).await
    }

    /// Makes a database without any table in the cluster of the run, with options of `create database` such as `encoding 'LATIN1'`.
    ///
    /// # Panics
    /// As [`create`](Self::create).
    pub async fn create_empty(options: &str) -> Self {
        let url = env::var(VARIABLE).unwrap_or_else(|_| panic!("{VARIABLE} is not set"));
        Self::create_empty_in(&url, options).await
    }

    /// The same in the cluster of this administrative URL.
    pub(crate) async fn create_empty_in(url: &str, options: &str) -> Self {
        let database = Self::named(url);
        let create = format!("create database \"{}\" template template0 {options}", database.name);
        run(&database.admin, &create).await.unwrap_or_else(|error| panic!("the test's database could not be made: {error}"));
        database
    }

    /// Makes a migrated database in the cluster of the run, with options of `create database` such as `icu_locale 'de-u-kn'`.
    ///
    /// # Panics
    /// As [`create`](Self::create), and when a migration fails.
    pub async fn create_with(options: &str) -> Self {
        let database = Self::create_empty(options).await;
        let mut connection = PgConnection::connect(&database.url).await.expect("it takes connections");
        migrate(&mut connection).await.expect("every migration succeeds");
        connection.close().await.expect("it closes");
        database
    }

    /// One more database with the same files, as a copy by `template` makes. No client may be connected to this one.
    ///
    /// # Panics
    /// When a client is.
    pub async fn copy(&self) -> Self {
        let copy = Self::named(&self.url);
        let create = format!("create database \"{}\" template \"{}\"", copy.name, self.name);
        run(&self.admin, &create).await.unwrap_or_else(|error| panic!("the database could not be copied: {error}"));
        copy
    }

    /// Clones the template in the cluster of this administrative URL.
    pub(crate) async fn create_in(url: &str) -> Self {
        let database = Self::named(url);
        let cloned = clone_template(&database.admin, &database.name).await;
        cloned.unwrap_or_else(|error| panic!("the test's database could not be cloned: {error}"));
        database
    }

    /// A database that is not made yet, in the cluster of this URL.
    fn named(url: &str) -> Self {
        let name = format!("{PREFIX}{}_{}", process::id(), Uuid::new_v4().simple());
        Self::existing(&with_database(url, &name), &name)
    }

    pub(crate) fn existing(url: &str, name: &str) -> Self {
        let admin: PgConnectOptions = url.parse().unwrap_or_else(|error| panic!("the cluster has no Postgres URL: {error}"));
        let pool = PgPoolOptions::new().max_connections(8).connect_lazy_with(admin.clone().database(name));
        Self { admin: admin.database("postgres"), name: name.to_owned(), url: url.to_owned(), pool }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL of the database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A few connections to the database.
    #[must_use]
    pub fn pool(&self) -> PgPool {
        self.pool.clone()
    }

    /// Waits until a condition holds in the database.
    ///
    /// # Panics
    /// When it does not come to hold within [`TIMEOUT`].
    pub async fn until(&self, sql: &'static str, what: &str) {
        let holds = async {
            while !sqlx::query_scalar::<_, bool>(sql).fetch_one(&self.pool).await.expect("the database answers") {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(TIMEOUT, holds).await.unwrap_or_else(|_| panic!("waited in vain until {what}"));
    }

    /// Waits until readers of the feed see all events: a transaction of another test in the same cluster can hold them back.
    ///
    /// # Panics
    /// As [`until`](Self::until).
    pub async fn until_events_are_shown(&self) {
        self.until("select bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())) from events", "all events are shown").await;
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        // Its outcome does not matter: the janitor drops what stays.
        drop(thread::Builder::new().spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(drop_database(&admin, &name)).map_err(std::io::Error::other)
        }));
    }
}

/// Clones the template under this name.
pub(crate) async fn clone_template(admin: &PgConnectOptions, name: &str) -> Result<(), sqlx::Error> {
    run(admin, &format!("create database \"{name}\" template {TEMPLATE} strategy file_copy")).await
}

async fn run(admin: &PgConnectOptions, statement: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(admin).await?;
    connection.execute(statement).await?;
    connection.close().await
}

/// Drops a database, with all connections to it.
pub(crate) async fn drop_database(admin: &PgConnectOptions, name: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(admin).await?;
    connection.execute(format!("drop database if exists \"{name}\" with (force)").as_str()).await?;
    connection.close().await
}

/// The same URL with another database.
pub(crate) fn with_database(url: &str, database: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, ""), |(address, query)| (address, query));
    let server = address.rfind('/').map_or(address, |slash| &address[..slash]);
    if query.is_empty() { format!("{server}/{database}") } else { format!("{server}/{database}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_the_same_server_keeps_the_rest_of_the_url() {
        assert_eq!(with_database("postgres://a@b:5432/postgres?host=%2Ftmp", "x"), "postgres://a@b:5432/x?host=%2Ftmp");
        assert_eq!(with_database("postgres://a@b/postgres", "x"), "postgres://a@b/x");
    }
}
