//! What the first connection finds out: whether a pooler is in between, and how many connections may be opened.

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
    /// No pooler: a connection is one session of Postgres.
    None,
}

/// A setting that only Postgres itself takes over from the start of a connection.
const PROBE: (&str, &str) = ("roster.connection", "direct");

/// What a first connection has found out.
pub(super) struct Found {
    pub(super) pooler: Pooler,
    /// How many connections Postgres lets this role open, all of its processes together; `None` where a pooler decides it.
    pub(super) limit: Option<u32>,
}

/// Finds out whether a connection is a session of Postgres, and how many there may be. Poolers refuse options at the start of a
/// connection, or ignore them.
pub(super) async fn detect(options: &PgConnectOptions) -> Result<Found, sqlx::Error> {
    let mut connection = match options.clone().options([PROBE]).connect().await {
        Ok(connection) => connection,
        Err(error) if refuses_options(&error) => return Ok(Found { pooler: Pooler::Transaction, limit: None }),
        Err(error) => return Err(error),
    };
    let (name, value) = PROBE;
    let select = format!(
        "
        select
            coalesce(current_setting('{name}', true), '') = '{value}' as is_direct,
            least(
                current_setting('max_connections')::integer
                    - current_setting('superuser_reserved_connections')::integer
                    - coalesce(current_setting('reserved_connections', true)::integer, 0),
                (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user and not rolsuper),
                (select nullif(datconnlimit, -1) from pg_database where datname = current_database())
            ) as connections
        "
    );
    let row = sqlx::raw_sql(&select).fetch_one(&mut connection).await?;
    let (is_direct, connections): (bool, i32) = (row.try_get("is_direct")?, row.try_get("connections")?);
    connection.close().await?;
    Ok(if is_direct {
        Found { pooler: Pooler::None, limit: Some(connections.max(1).unsigned_abs()) }
    } else {
        Found { pooler: Pooler::Transaction, limit: None }
    })
}

/// As `PgBouncer` says it.
fn refuses_options(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains("unsupported startup parameter"))
}
