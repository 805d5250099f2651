//! Reads over a pool that need one connection for several statements.

use domain::AccountId;
use sqlx::PgPool;

use crate::{Cursor, Error, EventStore, Holder, Horizon};

impl EventStore {
    /// How far the feed is complete: [`horizon`](Self::horizon) on a connection of its own.
    pub async fn find_horizon(&self, pool: &PgPool) -> Result<Horizon, Error> {
        self.horizon(&mut *pool.acquire().await?).await
    }

    /// How far the feed is complete, and the transaction that holds it back, if one does.
    pub async fn find_horizon_and_holder(&self, pool: &PgPool) -> Result<(Horizon, Option<Holder>), Error> {
        let mut connection = pool.acquire().await?;
        Ok((self.horizon(&mut connection).await?, self.find_holder(&mut connection).await?))
    }

    /// The last event of an account that can be read; the beginning of the feed when it has none.
    pub async fn end_of_account(&self, pool: &PgPool, account_id: AccountId) -> Result<Cursor, Error> {
        let mut connection = pool.acquire().await?;
        let end = self.feed_end(&mut *connection).await?;
        let last = self.last_event_of_account(&mut connection, account_id, end).await?;
        Ok(last.map_or_else(Cursor::default, |(cursor, _)| cursor))
    }
}
