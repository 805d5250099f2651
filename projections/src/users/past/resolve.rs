//! Which position of the feed an instant means.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::AccountId;
use event_store::{Cursor, EventStore, UnknownCursor};
use sqlx::{PgConnection, PgPool};
use tokio::time::{Instant, sleep};

use super::checkpoints::{find_bound, find_start};
use super::prepare::{is_prepared, prepare};
use crate::Error;

/// How long an answer waits for transactions that were under way at the instant, and for the past to be written after an upgrade.
const TIMEOUT: Duration = Duration::from_secs(2);
/// How long the latest instant waits for what is being recorded just now.
const MAX_WAIT_FOR_LATEST: Duration = Duration::from_millis(250);
/// A sign-in counts as later than what has ended the sessions before it: by a microsecond each time.
const SLACK: TimeDelta = TimeDelta::seconds(1);
/// How long until it looks again.
const PAUSE: Duration = Duration::from_millis(10);

/// A position in an account's history. What is read as of it never changes, except that erased users become anonymous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// Everything up to here had happened.
    pub position: Cursor,
    /// The instant: what was asked for, or when the event was recorded.
    pub at: DateTime<Utc>,
    /// The last event of the account by then; `None` before its first.
    pub event: Option<Cursor>,
    /// No listed user was invited or active after this.
    pub decided_until: DateTime<Utc>,
}

/// Why a position of the past cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum AsOfError {
    /// It is not past, or cannot be resolved yet.
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

/// The position that an instant means for an account: right before the first of its events that was recorded later, by the clock of the
/// database.
///
/// An event that was recorded by then, but is behind one that was recorded later, is not included. Only transactions that ran at the
/// same time can leave such a pair.
///
/// # Errors
/// [`NotYet`] when something that was recorded by then may still appear. When the database is lost.
pub async fn as_of_instant(pool: &PgPool, store: &EventStore, account_id: AccountId, at: DateTime<Utc>) -> Result<AsOf, AsOfError> {
    let started = Instant::now();
    let position = loop {
        match find_position(&mut *pool.acquire().await?, store, account_id, at).await {
            Err(AsOfError::NotYet(NotYet::UnderWay)) if started.elapsed() < TIMEOUT => {}
            found => break found?,
        }
        // No connection is held meanwhile.
        sleep(PAUSE).await;
    };
    resolved(pool, store, account_id, position, at, started).await
}

/// The position right after an event of an account, given by its cursor or by that of any event after which none of the account has come.
///
/// # Errors
/// [`NotYet`] when it is not below the feed's horizon; [`UnknownCursor`] when the history has no such event. When the database is lost.
pub async fn as_of_event(pool: &PgPool, store: &EventStore, account_id: AccountId, position: Cursor) -> Result<AsOf, AsOfError> {
    let started = Instant::now();
    let mut connection = pool.acquire().await?;
    if position >= store.feed_end(&mut *connection).await? {
        return Err(NotYet::Future.into());
    }
    if !store.knows(&mut *connection, position).await? {
        return Err(UnknownCursor.into());
    }
    let last = store.last_event_of_account(&mut connection, account_id, position).await?;
    let (event, at) = last.map_or((None, DateTime::UNIX_EPOCH), |(event, at)| (Some(event), at));
    drop(connection);
    let decided_until = wait_for_past(pool, store, account_id, position, started).await?;
    Ok(AsOf { position, at, event, decided_until })
}

/// The moment of an event and an instant that were given out before ([`AsOf::event`], [`AsOf::at`]): what is read as of it is
/// as it was then.
///
/// # Errors
/// [`NotYet`] when the event is not below the feed's horizon, as after a restore. When the database is lost.
pub async fn as_of_position(
    pool: &PgPool,
    store: &EventStore,
    account_id: AccountId,
    position: Cursor,
    at: DateTime<Utc>,
) -> Result<AsOf, AsOfError> {
    if position > store.feed_end(pool).await? {
        return Err(NotYet::Future.into());
    }
    resolved(pool, store, account_id, position, at, Instant::now()).await
}

/// The latest instant that can be resolved: asked again, it has the same answer. What is being recorded just now is waited for, for a
/// moment.
///
/// # Errors
/// [`NotYet`] while the past is still being prepared, or it is not known how far the feed is complete. When the database is lost.
pub async fn latest(pool: &PgPool, store: &EventStore, account_id: AccountId) -> Result<AsOf, AsOfError> {
    let started = Instant::now();
    let mut wanted = None;
    let at = loop {
        let horizon = store.horizon(&mut *pool.acquire().await?).await?;
        let wanted = *wanted.get_or_insert(horizon.at - TimeDelta::microseconds(1));
        if horizon.is_complete_at(wanted) || started.elapsed() > MAX_WAIT_FOR_LATEST {
            break horizon.complete_until.ok_or(NotYet::UnderWay)?;
        }
        sleep(PAUSE).await;
    };
    let position = find_position(&mut *pool.acquire().await?, store, account_id, at).await?;
    resolved(pool, store, account_id, position, at, started).await
}

/// The position of the feed that an instant means for an account.
async fn find_position(
    connection: &mut PgConnection,
    store: &EventStore,
    account_id: AccountId,
    at: DateTime<Utc>,
) -> Result<Cursor, AsOfError> {
    // Nothing ever appears before an event that can be read, so the position is settled however far the feed is complete.
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

/// A position, once everyone in the account has their past.
async fn resolved(
    pool: &PgPool,
    store: &EventStore,
    account_id: AccountId,
    position: Cursor,
    at: DateTime<Utc>,
    started: Instant,
) -> Result<AsOf, AsOfError> {
    let last = store.last_event_of_account(&mut *pool.acquire().await?, account_id, position).await?;
    let event = last.map(|(event, _)| event);
    let decided_until = wait_for_past(pool, store, account_id, position, started).await?;
    Ok(AsOf { position, at, event, decided_until })
}

/// The first event of an account that was recorded later than an instant: the checkpoints say after which position it is.
async fn find_first_later(
    connection: &mut PgConnection,
    store: &EventStore,
    account_id: AccountId,
    at: DateTime<Utc>,
) -> Result<Option<Cursor>, Error> {
    let before = find_start(connection, at).await?;
    Ok(store.first_later_than(connection, account_id, before, at).await?)
}

/// Waits until everyone in an account has their past; after an upgrade it may have to be written. Returns the instant after which no user was
/// invited or active at the position.
async fn wait_for_past(
    pool: &PgPool,
    store: &EventStore,
    account_id: AccountId,
    position: Cursor,
    started: Instant,
) -> Result<DateTime<Utc>, AsOfError> {
    // No connection is held meanwhile: writing the past needs one as well.
    while !is_prepared(&mut *pool.acquire().await?, account_id).await? {
        if started.elapsed() > TIMEOUT {
            return Err(NotYet::BeingPrepared.into());
        }
        if prepare(pool, store, Some(account_id)).await? == 0 {
            sleep(PAUSE).await;
        }
    }
    let bound = find_bound(&mut *pool.acquire().await?, position).await?;
    Ok(bound + SLACK)
}
