//! Events that are stored but cannot be read: why, and which of them are known.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use domain::{AccountId, UserId};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::feed::select_events;
use crate::{Cursor, Error, EventStore, RecordedEvent};

/// How many unreadable events one process reports. Each is reported once.
const MAX_REPORTED: usize = 1_000;

/// Why the store cannot open an event. It holds nothing personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The person's key does not open, and the payload has sealed values.
    #[error("the key of its person does not open: the key was damaged, or its master key is not given")]
    Key,
    /// A sealed value does not open.
    #[error("a sealed value in it does not open: it was changed or moved")]
    Sealed,
    /// The metadata is not an object of texts.
    #[error("its metadata is damaged")]
    Metadata,
    /// The program that exported it could not read it.
    #[error("it could not be read when it was exported")]
    Exported,
}

/// An unreadable event that has been found, as `unreadable_events` keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableEvent {
    /// The account that it belongs to.
    pub account_id: AccountId,
    /// Its position in the feed.
    pub cursor: Cursor,
    /// The user whose past lacks it, where that is known.
    pub user_id: Option<UserId>,
    /// Which event it is: its type, version, stream and sequence.
    pub event: String,
    /// Why it cannot be read.
    pub reason: String,
}

/// The unreadable events that this process has met.
#[derive(Default)]
pub(crate) struct Reports(Mutex<Met>);

#[derive(Default)]
struct Met {
    cursors: BTreeSet<Cursor>,
    waiting: Vec<UnreadableEvent>,
}

impl UnreadableEvent {
    /// A recorded event, and why it cannot be read.
    #[must_use]
    pub fn new(recorded: &RecordedEvent, reason: String) -> Self {
        let RecordedEvent { aggregate_type, aggregate_id, sequence, event_type, event_version, .. } = recorded;
        let user_id = if aggregate_type == "user" { aggregate_id.parse().ok() } else { recorded.person_id };
        let event = format!("{event_type} in version {event_version}, event {sequence} of {aggregate_type} {aggregate_id}");
        Self { account_id: recorded.account_id, cursor: recorded.cursor, user_id, event, reason }
    }
}

impl EventStore {
    /// Notes that a reader has met an unreadable event, for [`take_reports`](Self::take_reports). Each event counts once per process.
    pub fn report_unreadable(&self, event: UnreadableEvent) {
        let mut met = self.reports.0.lock().unwrap_or_else(PoisonError::into_inner);
        if met.cursors.len() < MAX_REPORTED && met.cursors.insert(event.cursor) {
            met.waiting.push(event);
        }
    }

    /// The unreadable events that readers have met since the last call.
    pub fn take_reports(&self) -> Vec<UnreadableEvent> {
        std::mem::take(&mut self.reports.0.lock().unwrap_or_else(PoisonError::into_inner).waiting)
    }

    /// Records unreadable events in the database, so that filters find them and the past is computed again when they can be read.
    pub async fn record_unreadable(&self, database: impl PgExecutor<'_>, events: &[UnreadableEvent]) -> Result<(), Error> {
        if events.is_empty() {
            return Ok(());
        }
        let accounts: Vec<Uuid> = events.iter().map(|event| event.account_id.uuid()).collect();
        let generations: Vec<i32> = events.iter().map(|event| event.cursor.generation).collect();
        let xids: Vec<String> = events.iter().map(|event| event.cursor.xid.to_string()).collect();
        let positions: Vec<i64> = events.iter().map(|event| event.cursor.position).collect();
        let reasons: Vec<String> = events.iter().map(|event| event.reason.clone()).collect();
        let insert = sqlx::query!(
            r#"
            insert into unreadable_events (account_id, generation, xid, position, reason)
            select e.account_id, e.generation, e.xid::xid8, e.position, e.reason
            from unnest($1::uuid[], $2::integer[], $3::text[], $4::bigint[], $5::text[])
                as e (account_id, generation, xid, position, reason)
            on conflict do nothing
            "#,
            &accounts,
            &generations,
            &xids,
            &positions,
            &reasons,
        );
        insert.execute(database).await?;
        Ok(())
    }

    /// Whether an unreadable event of a person is recorded.
    pub async fn has_recorded_unreadable(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        person_id: UserId,
    ) -> Result<bool, Error> {
        let exists = sqlx::query_scalar!(
            r#"
            select exists (
                select from unreadable_events u
                join events e on e.account_id = u.account_id and e.generation = u.generation and e.xid = u.xid and e.position = u.position
                where u.account_id = $1 and e.person_id = $2
            ) as "exists!"
            "#,
            account_id.uuid(),
            person_id.uuid(),
        );
        Ok(exists.fetch_one(connection).await?)
    }

    /// The next recorded events after a cursor, at most `limit`, read again.
    pub async fn read_recorded_unreadable(
        &self,
        connection: &mut PgConnection,
        after: Cursor,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, Error> {
        let rows = select_events!(
            "join unreadable_events u on u.account_id = e.account_id and u.generation = e.generation and u.xid = e.xid "
                + "and u.position = e.position where (u.generation, u.xid, u.position) > ($1, $2::text::xid8, $3) "
                + "order by u.generation, u.xid, u.position limit $4",
            after.generation,
            after.xid.to_string(),
            after.position,
            i64::from(limit),
        );
        self.open_rows(rows.fetch_all(connection).await?)
    }

    /// Deletes a recorded event, because it can be read now.
    pub async fn delete_unreadable(&self, connection: &mut PgConnection, account_id: AccountId, cursor: Cursor) -> Result<(), Error> {
        let delete = sqlx::query!(
            "delete from unreadable_events where account_id = $1 and generation = $2 and xid = $3::text::xid8 and position = $4",
            account_id.uuid(),
            cursor.generation,
            cursor.xid.to_string(),
            cursor.position,
        );
        delete.execute(connection).await?;
        Ok(())
    }
}
