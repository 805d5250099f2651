//! Loads streams, for the commands that decide on them.

use std::collections::HashMap;

use cqrs_es::DomainEvent;
use domain::{AccountId, Stream, UserId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::sealing::{AssociatedData, open};
use crate::{Error, EventStore, Person};

/// A loaded stream.
pub struct Loaded<S> {
    /// What its events add up to.
    pub state: S,
    /// How many events it has; 0 when it has none.
    pub version: u64,
    /// The person that it speaks of, with the key that opened it, to seal what follows; `None` for streams without a person.
    pub person: Option<Person>,
}

/// A stored event of a stream, with the wrapped key of its person.
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
    /// A stream without events.
    fn empty() -> Self {
        Self { state: S::default(), version: 0, person: None }
    }
}

impl EventStore {
    /// Loads a stream of an account in one round trip. A stream of another account is as if empty.
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the whole. When an event of the stream cannot be read, because
    /// it was damaged or a newer Roster wrote it: no command is decided on a part of a stream.
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

    /// Loads several streams of an account in one round trip, in the order of `ids`; streams of another account are as if empty.
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
        let data = AssociatedData { account_id, aggregate_type: S::TYPE, aggregate_id: &row.aggregate_id, sequence: row.sequence };
        domain::upcast(S::TYPE, &row.event_type, &row.event_version, &mut row.payload);
        let event = read::<S>(row.payload, loaded.person.as_ref(), data)?;
        check_kind(&event, &row.event_type, &row.event_version, data)?;
        loaded.state.apply(event);
        loaded.version += 1;
        Ok(())
    }
}

/// Opens and reads one stored event.
fn read<S: Stream>(mut payload: Value, person: Option<&Person>, data: AssociatedData<'_>) -> Result<S::Event, Error> {
    open(&mut payload, person.and_then(|person| person.key.as_ref()), data)?;
    serde_json::from_value(payload).map_err(|_| unreadable(data, "it was damaged, or a newer Roster has written it"))
}

/// A newer version may have the same shape and another meaning.
fn check_kind(event: &impl DomainEvent, event_type: &str, event_version: &str, data: AssociatedData<'_>) -> Result<(), Error> {
    if event.event_type() != event_type {
        return Err(unreadable(data, "its payload is that of another event"));
    }
    // Versions are whole numbers.
    let (stored, newest) = (event_version.parse::<u32>(), event.event_version().parse::<u32>());
    match (stored, newest) {
        (Ok(stored), Ok(newest)) if stored <= newest => Ok(()),
        _ => Err(unreadable(data, "its version is newer than this Roster")),
    }
}

fn unreadable(data: AssociatedData<'_>, reason: &'static str) -> Error {
    Error::Unreadable { stream: format!("{} {}", data.aggregate_type, data.aggregate_id), sequence: data.sequence, reason }
}
