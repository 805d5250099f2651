//! Computes from the events what readers see, compares it row by row with what the tables hold, and repairs what differs. No command waits
//! for it: people are taken some thousands at a time, compared in one snapshot, in which events and rows agree because they are written
//! together; only the locks of those whose rows differ are claimed, and only a command about one of them waits.
//!
//! A session that is finished may be missing, because housekeeping deletes it. The table `housekeeping` says up to which instant.
//!
//! What is not in any event stays as it is: the hashes of tokens, when something was last used, what is said of a mail that still waits.

mod admins;
mod compare;
mod counts;
mod difference;
mod events;
mod progress;
mod repair;
mod streams;

use std::pin::pin;

use chrono::{DateTime, Utc};
use compare::{Chunk, Missing};
use domain::{AccountId, UserId};
use event_store::{EventStore, Unavailable, is_conflict, retry_conflicts};
use futures::stream::{self, Stream, StreamExt, TryStreamExt};

use sqlx::{PgPool, PgTransaction};

pub use difference::{Difference, What};
pub(crate) use events::fold as fold_people;
pub use progress::{Progress, find_progress};

use crate::Error;
use crate::accounts::AccountRow;
use crate::saved_views::SavedViewRow;
use crate::service_keys::ServiceKeyRow;

/// How many people are compared at once.
const CHUNK: u32 = 12_000;
/// How many people are repaired in one transaction, which holds the locks of all of them.
const REPAIRED_AT_ONCE: usize = 500;

/// How many transactions repair at once: while one waits for the database, another adds events up.
const MAX_REPAIRS: usize = 4;

/// What a rebuild, or a comparison, has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many users were looked at.
    pub users: u64,
    /// How many rows were not as the events have them.
    pub differing: u64,
    /// How many of those could not be repaired.
    pub left: u64,
    /// How many events cannot be read. What readers see of their users and accounts was not compared, and stays as it is.
    pub unreadable: u64,
}

/// Watches the progress.
pub trait Watch {
    /// So many of so many users are done.
    fn progress(&mut self, done: u64, total: u64);
    /// A row is not as the events have it. It holds nothing personal.
    fn differs(&mut self, difference: &Difference);
}

/// Compares and rebuilds over one database.
#[derive(Clone, Copy)]
pub struct Rebuilder<'a> {
    pool: &'a PgPool,
    store: &'a EventStore,
    chunk: u32,
}

impl<'a> Rebuilder<'a> {
    /// One that takes as many people at once as is quickest.
    #[must_use]
    pub const fn new(pool: &'a PgPool, store: &'a EventStore) -> Self {
        Self { pool, store, chunk: CHUNK }
    }

    /// The same with so many people at once.
    #[must_use]
    pub const fn with_chunk(self, chunk: u32) -> Self {
        Self { chunk, ..self }
    }

    /// Compares every read model with the events, and changes nothing.
    ///
    /// Whom an unreadable event speaks of is not compared, and counted in [`Outcome::unreadable`].
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the whole.
    pub async fn verify(self, watch: &mut (dyn Watch + Send)) -> Result<Outcome, Error> {
        let total = self.count_users().await?;
        let mut outcome = Outcome::default();
        for difference in streams::compare::<AccountRow>(self.pool, self.store).await? {
            outcome.found(&difference, watch);
        }
        for difference in streams::compare::<ServiceKeyRow>(self.pool, self.store).await? {
            outcome.found(&difference, watch);
        }
        for difference in streams::compare::<SavedViewRow>(self.pool, self.store).await? {
            outcome.found(&difference, watch);
        }
        let mut after = String::new();
        while let Some(chunk) = compare::chunk(self.pool, self.store, &after, self.chunk, Missing::Compared).await? {
            chunk.differences.iter().for_each(|difference| outcome.found(difference, watch));
            outcome.users += chunk.users;
            watch.progress(outcome.users, total);
            after = chunk.last;
        }
        for difference in admins::compare(self.pool).await? {
            outcome.found(&difference, watch);
        }
        for difference in counts::compare(self.pool).await? {
            outcome.found(&difference, watch);
        }
        outcome.left = outcome.differing;
        Ok(outcome)
    }

    /// Makes every read model what the events say, while commands go on. One that was interrupted is taken up where it stopped; two that
    /// run at once share the work.
    ///
    /// The rows of a person with an unreadable event stay as they are, and is counted in [`Outcome::unreadable`].
    ///
    /// # Errors
    /// When the database is lost at any moment. What was repaired until then stays so.
    pub async fn rebuild(self, watch: &mut (dyn Watch + Send)) -> Result<Outcome, Error> {
        let total = self.count_users().await?;
        let mut run = progress::begin_or_resume(self.pool, total).await?;
        let mut outcome = Outcome { users: run.done, ..Outcome::default() };
        for difference in streams::repair::<AccountRow>(self.pool, self.store).await? {
            outcome.found(&difference, watch);
        }
        for difference in streams::repair::<ServiceKeyRow>(self.pool, self.store).await? {
            outcome.found(&difference, watch);
        }
        for difference in streams::repair::<SavedViewRow>(self.pool, self.store).await? {
            outcome.found(&difference, watch);
        }
        // From here on they count along with what is repaired.
        for difference in admins::repair(self.pool).await? {
            outcome.found(&difference, watch);
        }
        watch.progress(run.done, total);
        let work = self.work(run.id, run.last_user.clone());
        let mut work = pin!(work.map_ok(|work| self.repair(work)).try_buffered(MAX_REPAIRS));
        let mut repaired = 0;
        while let Some(done) = work.try_next().await? {
            match done {
                Done::Repaired(differences) => {
                    for difference in differences {
                        repaired += i64::from(difference.what != What::Unreadable);
                        outcome.found(&difference, watch);
                    }
                }
                Done::Through(chunk) => {
                    // These are not repaired, so they are reported here.
                    chunk.differences.iter().filter(|found| found.what == What::Unreadable).for_each(|found| outcome.found(found, watch));
                    run.advance(self.pool, &chunk, std::mem::take(&mut repaired)).await?;
                    outcome.users = run.done;
                    watch.progress(run.done, total);
                }
            }
        }
        for difference in admins::repair(self.pool).await? {
            outcome.found(&difference, watch);
        }
        for difference in counts::repair(self.pool).await? {
            outcome.found(&difference, watch);
        }
        run.finish(self.pool).await?;
        Ok(outcome)
    }

    /// What there is to repair, batch by batch, with the end of each chunk after its last batch. The next chunk is looked through while the
    /// last one is still repaired.
    fn work(&self, run: i64, after: String) -> impl Stream<Item = Result<Work, Error>> {
        let Self { pool, store, chunk: size } = *self;
        let chunks = stream::try_unfold(after, move |after| async move {
            // Another process may have come further.
            let after = after.max(progress::find_last_user(pool, run).await?);
            let chunk = compare::chunk(pool, store, &after, size, Missing::Named).await?;
            Ok::<_, Error>(chunk.map(|chunk| {
                let after = chunk.last.clone();
                (chunk, after)
            }))
        });
        chunks.map_ok(|chunk| stream::iter(batches(chunk)).map(Ok)).try_flatten()
    }

    async fn repair(&self, work: Work) -> Result<Done, Error> {
        match work {
            // When another transaction holds one of the locks for long, the batch waits for it again.
            Work::Batch(people) => Ok(Done::Repaired(retry_conflicts(|| self.repair_batch(&people), is_worth_retrying).await?)),
            Work::End(chunk) => Ok(Done::Through(chunk)),
        }
    }

    async fn repair_batch(&self, people: &[(AccountId, UserId)]) -> Result<Vec<Difference>, Error> {
        let mut transaction = self.pool.begin().await?;
        let repaired = repair::people(&mut transaction, self.store, people).await?;
        transaction.commit().await?;
        Ok(repaired)
    }

    async fn count_users(&self) -> Result<u64, Error> {
        let mut connection = self.pool.acquire().await?;
        Ok(self.store.count_streams(&mut connection, "user").await?)
    }
}

fn is_worth_retrying(error: &Error) -> bool {
    let (Error::Database(error) | Error::Events(event_store::Error::Database(error))) = error else { return false };
    is_conflict(error) || Unavailable::of(error) == Some(Unavailable::Busy)
}

/// A part of a rebuild.
enum Work {
    /// People who may have to be repaired, in one transaction.
    Batch(Vec<(AccountId, UserId)>),
    /// The batches before were the last of this chunk.
    End(Chunk),
}

/// What came of a part.
enum Done {
    Repaired(Vec<Difference>),
    Through(Chunk),
}

fn batches(chunk: Chunk) -> Vec<Work> {
    let people = to_repair(&chunk);
    let batches = people.chunks(REPAIRED_AT_ONCE).map(|people| Work::Batch(people.to_vec()));
    batches.chain(std::iter::once(Work::End(chunk))).collect()
}

impl Outcome {
    fn found(&mut self, difference: &Difference, watch: &mut (dyn Watch + Send)) {
        if difference.what == What::Unreadable {
            self.unreadable += 1;
        } else {
            self.differing += 1;
            self.left += u64::from(difference.cannot_be_repaired);
        }
        watch.differs(difference);
    }
}

/// The people whom differences speak of, and those who are missing.
fn to_repair(chunk: &Chunk) -> Vec<(AccountId, UserId)> {
    let can_be_repaired = chunk.differences.iter().filter(|difference| !difference.cannot_be_repaired);
    let differing = can_be_repaired.filter_map(|difference| Some((difference.account_id, difference.user_id?)));
    let mut people: Vec<_> = differing.chain(chunk.missing.iter().copied()).collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// A transaction that sees one moment, writes nothing, and blocks no other.
async fn one_moment(pool: &PgPool) -> Result<PgTransaction<'static>, sqlx::Error> {
    pool.begin_with("begin isolation level repeatable read read only").await
}

/// Times compare as the database keeps them.
type Time = DateTime<Utc>;
