//! The settings that Roster relies on, whatever the role or the database has as its defaults.

use std::time::Duration;

use sqlx::{Executor, PgConnection, PgPool, Row};

use super::settings::Timeouts;

/// Settings of every connection. Values go in and out as binary, so formats matter only to what Postgres itself turns into text.
const FIXED: [(&str, &str); 12] = [
    ("timezone", "UTC"),
    ("datestyle", "ISO, MDY"),
    ("intervalstyle", "postgres"),
    ("client_encoding", "UTF8"),
    ("standard_conforming_strings", "on"),
    ("bytea_output", "hex"),
    // A row that another transaction has changed is read again instead of failing with 40001.
    ("default_transaction_isolation", "read committed"),
    ("default_transaction_deferrable", "off"),
    // Statements are planned once, unless a plan for their values costs less. Lists with values in their filter are not prepared.
    ("plan_cache_mode", "auto"),
    // A plan that was made while a table was empty is kept when the table has grown. So a plan never scans a table that has an index for the
    // statement. That raises the estimated cost of a scan, which must not start the compiler: no statement runs long enough for it.
    ("enable_seqscan", "off"),
    ("jit", "off"),
    // Postgres notices within a second that a client has gone, and ends its statement.
    ("client_connection_check_interval", "1000"),
];

/// What makes Postgres notice within 15 seconds that a client cannot be reached, for connections without a pooler in between.
const KEEPALIVE: [(&str, &str); 4] =
    [("tcp_keepalives_idle", "5"), ("tcp_keepalives_interval", "3"), ("tcp_keepalives_count", "3"), ("tcp_user_timeout", "12000")];

/// Whether a session can only read, as the column `is_read_only`.
pub(super) const IS_READ_ONLY: &str = "pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as is_read_only";

/// Whether a database can only be read: it is a standby, or `default_transaction_read_only` is on.
pub async fn find_read_only(pool: &PgPool) -> Result<bool, sqlx::Error> {
    is_read_only(&mut *pool.acquire().await?).await
}

pub(super) async fn is_read_only(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let select = format!("select {IS_READ_ONLY}");
    connection.fetch_one(select.as_str()).await?.try_get("is_read_only")
}

/// Sets a new session up by one statement; answers whether it can only read.
pub(super) async fn set_up(connection: &mut PgConnection, timeouts: Timeouts) -> Result<bool, sqlx::Error> {
    let select = set_up_statement(timeouts);
    connection.fetch_one(select.as_str()).await?.try_get("is_read_only")
}

fn set_up_statement(timeouts: Timeouts) -> String {
    let settings = settings(timeouts).chain(KEEPALIVE.map(owned));
    let settings = settings.map(|(name, value)| format!("set_config('{name}', '{value}', false)")).collect::<Vec<_>>().join(", ");
    format!("select {settings}, {IS_READ_ONLY}")
}

/// What begins a transaction through a pooler: with every setting, because the session may be another one than before. Statements that
/// others have prepared in this session are deallocated first, in a transaction of its own: they could have the same names, and it would
/// take the snapshot of this one, whose isolation level can still be changed. Warnings are off because sqlx begins and ends transactions
/// inside of this one, which Postgres warns of.
pub(super) fn begin_with_settings(timeouts: Timeouts) -> String {
    let settings = settings(timeouts).map(|(name, value)| format!("set local {name} to '{value}'")).collect::<Vec<_>>().join("; ");
    format!("begin; deallocate all; commit; begin isolation level read committed; set local client_min_messages to error; {settings}")
}

fn settings(timeouts: Timeouts) -> impl Iterator<Item = (&'static str, String)> {
    let timeouts = [
        ("statement_timeout", timeouts.statement),
        ("lock_timeout", timeouts.lock),
        ("idle_in_transaction_session_timeout", timeouts.idle_in_transaction),
    ];
    FIXED.map(owned).into_iter().chain(timeouts.map(|(name, time)| (name, milliseconds(time))))
}

fn owned((name, value): (&'static str, &'static str)) -> (&'static str, String) {
    (name, value.to_owned())
}

fn milliseconds(time: Duration) -> String {
    time.as_millis().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_every_time_limit_in_milliseconds() {
        let text = set_up_statement(Timeouts::default());
        for setting in ["('statement_timeout', '25000', false)", "('lock_timeout', '5000', false)", "('tcp_keepalives_idle', '5', false)"] {
            assert!(text.contains(setting), "{setting}: {text}");
        }
    }

    #[test]
    fn settings_for_a_pooler_end_with_the_transaction() {
        let text = begin_with_settings(Timeouts::default());
        assert!(text.contains("; set local timezone to 'UTC'; ") && text.contains("; set local lock_timeout to '5000'; "), "{text}");
        assert_eq!(text.matches("; set ").count(), text.matches("; set local ").count(), "{text}");
    }
}
