//! What happens to a connection of a pool when it is opened, taken and given back.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection};
use tokio::time::timeout;

use super::health::Health;
use super::keepalive;
use super::session::{begin_with_settings, is_read_only, set_up};
use super::settings::Timeouts;
use crate::IdentityGuard;

/// How long a connection may be idle without being asked whether it still exists, and how long it may take to answer.
const TRUSTED: Duration = Duration::from_secs(1);
const ANSWER: Duration = Duration::from_secs(2);
/// How long what still runs on a connection that is given back may take to end, before the connection is closed.
const RELEASE: Duration = Duration::from_millis(500);
/// How long a read-only connection is used until it is asked whether it still is.
const READ_ONLY_TIME: Duration = Duration::from_secs(1);

/// For connections that are sessions of Postgres.
pub(super) fn direct(pool: PgPoolOptions, options: &PgConnectOptions, timeouts: Timeouts, guard: Option<IdentityGuard>) -> PgPoolOptions {
    let port = options.get_socket().is_none().then(|| options.get_port());
    pool.test_before_acquire(false)
        .after_connect(move |connection, _| {
            let guard = guard.clone();
            Box::pin(async move {
                let read_only = set_up(connection, timeouts).await?;
                if let Some(guard) = guard {
                    guard.admit(connection).await?;
                }
                if let Some(port) = port {
                    keepalive::set(port);
                }
                Health::of_process().connected(read_only);
                Health::of_process().answered();
                Ok(())
            })
        })
        .before_acquire(|connection, state| Box::pin(async move { can_be_used(connection, state.age, state.idle_for).await }))
        .after_release(|connection, _| Box::pin(async move { become_free(connection).await.map(|()| true) }))
}

/// For a pooler that may hand each transaction to another session of Postgres. From being taken to being given back, a connection is one
/// transaction: so all statements of sqlx, which come in several messages, meet the same session. Whatever begins and ends a transaction
/// inside of this one begins nothing, and ends all of it.
pub(super) fn through_pooler(pool: PgPoolOptions, timeouts: Timeouts, guard: Option<IdentityGuard>) -> PgPoolOptions {
    let begin: Arc<str> = begin_with_settings(timeouts).into();
    let first = Arc::clone(&begin);
    pool.test_before_acquire(false)
        .after_connect(move |connection, _| {
            let (begin, guard) = (Arc::clone(&first), guard.clone());
            Box::pin(async move {
                begin_through_pooler(connection, &begin).await?;
                if let Some(guard) = guard {
                    guard.admit(connection).await?;
                    // A transaction that has run a statement cannot change its isolation level, so the first use begins another.
                    connection.execute("commit").await?;
                    begin_through_pooler(connection, &begin).await?;
                }
                Ok(())
            })
        })
        .before_acquire(move |connection, _| {
            let begin = Arc::clone(&begin);
            Box::pin(async move { begin_through_pooler(connection, &begin).await.map(|()| true) })
        })
        .after_release(|connection, _| {
            Box::pin(async move {
                become_free(connection).await?;
                connection.execute("commit").await?;
                Ok(true)
            })
        })
}

async fn begin_through_pooler(connection: &mut PgConnection, begin: &str) -> Result<(), sqlx::Error> {
    connection.execute(begin).await?;
    Health::of_process().answered();
    Ok(())
}

/// Whether a connection that was idle still exists, and can do more than read if a new one could.
pub(super) async fn can_be_used(connection: &mut PgConnection, age: Duration, idle: Duration) -> Result<bool, sqlx::Error> {
    let health = Health::of_process();
    if health.may_be_lost(idle) {
        return Ok(false);
    }
    let is_in_doubt = age >= READ_ONLY_TIME && health.may_be_read_only(age);
    if !is_in_doubt && idle < TRUSTED && !health.has_failed_since(idle) {
        return Ok(true);
    }
    let answer = async {
        if is_in_doubt {
            return Ok(!is_read_only(connection).await?);
        }
        connection.ping().await.map(|()| true)
    };
    let Ok(answer) = timeout(ANSWER, answer).await else {
        health.lost_connection();
        return Ok(false);
    };
    if matches!(answer, Ok(true)) {
        health.answered();
    }
    answer
}

/// Waits for the end of what still runs on a connection although no task waits for it any more: a cancelled request, or a rollback.
/// An error closes the connection at once, and Postgres ends what runs.
async fn become_free(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    timeout(RELEASE, connection.flush()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}
