//! What a world holds: tables, the feed, histories, and who waits for a lock.

use std::time::Duration;

use domain::UserId;
use event_store::{Cursor, RecordedEvent};
use sqlx::PgPool;
use test_support::TIMEOUT;

use super::World;

/// The tables that commands write.
const TABLES: [&str; 17] = [
    "events",
    "person_keys",
    "erased_persons",
    "accounts",
    "users",
    "admin_guards",
    "sessions",
    "credentials",
    "mail_outbox",
    "idempotency_keys",
    "provider_links",
    "provider_sign_ins",
    "api_keys",
    "service_keys",
    "password_resets",
    "invitation_counts",
    "refused_attempts",
];

/// How many rows every table holds that a command may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counts(Vec<(String, i64)>);

impl World {
    pub(crate) async fn active_admins(&self) -> i64 {
        let count = "select count(*) from users where account_id = $1 and role = 'admin' and status = 'active'";
        sqlx::query_scalar(count).bind(self.account.uuid()).fetch_one(&self.pool).await.expect("answers")
    }

    pub(crate) async fn counts(&self) -> Counts {
        let mut counts = vec![];
        for table in TABLES {
            let count = sqlx::query_scalar(&format!("select count(*) from {table}")).fetch_one(&self.pool).await.expect("answers");
            counts.push((table.to_owned(), count));
        }
        Counts(counts)
    }

    /// Every row of every table that a command may write, in one text.
    pub(crate) async fn everything(&self) -> String {
        let mut everything = String::new();
        for table in TABLES {
            let rows = format!("select coalesce(string_agg(t::text, '; ' order by t::text), '') from {table} t");
            let rows: String = sqlx::query_scalar(&rows).fetch_one(&self.pool).await.expect("answers");
            everything.push_str(&rows);
        }
        everything
    }

    /// The whole feed, as soon as it shows every event.
    pub(crate) async fn feed(&self) -> Vec<RecordedEvent> {
        let deadline = tokio::time::Instant::now() + TIMEOUT;
        let mut connection = self.pool.acquire().await.expect("connects");
        let count: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&mut *connection).await.expect("answers");
        loop {
            let events = self.store.read_feed(&mut connection, Cursor::default(), 100_000).await.expect("reads");
            if i64::try_from(events.len()) == Ok(count) {
                return events;
            }
            assert!(tokio::time::Instant::now() < deadline, "the feed shows {} of {count} events", events.len());
            tokio::task::yield_now().await;
        }
    }

    /// The types of a user's events, in their order.
    pub(crate) async fn history(&self, user: UserId) -> Vec<String> {
        let select = "select event_type from events where aggregate_type = 'user' and aggregate_id = $1 order by sequence";
        sqlx::query_scalar(select).bind(user.to_string()).fetch_all(&self.pool).await.expect("answers")
    }
}

/// How many connections to a database wait for a lock.
pub(crate) async fn waiting(pool: &PgPool) -> i64 {
    let waiting = "select count(distinct l.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid \
         where not l.granted and a.datname = current_database()";
    sqlx::query_scalar(waiting).fetch_one(pool).await.expect("answers")
}

/// Waits until so many connections to a database wait for a lock.
pub(crate) async fn wait_for_waiting(pool: &PgPool, count: i64) {
    let deadline = tokio::time::Instant::now() + TIMEOUT;
    while waiting(pool).await < count {
        assert!(tokio::time::Instant::now() < deadline, "{count} do not wait");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
