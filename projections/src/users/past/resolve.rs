//! Which place of the feed an instant means.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::AccountId;
use event_store::{Cursor, EventStore, UnknownCursor};
use sqlx::{PgConnection, PgPool};
use tokio::time::{Instant, sleep};

use super::advance::{Advanced, advance, find_end};
use super::versions::place_of;
use crate::Error;

/// How long an answer waits for transactions that were under way at the instant, and for versions to be written.
const PATIENCE: Duration = Duration::from_secs(2);
/// A sign-in counts as later than what has ended the sessions before it: by a microsecond each time.
const SLACK: TimeDelta = TimeDelta::seconds(1);
/// How long until it looks again.
const PAUSE: Duration = Duration::from_millis(10);

/// A place in an account's history. What is asked as of it never changes any more, but that the erased are named no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// Everything up to here had happened.
    pub place: Cursor,
    /// The instant: what was asked for, or when the event was recorded.
    pub at: DateTime<Utc>,
    /// The last event of the account by then; `None` before its first.
    pub event: Option<Cursor>,
    /// Nobody who is listed was invited or active after this.
    pub decided_until: DateTime<Utc>,
}

/// Why a place of the past cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum AsOfError {
    /// It is not past, or cannot be told yet.
    #[error(transparent)]
    NotYet(#[from] NotYet),
    /// It is given by an event that this history does not have.
    #[error(transparent)]
    UnknownCursor(#[from] UnknownCursor),
    /// It could not be computed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<sqlx::Error> for AsOfError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<event_store::Error> for AsOfError {
    fn from(error: event_store::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Why the answer could still change, and is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotYet {
    /// The instant, or the event, lies in the future.
    #[error("this has not come yet")]
    Future,
    /// A transaction that was under way at the instant has not ended.
    #[error("what was under way at this instant has not ended yet: ask again in a moment, or for an earlier one")]
    UnderWay,
    /// The past is still being written down, after an upgrade or a restore.
    #[error("the past is still being prepared: ask again later")]
    BeingPrepared,
}

/// The place that an instant means for an account: right before the first event of the feed that was recorded later, by the clock of the
/// database.
///
/// # Errors
/// [`NotYet`] when something that was recorded by then may still appear. When the database is lost.
pub async fn as_of_instant(pool: &PgPool, store: &EventStore, account_id: AccountId, at: DateTime<Utc>) -> Result<AsOf, AsOfError> {
    let begun = Instant::now();
    let mut connection = pool.acquire().await?;
    if at > store.clock(&mut connection).await? {
        return Err(NotYet::Future.into());
    }
    let mut mark = None;
    let place = loop {
        if let Some(later) = find_first_later(&mut connection, store, at).await? {
            break later.before();
        }
        // Nothing later has been recorded, so whatever was under way has to end first.
        let mark = match mark {
            Some(mark) => mark,
            None => *mark.insert(store.mark(&mut connection).await?),
        };
        let end = store.feed_end(&mut connection).await?;
        if end > mark {
            // What has ended since may be later.
            break find_first_later(&mut connection, store, at).await?.map_or(end, Cursor::before);
        }
        if begun.elapsed() > PATIENCE {
            return Err(NotYet::UnderWay.into());
        }
        sleep(PAUSE).await;
    };
    let event = store.last_event_of_account(&mut connection, account_id, place).await?.map(|(event, _)| event);
    drop(connection);
    let decided_until = wait_for_versions(pool, store, place, event, begun).await?;
    Ok(AsOf { place, at, event, decided_until })
}

/// The place right after an event of an account, given by its cursor or by that of any event after which none of the account has come.
///
/// # Errors
/// [`NotYet`] when it is not below the feed's horizon; [`UnknownCursor`] when the history has no such event. When the database is lost.
pub async fn as_of_event(pool: &PgPool, store: &EventStore, account_id: AccountId, place: Cursor) -> Result<AsOf, AsOfError> {
    let begun = Instant::now();
    let mut connection = pool.acquire().await?;
    if place >= store.feed_end(&mut connection).await? {
        return Err(NotYet::Future.into());
    }
    if !store.knows(&mut connection, place).await? {
        return Err(UnknownCursor.into());
    }
    let last = store.last_event_of_account(&mut connection, account_id, place).await?;
    let (event, at) = last.map_or((None, DateTime::UNIX_EPOCH), |(event, at)| (Some(event), at));
    drop(connection);
    let decided_until = wait_for_versions(pool, store, place, event, begun).await?;
    Ok(AsOf { place, at, event, decided_until })
}

/// The latest place that can be told at once.
///
/// # Errors
/// [`NotYet`] while the past is still being prepared. When the database is lost.
pub async fn latest(pool: &PgPool, store: &EventStore, account_id: AccountId) -> Result<AsOf, AsOfError> {
    let mut connection = pool.acquire().await?;
    let (place, at) = (store.feed_end(&mut connection).await?, store.clock(&mut connection).await?);
    let event = store.last_event_of_account(&mut connection, account_id, place).await?.map(|(event, _)| event);
    drop(connection);
    let decided_until = wait_for_versions(pool, store, place, event, Instant::now()).await?;
    Ok(AsOf { place, at, event, decided_until })
}

/// The first event that was recorded later than an instant: the checkpoints say between which two of them it stands.
async fn find_first_later(connection: &mut PgConnection, store: &EventStore, at: DateTime<Utc>) -> Result<Option<Cursor>, Error> {
    let before = sqlx::query_scalar!(
        "select place from feed_checkpoints where recorded_until <= $1 order by recorded_until desc, place desc limit 1",
        at
    );
    let before = before.fetch_optional(&mut *connection).await?;
    let before = before.map_or_else(|| Ok(Cursor::default()), |place| place_of(&place))?;
    Ok(store.first_later_than(connection, before, at).await?)
}

/// Sees to it that every event up to one has its versions: mostly a worker has done so. Answers after which instant nobody was invited or
/// active by the place.
async fn wait_for_versions(
    pool: &PgPool,
    store: &EventStore,
    place: Cursor,
    event: Option<Cursor>,
    begun: Instant,
) -> Result<DateTime<Utc>, AsOfError> {
    let Some(event) = event else { return Ok(DateTime::UNIX_EPOCH) };
    // Nothing is held meanwhile: whoever writes versions needs a connection as well.
    let mut until = find_end(&mut *pool.acquire().await?).await?;
    while until < event {
        if begun.elapsed() > PATIENCE {
            return Err(NotYet::BeingPrepared.into());
        }
        Advanced { until, .. } = advance(pool, store).await?;
    }
    Ok(find_bound(&mut *pool.acquire().await?, place).await? + SLACK)
}

/// Whatever was decided up to a place, by the first checkpoint at or behind it; where there is none, the newest has every version.
async fn find_bound(connection: &mut PgConnection, place: Cursor) -> Result<DateTime<Utc>, sqlx::Error> {
    let place = place.to_bytes();
    let bound = sqlx::query_scalar!(
        r#"
        select coalesce(
            (select decided_until from feed_checkpoints where place >= $1 order by place limit 1),
            (select decided_until from feed_checkpoints order by place desc limit 1)
        ) as "decided_until!"
        "#,
        place.as_slice(),
    );
    bound.fetch_one(connection).await
}
