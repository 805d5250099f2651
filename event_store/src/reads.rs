//! Single reads over a pool. Each takes one connection, and returns it before it returns itself.

use std::collections::HashSet;

use domain::AccountId;
use sqlx::PgPool;

use crate::{
    Count, CountTo, Cursor, Error, EventStore, FeedPart, Holder, Horizon, LogFilter, LogPage, RecordedEvent, Span, StoredEvent,
    UnreadableEvent,
};

impl EventStore {
    /// A page of the events of an account: [`read_log`](Self::read_log) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn log_page(
        &self,
        pool: &PgPool,
        account_id: AccountId,
        filter: &LogFilter,
        page: LogPage,
    ) -> Result<Vec<RecordedEvent>, Error> {
        self.read_log(&mut *pool.acquire().await?, account_id, filter, page).await
    }

    /// The same page, each event also as it is stored: [`read_stored_log`](Self::read_stored_log) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn stored_log_page(
        &self,
        pool: &PgPool,
        account_id: AccountId,
        filter: &LogFilter,
        page: LogPage,
    ) -> Result<Vec<StoredEvent>, Error> {
        self.read_stored_log(&mut *pool.acquire().await?, account_id, filter, page).await
    }

    /// An event of an account: [`find_event`](Self::find_event) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn one_event(
        &self,
        pool: &PgPool,
        account_id: AccountId,
        aggregate_id: &str,
        sequence: i64,
    ) -> Result<Option<RecordedEvent>, Error> {
        self.find_event(&mut *pool.acquire().await?, account_id, aggregate_id, sequence).await
    }

    /// How many events there are on all pages: [`count_log`](Self::count_log) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn log_count(&self, pool: &PgPool, account_id: AccountId, filter: &LogFilter, to: CountTo) -> Result<Count, Error> {
        self.count_log(&mut *pool.acquire().await?, account_id, filter, to).await
    }

    /// The cursor up to which the feed is complete: [`feed_end`](Self::feed_end) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn end_of_feed(&self, pool: &PgPool) -> Result<Cursor, Error> {
        self.feed_end(&mut *pool.acquire().await?).await
    }

    /// The next part of the feed, with the events of these accounts: [`read_feed_part`](Self::read_feed_part) on its own connection.
    ///
    /// # Errors
    /// As there.
    pub async fn feed_part(&self, pool: &PgPool, span: Span, limit: u32, accounts: &HashSet<AccountId>) -> Result<FeedPart, Error> {
        self.read_feed_part(&mut *pool.acquire().await?, span, limit, accounts).await
    }

    /// The next part of the feed of one account: [`read_account_feed`](Self::read_account_feed) on its own connection.
    ///
    /// # Errors
    /// As there.
    pub async fn account_feed_part(&self, pool: &PgPool, account_id: AccountId, span: Span, limit: u32) -> Result<FeedPart, Error> {
        self.read_account_feed(&mut *pool.acquire().await?, account_id, span, limit).await
    }

    /// How far the feed is complete: [`horizon`](Self::horizon) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn find_horizon(&self, pool: &PgPool) -> Result<Horizon, Error> {
        self.horizon(&mut *pool.acquire().await?).await
    }

    /// Whether this history has the event of a cursor: [`knows`](Self::knows) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn knows_cursor(&self, pool: &PgPool, cursor: Cursor) -> Result<bool, Error> {
        self.knows(&mut *pool.acquire().await?, cursor).await
    }

    /// How far the feed is complete, and the transaction that holds it back, if one does.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn find_horizon_and_holder(&self, pool: &PgPool) -> Result<(Horizon, Option<Holder>), Error> {
        let mut connection = pool.acquire().await?;
        Ok((self.horizon(&mut connection).await?, self.find_holder(&mut connection).await?))
    }

    /// The last event of an account that can be read; the beginning of the feed when it has none.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn end_of_account(&self, pool: &PgPool, account_id: AccountId) -> Result<Cursor, Error> {
        let mut connection = pool.acquire().await?;
        let end = self.feed_end(&mut connection).await?;
        let last = self.last_event_of_account(&mut connection, account_id, end).await?;
        Ok(last.map_or_else(Cursor::default, |(cursor, _)| cursor))
    }

    /// Records unreadable events: [`record_unreadable`](Self::record_unreadable) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn save_unreadable(&self, pool: &PgPool, events: &[UnreadableEvent]) -> Result<(), Error> {
        self.record_unreadable(&mut *pool.acquire().await?, events).await
    }
}
