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

/// Which stream of which account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StreamKey {
    account_id: AccountId,
    aggregate_type: &'static str,
    aggregate_id: String,
}

/// The stored events of some streams, not opened yet.
#[derive(Default)]
pub struct StoredStreams(HashMap<StreamKey, Vec<StreamRow>>);

/// A stored event of a stream, with the wrapped key of its person.
struct StreamRow {
    account_id: Uuid,
    aggregate_type: String,
    aggregate_id: String,
    sequence: i64,
    event_type: String,
    event_version: String,
    payload: Value,
    person_id: Option<Uuid>,
    wrapped_key: Option<Vec<u8>>,
}

impl StreamKey {
    /// The stream with this id.
    pub fn of<S: Stream>(account_id: AccountId, id: S::Id) -> Self {
        Self { account_id, aggregate_type: S::TYPE, aggregate_id: id.to_string() }
    }

    /// The account.
    #[must_use]
    pub const fn account_id(&self) -> AccountId {
        self.account_id
    }
}

impl EventStore {
    /// Loads a stream of an account in one round trip. A stream of another account is as if empty.
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the whole. When an event of the stream cannot be read, because
    /// it was damaged or a newer Roster wrote it: no command is decided on a part of a stream.
    pub async fn load<S: Stream>(&self, connection: &mut PgConnection, account_id: AccountId, id: S::Id) -> Result<Loaded<S>, Error> {
        let key = StreamKey::of::<S>(account_id, id);
        let mut stored = self.find_streams(connection, std::slice::from_ref(&key)).await?;
        self.open_stream(&mut stored, &key).expect("it was asked for")
    }

    /// Finds several streams in one round trip, of any kind and account. A stream that is asked for in another account than its own is as if
    /// empty.
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the whole.
    pub async fn find_streams(&self, connection: &mut PgConnection, keys: &[StreamKey]) -> Result<StoredStreams, Error> {
        // Each once, however many commands ask for it.
        let mut streams: HashMap<_, _> = keys.iter().map(|key| (key.clone(), vec![])).collect();
        let accounts: Vec<_> = streams.keys().map(|key| key.account_id.uuid()).collect();
        let types: Vec<_> = streams.keys().map(|key| key.aggregate_type.to_owned()).collect();
        let ids: Vec<_> = streams.keys().map(|key| key.aggregate_id.clone()).collect();
        let rows = sqlx::query_as!(
            StreamRow,
            r#"
            select
                e.account_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload, e.person_id,
                k.wrapped_key as "wrapped_key?"
            from unnest($1::uuid[], $2::text[], $3::text[]) as asked (account_id, aggregate_type, aggregate_id)
            join events e
                on e.aggregate_type = asked.aggregate_type and e.aggregate_id = asked.aggregate_id and e.account_id = asked.account_id
            left join person_keys k on k.account_id = e.account_id and k.person_id = e.person_id
            order by e.sequence
            "#,
            &accounts,
            &types,
            &ids,
        );
        for mut row in rows.fetch_all(connection).await? {
            let aggregate_type = keys.iter().map(|key| key.aggregate_type).find(|known| *known == row.aggregate_type);
            let key = StreamKey {
                account_id: AccountId::new(row.account_id),
                aggregate_type: aggregate_type.expect("only these were asked for"),
                aggregate_id: std::mem::take(&mut row.aggregate_id),
            };
            streams.get_mut(&key).expect("only these were asked for").push(row);
        }
        Ok(StoredStreams(streams))
    }

    /// Opens a stream that was found, and folds it; `None` when it was not asked for, or is opened already.
    ///
    /// # Errors
    /// When an event of it cannot be read: see [`load`](Self::load).
    pub fn open_stream<S: Stream>(&self, stored: &mut StoredStreams, key: &StreamKey) -> Option<Result<Loaded<S>, Error>> {
        let rows = stored.0.remove(key)?;
        let mut loaded = Loaded { state: S::default(), version: 0, person: None };
        for row in rows {
            if let Err(error) = self.apply_row(&mut loaded, key, row) {
                return Some(Err(error));
            }
        }
        Some(Ok(loaded))
    }

    /// Opens the next event of a stream and applies it.
    fn apply_row<S: Stream>(&self, loaded: &mut Loaded<S>, key: &StreamKey, mut row: StreamRow) -> Result<(), Error> {
        let account_id = key.account_id;
        if let (None, Some(person)) = (&loaded.person, row.person_id.map(UserId::new)) {
            let erased = || Ok(Person::erased(account_id, person));
            loaded.person = Some(row.wrapped_key.map_or_else(erased, |wrapped| self.keys.unwrap(account_id, person, &wrapped))?);
        }
        let data = AssociatedData { account_id, aggregate_type: S::TYPE, aggregate_id: &key.aggregate_id, sequence: row.sequence };
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
