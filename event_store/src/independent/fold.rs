//! One stream, read twice.

use cqrs_es::persist::{EventStoreAggregateContext, EventUpcaster, PersistedEventStore, SerializedEvent};
use cqrs_es::{AggregateError, EventStore as _};
use domain::{AccountId, Refusal, Stream};
use postgres_es::PostgresEventRepository;
use sqlx::PgPool;

use super::{OpenedRepository, StreamProblem};
use crate::{Error, EventStore};

/// cqrs-es over postgres-es, with nothing of ours in between except what opens and upcasts an event.
pub(super) struct SecondReader<'a, S: Stream>(PersistedEventStore<OpenedRepository<'a, PostgresEventRepository>, S>);

/// Brings stored events to their newest version.
struct Upcaster(&'static str);

impl<'a, S: Stream> SecondReader<'a, S> {
    pub(super) fn new(repository: OpenedRepository<'a, PostgresEventRepository>) -> Self {
        let store = PersistedEventStore::new_event_store(repository);
        Self(store.with_upcasters(vec![Box::new(Upcaster(S::TYPE))]))
    }

    async fn load(&self, id: &str) -> Result<Result<(u64, S), StreamProblem>, Error> {
        match self.0.load_aggregate(id).await {
            Ok(EventStoreAggregateContext { aggregate, current_sequence, .. }) => Ok(Ok((current_sequence as u64, aggregate))),
            // What a parser says could be personal, so it is not passed on.
            Err(AggregateError::DeserializationError(_)) => Ok(Err(StreamProblem::UnreadableBySecondReader)),
            Err(error) => Err(into_error(error)),
        }
    }
}

impl EventUpcaster for Upcaster {
    fn can_upcast(&self, _event_type: &str, _event_version: &str) -> bool {
        true
    }

    fn upcast(&self, mut event: SerializedEvent) -> SerializedEvent {
        domain::upcast(self.0, &event.event_type, &event.event_version, &mut event.payload);
        event
    }
}

/// Compares both readings of a stream. Answers how many events it has, or what is wrong with it at the last of `tries`.
pub(super) async fn compare<S: Stream + PartialEq>(
    store: &EventStore,
    pool: &PgPool,
    second: &SecondReader<'_, S>,
    account_id: AccountId,
    id: &str,
    tries: usize,
) -> Result<Result<u64, StreamProblem>, Error> {
    let Ok(parsed) = id.parse() else { return Ok(Err(StreamProblem::InvalidId)) };
    let mut problem = StreamProblem::State;
    for _ in 0..tries {
        let theirs = second.load(id).await?;
        let loaded = store.load::<S>(&mut *pool.acquire().await?, account_id, parsed).await;
        let ours = match loaded {
            Ok(loaded) => loaded,
            Err(error @ (Error::Unreadable { .. } | Error::DoesNotOpen { .. })) => {
                return Ok(Err(StreamProblem::UnreadableByRoster(error.to_string())));
            }
            Err(error) => return Err(error),
        };
        problem = match theirs {
            Err(problem) => problem,
            Ok((version, _)) if version != ours.version => StreamProblem::Version { ours: ours.version, theirs: version },
            Ok((_, state)) if state != ours.state => StreamProblem::State,
            Ok((version, _)) => return Ok(Ok(version)),
        };
    }
    Ok(Err(problem))
}

/// The database was lost, or refused.
fn into_error(error: AggregateError<Refusal>) -> Error {
    match error {
        AggregateError::DatabaseConnectionError(source) | AggregateError::UnexpectedError(source) => match source.downcast() {
            Ok(error) => Error::Database(*error),
            Err(source) => Error::SecondReader(source),
        },
        other => Error::SecondReader(other.to_string().into()),
    }
}
