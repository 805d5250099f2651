//! A second reader of the events that is not ours: `postgres_es::PostgresEventRepository` reads each stream, and cqrs-es alone folds it.
//! Version and state are compared with what [`EventStore::load`] gives to commands.
//!
//! Three things stay ours on the way of the second reader: the values of the domain, the upcasting of old events, and the opening of sealed
//! values, for which a master key is needed (`repository.rs`). The SQL, the order of events and the fold are not.

mod difference;
mod fold;
mod repository;

use cqrs_es::Aggregate;
use domain::account::Account;
use domain::api_key::ApiKey;
use domain::delivery::Delivery;
use domain::export::Export;
use domain::saved_view::SavedView;
use domain::service_key::ServiceKey;
use domain::session::Session;
use domain::user::User;
use domain::{AccountId, Stream};
use futures::stream::{self, StreamExt, TryStreamExt};
use sqlx::PgPool;

pub use difference::{StreamDifference, StreamProblem};
pub use repository::OpenedRepository;

use crate::{Error, EventStore};

/// How many ids of streams are in memory at once.
const PAGE: u32 = 1_000;
/// How many streams are read at once.
const AT_ONCE: usize = 4;
/// How often two readings are compared before they count as different: commands append between them.
const MAX_TRIES: usize = 3;

/// The types of all streams that this Roster knows.
const KNOWN: [&str; 8] =
    [Account::TYPE, User::TYPE, Session::TYPE, ApiKey::TYPE, ServiceKey::TYPE, SavedView::TYPE, Delivery::TYPE, Export::TYPE];

/// What a comparison has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ComparedStreams {
    /// How many streams both readers have read.
    pub streams: u64,
    /// How many events these have, by the second reader.
    pub events: u64,
    /// How many streams the readers do not agree on, or cannot read.
    pub differing: u64,
}

/// Is shown how a comparison goes on.
pub trait WatchStreams {
    /// So many of about so many streams are done.
    fn progress(&mut self, done: u64, total: u64);
    /// The readers do not agree on a stream.
    fn differs(&mut self, difference: &StreamDifference);
}

/// Compares all streams over one database.
struct Comparison<'a, W> {
    store: &'a EventStore,
    pool: &'a PgPool,
    watch: &'a mut W,
    total: u64,
    found: ComparedStreams,
}

impl EventStore {
    /// Reads every stream a second time through postgres-es and cqrs-es, and compares version and state with [`load`](Self::load).
    ///
    /// Commands may go on meanwhile. A stream that differs is read again before it is reported.
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the whole.
    pub async fn compare_streams(&self, pool: &PgPool, watch: &mut (impl WatchStreams + Send)) -> Result<ComparedStreams, Error> {
        let mut comparison = Comparison { store: self, pool, watch, total: 0, found: ComparedStreams::default() };
        for kind in KNOWN {
            comparison.total += self.count_streams(&mut *pool.acquire().await?, kind).await?;
        }
        comparison.compare_kind::<Account>().await?;
        comparison.compare_kind::<User>().await?;
        comparison.compare_kind::<Session>().await?;
        comparison.compare_kind::<ApiKey>().await?;
        comparison.compare_kind::<ServiceKey>().await?;
        comparison.compare_kind::<SavedView>().await?;
        comparison.compare_kind::<Delivery>().await?;
        comparison.compare_kind::<Export>().await?;
        comparison.report_unknown_kinds().await?;
        Ok(comparison.found)
    }
}

impl<W: WatchStreams + Send> Comparison<'_, W> {
    async fn compare_kind<S: Stream + PartialEq>(&mut self) -> Result<(), Error> {
        let repository = OpenedRepository::over_postgres_es(self.store, self.pool.clone());
        let second = fold::SecondReader::<S>::new(repository);
        let mut after = String::new();
        loop {
            let page = self.store.list_streams_of_kind(&mut *self.pool.acquire().await?, S::TYPE, &after, PAGE).await?;
            let Some((_, last)) = page.last() else { return Ok(()) };
            after.clone_from(last);
            let (store, pool, second) = (self.store, self.pool, &second);
            let compare = |(account_id, id): (AccountId, String)| async move {
                let compared = fold::compare(store, pool, second, account_id, &id, MAX_TRIES).await?;
                Ok::<_, Error>((account_id, id, compared))
            };
            let mut compared = stream::iter(page).map(compare).buffer_unordered(AT_ONCE);
            while let Some((account_id, id, compared)) = compared.try_next().await? {
                self.found.streams += 1;
                match compared {
                    Ok(events) => self.found.events += events,
                    Err(problem) => self.report(&StreamDifference { account_id, kind: S::TYPE.to_owned(), id, problem }),
                }
                self.watch.progress(self.found.streams, self.total);
            }
        }
    }

    /// Events in streams of a kind that no aggregate has.
    async fn report_unknown_kinds(&mut self) -> Result<(), Error> {
        for (account_id, kind, id) in self.store.list_streams_of_other_kinds(&mut *self.pool.acquire().await?, &KNOWN).await? {
            self.report(&StreamDifference { account_id, kind, id, problem: StreamProblem::UnknownKind });
        }
        Ok(())
    }

    fn report(&mut self, difference: &StreamDifference) {
        self.found.differing += 1;
        self.watch.differs(difference);
    }
}
