//! A database of its own for each test.

use std::{env, process, thread};

use sqlx::{
    Connection, Executor, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::cluster::{TEMPLATE, VARIABLE};

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

    /// Clones the template in the cluster of this administrative URL.
    pub(crate) async fn create_in(url: &str) -> Self {
        let admin: PgConnectOptions = url.parse().unwrap_or_else(|error| panic!("the cluster has no Postgres URL: {error}"));
        let name = format!("{PREFIX}{}_{}", process::id(), Uuid::new_v4().simple());
        clone_template(&admin, &name).await.unwrap_or_else(|error| panic!("the test's database could not be cloned: {error}"));
        let url = with_database(url, &name);
        let pool = PgPoolOptions::new().max_connections(8).connect_lazy_with(admin.clone().database(&name));
        Self { admin, name, url, pool }
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
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        // Its outcome is of no use to anybody: what stays is dropped by the janitor.
        drop(thread::Builder::new().spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(drop_database(&admin, &name)).map_err(std::io::Error::other)
        }));
    }
}

/// Clones the template under this name.
pub(crate) async fn clone_template(admin: &PgConnectOptions, name: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(admin).await?;
    connection.execute(format!("create database \"{name}\" template {TEMPLATE} strategy file_copy").as_str()).await?;
    connection.close().await
}

/// Drops a database, whoever is connected.
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
