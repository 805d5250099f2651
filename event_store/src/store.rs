//! Loading one stream, and appending to several.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use cqrs_es::DomainEvent;
use domain::{AccountId, Stream, UserId};
use serde_json::Value;
use sqlx::{PgConnection, PgTransaction};
use uuid::Uuid;

use crate::horizon::LastHorizon;
use crate::person_key::KeyWrap;
use crate::sealing::{Place, open};
use crate::unreadable::Reports;
use crate::{Batch, Cursors, Error, MasterKeys, Metadata, Person};

/// The memory of a Roster: the table `events`, and the keys of what is personal in it.
pub struct EventStore {
    pub(crate) keys: KeyWrap,
    cursors: Cursors,
    recording_clock: RecordingClock,
    pub(crate) last_horizon: LastHorizon,
    pub(crate) reports: Reports,
}

/// The clock that `recorded_at` of an event is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordingClock {
    /// The clock of the database when the event is written. Auditors rely on it.
    Database,
    /// The clock of the command, for the history of a demo.
    Command,
}

/// A stream as it stands.
pub struct Loaded<S> {
    /// What its events add up to.
    pub state: S,
    /// How many events it has; 0 when it has not begun.
    pub version: u64,
    /// Whom it speaks of, with the key that opened it, to seal what follows; `None` for streams without a person.
    pub person: Option<Person>,
}

/// A stored event of a stream, with the wrapped key of whom it speaks of.
struct StreamRow {
    aggregate_id: String,
    sequence: i64,
    event_type: String,
    event_version: String,
    payload: Value,
    person_id: Option<Uuid>,
    wrapped_key: Option<Vec<u8>>,
}

impl<S: Stream> Loaded<S> {
    /// A stream that has not begun.
    fn empty() -> Self {
        Self { state: S::default(), version: 0, person: None }
    }
}

impl EventStore {
    /// A store whose personal values are sealed under these master keys.
    #[must_use]
    pub fn new(master: &MasterKeys) -> Self {
        Self {
            keys: KeyWrap::new(master),
            cursors: Cursors::new(master),
            recording_clock: RecordingClock::Database,
            last_horizon: LastHorizon::default(),
            reports: Reports::default(),
        }
    }

    /// The same store, but it records events at the time of their command instead of now. Only `roster dev` uses it, for the demo.
    ///
    /// An event is never recorded before the last one in the feed, and never in the future: a history that exists cannot be added to.
    #[must_use]
    pub fn backdating(&self) -> Self {
        Self {
            keys: self.keys.clone(),
            cursors: self.cursors.clone(),
            recording_clock: RecordingClock::Command,
            last_horizon: LastHorizon::default(),
            reports: Reports::default(),
        }
    }

    /// What seals the cursors that clients are given.
    #[must_use]
    pub const fn cursors(&self) -> &Cursors {
        &self.cursors
    }

    /// Makes the key of a person who is new. It is stored with the first events of theirs.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn new_person(&self, account_id: AccountId, id: UserId) -> Result<Person, Error> {
        self.keys.generate(account_id, id)
    }

    /// A person with their key, to seal what another stream says of them. Whoever has none was erased.
    ///
    /// # Errors
    /// When the database is lost, or the stored key does not open.
    pub async fn find_person(&self, connection: &mut PgConnection, account_id: AccountId, id: UserId) -> Result<Person, Error> {
        let found = sqlx::query_scalar!(
            "select wrapped_key from person_keys where account_id = $1 and person_id = $2",
            account_id.uuid(),
            id.uuid(),
        );
        let found = found.fetch_optional(connection).await?;
        found.map_or_else(|| Ok(Person::erased(account_id, id)), |wrapped| self.keys.unwrap(account_id, id, &wrapped))
    }

    /// Destroys the key of a person, and puts up the fence that keeps it from coming back. What is personal in their events can never be
    /// read again, wherever there is no older copy of the key.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn destroy_person(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        id: UserId,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let fence = sqlx::query!(
            "insert into erased_persons (account_id, person_id, erased_at) values ($1, $2, $3) on conflict do nothing",
            account_id.uuid(),
            id.uuid(),
            at,
        );
        fence.execute(&mut *connection).await?;
        let delete = sqlx::query!("delete from person_keys where account_id = $1 and person_id = $2", account_id.uuid(), id.uuid());
        delete.execute(connection).await?;
        Ok(())
    }

    /// Loads a stream of an account in one round trip; one of another account is as if empty.
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the whole. When an event of the stream cannot be read, because
    /// it was damaged or a newer Roster has written it: nothing is decided on a part of a stream.
    pub async fn load<S: Stream>(&self, connection: &mut PgConnection, account_id: AccountId, id: S::Id) -> Result<Loaded<S>, Error> {
        let aggregate_id = id.to_string();
        let rows = sqlx::query_as!(
            StreamRow,
            r#"
            select e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload, e.person_id, k.wrapped_key as "wrapped_key?"
            from events e
            left join person_keys k on k.account_id = e.account_id and k.person_id = e.person_id
            where e.aggregate_type = $1 and e.aggregate_id = $2 and e.account_id = $3
            order by e.sequence
            "#,
            S::TYPE,
            aggregate_id,
            account_id.uuid(),
        );
        let mut loaded = Loaded::empty();
        for row in rows.fetch_all(connection).await? {
            self.apply_row(&mut loaded, account_id, row)?;
        }
        Ok(loaded)
    }

    /// Loads several streams of an account in one round trip, in the order of `ids`; those of another account are as if empty.
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the whole.
    pub async fn load_many<S: Stream>(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        ids: &[S::Id],
    ) -> Result<Vec<Loaded<S>>, Error> {
        let aggregate_ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let rows = sqlx::query_as!(
            StreamRow,
            r#"
            select e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload, e.person_id, k.wrapped_key as "wrapped_key?"
            from events e
            left join person_keys k on k.account_id = e.account_id and k.person_id = e.person_id
            where e.aggregate_type = $1 and e.aggregate_id = any($2) and e.account_id = $3
            order by e.sequence
            "#,
            S::TYPE,
            &aggregate_ids,
            account_id.uuid(),
        );
        let mut streams: HashMap<String, Loaded<S>> = HashMap::with_capacity(ids.len());
        for row in rows.fetch_all(connection).await? {
            let loaded = streams.entry(row.aggregate_id.clone()).or_insert_with(Loaded::empty);
            self.apply_row(loaded, account_id, row)?;
        }
        Ok(aggregate_ids.iter().map(|id| streams.remove(id).unwrap_or_else(Loaded::empty)).collect())
    }

    /// Opens the next event of a stream and applies it.
    fn apply_row<S: Stream>(&self, loaded: &mut Loaded<S>, account_id: AccountId, mut row: StreamRow) -> Result<(), Error> {
        if let (None, Some(person)) = (&loaded.person, row.person_id.map(UserId::new)) {
            let erased = || Ok(Person::erased(account_id, person));
            loaded.person = Some(row.wrapped_key.map_or_else(erased, |wrapped| self.keys.unwrap(account_id, person, &wrapped))?);
        }
        let place = Place { account_id, aggregate_type: S::TYPE, aggregate_id: &row.aggregate_id, sequence: row.sequence };
        domain::upcast(S::TYPE, &row.event_type, &row.event_version, &mut row.payload);
        let event = read::<S>(row.payload, loaded.person.as_ref(), place)?;
        check_kind(&event, &row.event_type, &row.event_version, place)?;
        loaded.state.apply(event);
        loaded.version += 1;
        Ok(())
    }

    /// Appends in one round trip. It must be the first statement of the transaction that writes,
    /// so that the feed's order agrees with cause and effect.
    ///
    /// # Errors
    /// [`Error::Conflict`] when a stream has moved on; the transaction is then of no more use.
    pub async fn append(&self, transaction: &mut PgTransaction<'_>, batch: Batch, metadata: &Metadata) -> Result<(), Error> {
        if batch.is_empty() {
            return Ok(());
        }
        let recorded_at = match self.recording_clock {
            RecordingClock::Database => None,
            RecordingClock::Command => Some(backdated(transaction, metadata.at).await?),
        };
        let written = sqlx::query!(
            r#"
            with new_keys as (
                insert into person_keys (account_id, person_id, wrapped_key, key_id)
                select *, $13 from unnest($1::uuid[], $2::uuid[], $3::bytea[])
            )
            insert into events (
                aggregate_type, aggregate_id, sequence, event_type, event_version, payload, account_id, person_id, metadata, recorded_at
            )
            select
                e.aggregate_type, e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload, e.account_id, e.person_id, $12,
                coalesce($14::timestamptz, clock_timestamp())
            from unnest($4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::jsonb[], $10::uuid[], $11::uuid[])
                with ordinality
                as e (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, account_id, person_id, number)
            order by e.number
            "#,
            &batch.new_keys.account_ids,
            &batch.new_keys.person_ids,
            &batch.new_keys.wrapped,
            &batch.aggregate_types,
            &batch.aggregate_ids,
            &batch.sequences,
            &batch.event_types,
            &batch.event_versions,
            &batch.payloads,
            &batch.account_ids,
            &batch.person_ids as &[Option<Uuid>],
            metadata.to_json(),
            self.keys.id().as_bytes(),
            recorded_at,
        );
        written.execute(&mut **transaction).await?;
        Ok(())
    }
}

/// When an event is recorded that was decided at this time: `recorded_at` rises in the order of the feed, up to now.
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

/// That a person was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Their account.
    pub account_id: AccountId,
    /// The person.
    pub person_id: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Everybody who was erased, in the order of time.
///
/// # Errors
/// When the database is lost.
pub async fn list_erasures(connection: &mut PgConnection) -> Result<Vec<Erasure>, Error> {
    let rows = sqlx::query!("select account_id, person_id, erased_at from erased_persons order by erased_at, person_id");
    let rows = rows.fetch_all(connection).await?.into_iter();
    let erasure = |account_id, person_id, at| Erasure { account_id: AccountId::new(account_id), person_id: UserId::new(person_id), at };
    Ok(rows.map(|row| erasure(row.account_id, row.person_id, row.erased_at)).collect())
}

/// Opens and reads one stored event.
fn read<S: Stream>(mut payload: Value, person: Option<&Person>, place: Place<'_>) -> Result<S::Event, Error> {
    open(&mut payload, person.and_then(|person| person.key.as_ref()), place)?;
    serde_json::from_value(payload).map_err(|_| unreadable(place, "it was damaged, or a newer Roster has written it"))
}

/// A newer version may have the same shape and another meaning.
fn check_kind(event: &impl DomainEvent, event_type: &str, event_version: &str, place: Place<'_>) -> Result<(), Error> {
    if event.event_type() != event_type {
        return Err(unreadable(place, "its payload is that of another event"));
    }
    // Versions are whole numbers.
    let (stored, newest) = (event_version.parse::<u32>(), event.event_version().parse::<u32>());
    match (stored, newest) {
        (Ok(stored), Ok(newest)) if stored <= newest => Ok(()),
        _ => Err(unreadable(place, "its version is newer than this Roster")),
    }
}

fn unreadable(place: Place<'_>, reason: &'static str) -> Error {
    Error::Unreadable { stream: format!("{} {}", place.aggregate_type, place.aggregate_id), sequence: place.sequence, reason }
}
