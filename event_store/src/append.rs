//! Appends the events of commands.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgTransaction};
use uuid::Uuid;

use crate::store::RecordingClock;
use crate::{Batch, Error, EventStore, Metadata, Writes, add_write};

impl EventStore {
    /// Appends the events of one command: see [`append_all`](Self::append_all).
    ///
    /// # Errors
    /// [`Error::Conflict`] when a stream has moved on; the transaction then fails.
    pub async fn append(&self, transaction: &mut PgTransaction<'_>, batch: Batch, metadata: &Metadata) -> Result<(), Error> {
        self.append_all(transaction, batch.caused_by(metadata), metadata.at).await
    }

    /// Appends the events of commands, in their order; `at` is the clock of the last command. It must be the first statement of
    /// the transaction that writes, so that the feed's order agrees with cause and effect.
    ///
    /// # Errors
    /// [`Error::Conflict`] when a stream has moved on; the transaction then fails.
    pub async fn append_all(&self, transaction: &mut PgTransaction<'_>, batch: Batch, at: DateTime<Utc>) -> Result<(), Error> {
        let mut writes = Writes::default();
        self.add_events(transaction, &mut writes, &batch, at).await?;
        Ok(writes.execute(transaction).await?)
    }

    /// The same as a part of the first statement that writes.
    pub async fn add_events(
        &self,
        connection: &mut PgConnection,
        writes: &mut Writes,
        batch: &Batch,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        if batch.is_empty() {
            return Ok(());
        }
        let recorded_at = match self.recording_clock {
            RecordingClock::Database => None,
            RecordingClock::Command => Some(backdated(connection, at).await?),
        };
        if !batch.new_keys.person_ids.is_empty() {
            add_write!(
                writes,
                "new_keys",
                r"
                insert into person_keys (account_id, person_id, wrapped_key, key_id)
                select *, $4 from unnest($1::uuid[], $2::uuid[], $3::bytea[])
                ",
                &batch.new_keys.account_ids,
                &batch.new_keys.person_ids,
                &batch.new_keys.wrapped,
                self.keys.id().as_bytes(),
            );
        }
        add_write!(
            writes,
            "appended",
            r"
            insert into events (
                aggregate_type, aggregate_id, sequence, event_type, event_version, payload, account_id, person_id, metadata, recorded_at
            )
            select
                e.aggregate_type, e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload, e.account_id, e.person_id, e.metadata,
                coalesce($10::timestamptz, clock_timestamp())
            from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::jsonb[], $7::uuid[], $8::uuid[], $9::jsonb[])
                with ordinality
                as e (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, account_id, person_id, metadata, number)
            order by e.number
            ",
            &batch.aggregate_types,
            &batch.aggregate_ids,
            &batch.sequences,
            &batch.event_types,
            &batch.event_versions,
            &batch.payloads,
            &batch.account_ids,
            &batch.person_ids as &[Option<Uuid>],
            &batch.metadata,
            recorded_at,
        );
        Ok(())
    }
}

/// The `recorded_at` of an event that was decided at this time. It rises in the order of the feed, up to now.
async fn backdated(connection: &mut PgConnection, at: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
    let select = sqlx::query_scalar!(
        r#"
        select least(
            greatest($1::timestamptz, (select recorded_at from events order by generation desc, xid desc, position desc limit 1)),
            clock_timestamp()
        ) as "recorded_at!"
        "#,
        at,
    );
    Ok(select.fetch_one(connection).await?)
}
