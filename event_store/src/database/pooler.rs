//! Whether a pooler is in between.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Row};

/// Whether there is a pooler between this process and Postgres, such as `PgBouncer`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pooler {
    /// Find out when the process starts.
    #[default]
    Detect,
    /// There is one: it may hand each transaction to another session of Postgres.
    Transaction,
    /// There is none: a connection is one session of Postgres.
    None,
}

/// A setting that only Postgres itself takes over from the start of a connection.
const PROBE: (&str, &str) = ("roster.connection", "direct");

/// Finds out whether a connection is a session of Postgres. Poolers refuse options at the start of a connection, or ignore them.
pub(super) async fn detect(options: &PgConnectOptions) -> Result<Pooler, sqlx::Error> {
    let mut connection = match options.clone().options([PROBE]).connect().await {
        Ok(connection) => connection,
        Err(error) if refuses_options(&error) => return Ok(Pooler::Transaction),
        Err(error) => return Err(error),
    };
    let (name, value) = PROBE;
    let select = format!("select coalesce(current_setting('{name}', true), '') = '{value}' as is_direct");
    let is_direct = sqlx::raw_sql(&select).fetch_one(&mut connection).await?.try_get("is_direct")?;
    connection.close().await?;
    Ok(if is_direct { Pooler::None } else { Pooler::Transaction })
}

/// As `PgBouncer` says it.
fn refuses_options(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains("unsupported startup parameter"))
}
