//! Whole streams for everything that is built on cqrs-es.

use cqrs_es::Aggregate;
use cqrs_es::persist::{PersistedEventRepository, PersistenceError, ReplayStream, SerializedEvent, SerializedSnapshot};
use domain::{AccountId, UserId};
use postgres_es::PostgresEventRepository;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use crate::sealing::{AssociatedData, open};
use crate::{Error, EventStore, Person};

/// Reads whole streams through another repository, and opens the sealed values in them. Values of erased persons stay sealed, and read as
/// erased.
///
/// It only reads. Events are appended by [`EventStore::append`], because several streams change in one transaction; and there are no
/// snapshots, because streams are short.
pub struct OpenedRepository<'a, R> {
    repository: R,
    store: &'a EventStore,
    pool: PgPool,
}

/// To whom a stream belongs.
struct StreamOwner {
    account_id: Uuid,
    person_id: Option<Uuid>,
    wrapped_key: Option<Vec<u8>>,
}

impl<'a> OpenedRepository<'a, PostgresEventRepository> {
    /// Reads through postgres-es.
    #[must_use]
    pub fn over_postgres_es(store: &'a EventStore, pool: PgPool) -> Self {
        Self { repository: PostgresEventRepository::new(pool.clone()), store, pool }
    }
}

impl<R> OpenedRepository<'_, R> {
    /// Opens the sealed values in the events of one stream.
    async fn open(&self, kind: &str, id: &str, mut events: Vec<SerializedEvent>) -> Result<Vec<SerializedEvent>, PersistenceError> {
        let Some((account_id, person)) = self.find_owner(kind, id).await? else { return Ok(events) };
        for event in &mut events {
            let sequence = i64::try_from(event.sequence).map_err(|error| PersistenceError::DeserializationError(error.into()))?;
            let data = AssociatedData { account_id, aggregate_type: kind, aggregate_id: id, sequence };
            let key = person.as_ref().and_then(|person| person.key.as_ref());
            open(&mut event.payload, key, data).map_err(|error| PersistenceError::DeserializationError(error.into()))?;
        }
        Ok(events)
    }

    async fn find_owner(&self, kind: &str, id: &str) -> Result<Option<(AccountId, Option<Person>)>, PersistenceError> {
        let row = sqlx::query_as!(
            StreamOwner,
            r#"
            select e.account_id, e.person_id, k.wrapped_key as "wrapped_key?"
            from events e
            left join person_keys k on k.account_id = e.account_id and k.person_id = e.person_id
            where e.aggregate_type = $1 and e.aggregate_id = $2
            order by e.person_id is null, e.sequence
            limit 1
            "#,
            kind,
            id,
        );
        let row = row.fetch_optional(&self.pool).await.map_err(|error| PersistenceError::UnknownError(error.into()))?;
        let Some(StreamOwner { account_id, person_id, wrapped_key }) = row else { return Ok(None) };
        let account_id = AccountId::new(account_id);
        let person =
            person_id.map(UserId::new).zip(wrapped_key).map(|(person, wrapped)| self.store.keys.unwrap(account_id, person, &wrapped));
        Ok(Some((account_id, person.transpose().map_err(|error| PersistenceError::DeserializationError(error.into()))?)))
    }
}

impl<R: PersistedEventRepository> PersistedEventRepository for OpenedRepository<'_, R> {
    async fn get_events<A: Aggregate>(&self, aggregate_id: &str) -> Result<Vec<SerializedEvent>, PersistenceError> {
        let events = self.repository.get_events::<A>(aggregate_id).await?;
        self.open(A::TYPE, aggregate_id, events).await
    }

    async fn get_last_events<A: Aggregate>(
        &self,
        aggregate_id: &str,
        last_sequence: usize,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        let events = self.repository.get_last_events::<A>(aggregate_id, last_sequence).await?;
        self.open(A::TYPE, aggregate_id, events).await
    }

    async fn get_snapshot<A: Aggregate>(&self, _aggregate_id: &str) -> Result<Option<SerializedSnapshot>, PersistenceError> {
        Ok(None)
    }

    async fn persist<A: Aggregate>(
        &self,
        _events: &[SerializedEvent],
        _snapshot_update: Option<(String, Value, usize)>,
    ) -> Result<(), PersistenceError> {
        Err(PersistenceError::UnknownError(Error::ReadOnly.into()))
    }

    /// Streams are short, so the whole stream is read at once.
    async fn stream_events<A: Aggregate>(&self, aggregate_id: &str) -> Result<ReplayStream, PersistenceError> {
        let events = self.get_events::<A>(aggregate_id).await?;
        let (mut feed, stream) = ReplayStream::new(events.len().max(1));
        for event in events {
            feed.push(Ok(event)).await?;
        }
        Ok(stream)
    }

    /// Refused: cqrs-es would read all streams of a kind in the order of their event numbers, in which they were never written. The order of
    /// all events is [`EventStore::read_feed`].
    async fn stream_all_events<A: Aggregate>(&self) -> Result<ReplayStream, PersistenceError> {
        Err(PersistenceError::UnknownError(Error::OneStreamAtATime.into()))
    }
}
