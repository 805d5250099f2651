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
const TIMEOUT: Duration = Duration::from_secs(2);
/// How long the latest instant waits for what is being recorded just now.
const MAX_WAIT_FOR_LATEST: Duration = Duration::from_millis(250);
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
    #[error("this instant is in the future")]
    Future,
    /// A transaction that was under way at the instant has not ended.
    #[error("transactions from this instant have not ended yet: try again in a moment, or use an earlier instant")]
    UnderWay,
    /// The past is still being written down, after an upgrade or a restore.
    #[error("the past is still being prepared: ask again later")]
    BeingPrepared,
}

/// The place that an instant means for an account: right before the first of its events that was recorded later, by the clock of the
/// database.
///
/// An event that was recorded by then, but stands behind one that was recorded later, is not included. Only transactions that ran at the
/// same time can leave such a pair.
///
/// # Errors
/// [`NotYet`] when something that was recorded by then may still appear. When the database is lost.
pub async fn as_of_instant(pool: &PgPool, store: &EventStore, account_id: AccountId, at: DateTime<Utc>) -> Result<AsOf, AsOfError> {
    let begun = Instant::now();
    let place = loop {
        match find_place(&mut *pool.acquire().await?, store, account_id, at).await {
            Err(AsOfError::NotYet(NotYet::UnderWay)) if begun.elapsed() < TIMEOUT => {}
            found => break found?,
        }
        // No connection is held meanwhile.
        sleep(PAUSE).await;
    };
    told(pool, store, account_id, place, at, begun).await
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

/// The moment of an event and an instant that were given out before ([`AsOf::event`], [`AsOf::at`]): what is asked as of it is answered as it
/// was then.
///
/// # Errors
/// [`NotYet`] when the event is not below the feed's horizon, as after a restore. When the database is lost.
pub async fn as_of_place(
    pool: &PgPool,
    store: &EventStore,
    account_id: AccountId,
    place: Cursor,
    at: DateTime<Utc>,
) -> Result<AsOf, AsOfError> {
    if place > store.end_of_feed(pool).await? {
        return Err(NotYet::Future.into());
    }
    told(pool, store, account_id, place, at, Instant::now()).await
}

/// The latest instant that can be told: whoever asks for it again is answered alike. What is being recorded just now is waited for, for a
/// moment.
///
/// # Errors
/// [`NotYet`] while the past is still being prepared, or nobody can tell how far the feed is complete. When the database is lost.
pub async fn latest(pool: &PgPool, store: &EventStore, account_id: AccountId) -> Result<AsOf, AsOfError> {
    let begun = Instant::now();
    let mut wanted = None;
    let at = loop {
        let horizon = store.horizon(&mut *pool.acquire().await?).await?;
        let wanted = *wanted.get_or_insert(horizon.at - TimeDelta::microseconds(1));
        if horizon.is_complete_at(wanted) || begun.elapsed() > MAX_WAIT_FOR_LATEST {
            break horizon.complete_until.ok_or(NotYet::UnderWay)?;
        }
        sleep(PAUSE).await;
    };
    let place = find_place(&mut *pool.acquire().await?, store, account_id, at).await?;
    told(pool, store, account_id, place, at, begun).await
}

/// The place of the feed that an instant means for an account.
async fn find_place(
    connection: &mut PgConnection,
    store: &EventStore,
    account_id: AccountId,
    at: DateTime<Utc>,
) -> Result<Cursor, AsOfError> {
    // Nothing ever appears before an event that can be read, so the place is settled however far the feed is complete.
    if let Some(later) = find_first_later(connection, store, account_id, at).await? {
        return Ok(later.before());
    }
    let horizon = store.horizon(connection).await?;
    if at > horizon.at {
        return Err(NotYet::Future.into());
    }
    if !horizon.is_complete_at(at) {
        return Err(NotYet::UnderWay.into());
    }
    // What has appeared since may be later.
    Ok(find_first_later(connection, store, account_id, at).await?.map_or(horizon.end, Cursor::before))
}

/// A place, once everything up to it has its versions.
async fn told(
    pool: &PgPool,
    store: &EventStore,
    account_id: AccountId,
    place: Cursor,
    at: DateTime<Utc>,
    begun: Instant,
) -> Result<AsOf, AsOfError> {
    let last = store.last_event_of_account(&mut *pool.acquire().await?, account_id, place).await?;
    let event = last.map(|(event, _)| event);
    let decided_until = wait_for_versions(pool, store, place, event, begun).await?;
    Ok(AsOf { place, at, event, decided_until })
}

/// The first event of an account that was recorded later than an instant: the checkpoints say from where on it stands.
async fn find_first_later(
    connection: &mut PgConnection,
    store: &EventStore,
    account_id: AccountId,
    at: DateTime<Utc>,
) -> Result<Option<Cursor>, Error> {
    let before = sqlx::query_scalar!(
        "select place from feed_checkpoints where recorded_until <= $1 order by recorded_until desc, place desc limit 1",
        at
    );
    let before = before.fetch_optional(&mut *connection).await?;
    let before = before.map_or_else(|| Ok(Cursor::default()), |place| place_of(&place))?;
    Ok(store.first_later_than(connection, account_id, before, at).await?)
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
        if begun.elapsed() > TIMEOUT {
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
