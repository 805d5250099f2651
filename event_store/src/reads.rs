//! Single reads over a pool. Each takes one connection, and gives it back before it returns.

use domain::AccountId;
use sqlx::PgPool;

use crate::{Cursor, Error, EventStore, LogFilter, LogPage, RecordedEvent, Span, StoredEvent};

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

    /// How many events there are on all pages: [`count_log`](Self::count_log) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn log_count(&self, pool: &PgPool, account_id: AccountId, filter: &LogFilter) -> Result<u64, Error> {
        self.count_log(&mut *pool.acquire().await?, account_id, filter).await
    }

    /// The cursor up to which the feed is complete: [`feed_end`](Self::feed_end) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn end_of_feed(&self, pool: &PgPool) -> Result<Cursor, Error> {
        self.feed_end(&mut *pool.acquire().await?).await
    }

    /// A page of the feed, of one kind of stream: [`read_feed_of`](Self::read_feed_of) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn feed_page(&self, pool: &PgPool, kind: &str, span: Span, limit: u32) -> Result<Vec<RecordedEvent>, Error> {
        self.read_feed_of(&mut *pool.acquire().await?, kind, span, limit).await
    }

    /// A page of the feed of one account: [`read_account_feed`](Self::read_account_feed) on a connection of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn account_feed_page(
        &self,
        pool: &PgPool,
        account_id: AccountId,
        kind: &str,
        span: Span,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, Error> {
        self.read_account_feed(&mut *pool.acquire().await?, account_id, kind, span, limit).await
    }
}
