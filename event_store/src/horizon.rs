//! How far the feed is complete, and what holds it back.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::feed::parse_xid;
use crate::{Cursor, Error, EventStore};

/// How far the feed is complete at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The moment, by the database's clock.
    pub at: DateTime<Utc>,
    /// Every event before this cursor can be read. Every event that appears later comes after it.
    pub end: Cursor,
    /// Every event that was recorded up to this instant is before `end`, or was rolled back. `None` when that cannot be told.
    pub complete_until: Option<DateTime<Utc>>,
}

/// The open transaction with the lowest transaction id of the cluster. It hides every event that is recorded after it got its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process of Postgres; `None` for a prepared transaction.
    pub pid: Option<i32>,
    /// The name of a prepared transaction.
    pub prepared: Option<String>,
    /// The database that it runs in.
    pub database: Option<String>,
    /// The role that runs it.
    pub user: Option<String>,
    /// The application name of the client.
    pub application: Option<String>,
    /// How long it has been open, or prepared. `None` when the own role may not see that.
    pub age: Option<Duration>,
}

/// What this process has found out last.
#[derive(Default)]
pub(crate) struct LastHorizon(Mutex<Option<(Horizon, Instant)>>);

impl Horizon {
    /// How much of the newest history cannot be read yet. `None` when that cannot be told.
    #[must_use]
    pub fn behind(&self) -> Option<TimeDelta> {
        self.complete_until.map(|until| (self.at - until).max(TimeDelta::zero()))
    }

    /// Whether nothing that was recorded by an instant can still appear.
    #[must_use]
    pub fn is_complete_at(&self, instant: DateTime<Utc>) -> bool {
        self.complete_until.is_some_and(|until| instant <= until)
    }
}

impl EventStore {
    /// Finds out how far the feed is complete. `docs/decisions/0016-how-far-the-feed-is-complete.md` has the proof.
    ///
    /// The connection must not be inside a transaction that keeps one snapshot (`repeatable read` or above).
    pub async fn horizon(&self, connection: &mut PgConnection) -> Result<Horizon, Error> {
        // Two statements, in this order: a transaction that has recorded something and is not seen among the writers here has ended before
        // the second statement takes its snapshot. `statement_timestamp` is read before the locks are.
        let writers = sqlx::query!(
            r#"
            select
                statement_timestamp() as "at!",
                pg_is_in_recovery() as "is_standby!",
                coalesce(bool_or(a.xact_start is null), false) as "has_unknown_writer!",
                min(a.xact_start) as oldest_writer
            from pg_locks l
            left join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'relation'
                and l.mode = 'RowExclusiveLock'
                and l.granted
                and l.relation = 'events'::regclass
                and l.database = (select oid from pg_database where datname = current_database())
            "#
        );
        let writers = writers.fetch_one(&mut *connection).await?;
        let feed = sqlx::query!(
            r#"
            select
                current_generation() as "generation!",
                pg_snapshot_xmin(pg_current_snapshot())::text as "xid!",
                (
                    select min(recorded_at)
                    from events
                    where generation = current_generation() and xid >= pg_snapshot_xmin(pg_current_snapshot())
                ) as first_hidden
            "#
        );
        let feed = feed.fetch_one(connection).await?;
        let at = writers.at;
        // A standby sees neither the writers of its primary nor what has not reached it yet.
        let can_tell = !writers.is_standby && !writers.has_unknown_writer;
        let bound = [Some(at), writers.oldest_writer, feed.first_hidden].into_iter().flatten().min().filter(|_| can_tell);
        let horizon = Horizon {
            at,
            end: Cursor { generation: feed.generation, xid: parse_xid(&feed.xid, &"the horizon")?, position: 0 },
            // Something may be recorded in the same microsecond.
            complete_until: bound.map(|bound| bound - TimeDelta::microseconds(1)),
        };
        Ok(self.last_horizon.advance(horizon))
    }

    /// What [`horizon`](Self::horizon) has found last in this process, and how long ago.
    #[must_use]
    pub fn last_horizon(&self) -> Option<(Horizon, Duration)> {
        let last = *self.last_horizon.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.map(|(horizon, found)| (horizon, found.elapsed()))
    }

    /// The open transaction that holds the feed back; `None` when none is open.
    ///
    /// Replication slots and transactions that only read are not among them: they have no transaction id, so they hide no event.
    pub async fn find_holder(&self, connection: &mut PgConnection) -> Result<Option<Holder>, Error> {
        let select = sqlx::query!(
            r#"
            select
                h.pid as "pid?", h.prepared as "prepared?", h.database as "database?", h.role as "role?",
                h.application as "application?", h.seconds as "seconds?"
            from (
                select
                    pid, null::text as prepared, datname::text as database, usename::text as role, application_name as application,
                    extract(epoch from clock_timestamp() - xact_start)::float8 as seconds, age(backend_xid) as xids
                from pg_stat_activity
                where backend_xid is not null and pid <> pg_backend_pid()
                union all
                select
                    null, gid, database::text, owner::text, null,
                    extract(epoch from clock_timestamp() - prepared)::float8, age(transaction)
                from pg_prepared_xacts
            ) h
            order by h.xids desc
            limit 1
            "#
        );
        let row = select.fetch_optional(connection).await?;
        Ok(row.map(|row| Holder {
            pid: row.pid,
            prepared: row.prepared,
            database: row.database,
            user: row.role,
            application: row.application.filter(|name| !name.is_empty()),
            age: row.seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        }))
    }
}

impl LastHorizon {
    /// Records what was found. What is complete stays complete, so an earlier answer holds where it reaches further.
    fn advance(&self, mut horizon: Horizon) -> Horizon {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.and_then(|(last, _)| last.complete_until);
        // It does not where the clock was set back.
        horizon.complete_until = horizon.complete_until.max(before.filter(|before| *before < horizon.at));
        *last = Some((horizon, Instant::now()));
        horizon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("in range")
    }

    fn horizon(now: i64, complete_until: Option<i64>) -> Horizon {
        Horizon { at: at(now), end: Cursor::default(), complete_until: complete_until.map(at) }
    }

    #[test]
    fn what_is_complete_stays_complete_unless_the_clock_was_set_back() {
        let last = LastHorizon::default();
        let steps = [
            (horizon(10, None), None),
            (horizon(11, Some(10)), Some(10)),
            (horizon(12, Some(3)), Some(10)),
            (horizon(13, None), Some(10)),
            (horizon(14, Some(12)), Some(12)),
            (horizon(5, Some(4)), Some(4)),
            (horizon(6, Some(5)), Some(5)),
        ];
        for (found, expected) in steps {
            assert_eq!(last.advance(found).complete_until, expected.map(at), "{found:?}");
        }
    }
}
