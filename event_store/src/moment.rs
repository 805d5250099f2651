//! Which part of the feed had been recorded by an instant.

use chrono::{DateTime, Utc};
use domain::AccountId;
use sqlx::PgConnection;

use crate::feed::parse_xid;
use crate::{Cursor, Error, EventStore};

impl EventStore {
    /// The database's clock.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn clock(&self, connection: &mut PgConnection) -> Result<DateTime<Utc>, Error> {
        Ok(sqlx::query_scalar!(r#"select clock_timestamp() as "at!""#).fetch_one(connection).await?)
    }

    /// A place after whatever has begun to be written by now. It uses up a transaction id: the highest one of a snapshot says only what has
    /// ended.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn mark(&self, connection: &mut PgConnection) -> Result<Cursor, Error> {
        let mark = sqlx::query!(r#"select current_generation() as "generation!", pg_current_xact_id()::text as "xid!""#);
        let row = mark.fetch_one(connection).await?;
        Ok(Cursor { generation: row.generation, xid: parse_xid(&row.xid, &"a mark")?, position: i64::MAX })
    }

    /// The first event after a place that was recorded later than an instant, of those that can no longer change their place.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn first_later_than(
        &self,
        connection: &mut PgConnection,
        after: Cursor,
        instant: DateTime<Utc>,
    ) -> Result<Option<Cursor>, Error> {
        let select = sqlx::query!(
            r#"
            select generation, xid::text as "xid!", position
            from events
            where (generation, xid, position) > ($1, $2::text::xid8, $3)
                and (generation < current_generation() or xid < pg_snapshot_xmin(pg_current_snapshot()))
                and recorded_at > $4
            order by generation, xid, position
            limit 1
            "#,
            after.generation,
            after.xid.to_string(),
            after.position,
            instant,
        );
        let found = select.fetch_optional(connection).await?;
        found
            .map(|row| Ok(Cursor { generation: row.generation, xid: parse_xid(&row.xid, &"an event")?, position: row.position }))
            .transpose()
    }

    /// The last event of an account up to a place, and when it was recorded.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn last_event_of_account(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        until: Cursor,
    ) -> Result<Option<(Cursor, DateTime<Utc>)>, Error> {
        let select = sqlx::query!(
            r#"
            select generation, xid::text as "xid!", position, recorded_at
            from events
            where account_id = $1 and (generation, xid, position) <= ($2, $3::text::xid8, $4)
            order by generation desc, xid desc, position desc
            limit 1
            "#,
            account_id.uuid(),
            until.generation,
            until.xid.to_string(),
            until.position,
        );
        let Some(row) = select.fetch_optional(connection).await? else { return Ok(None) };
        let cursor = Cursor { generation: row.generation, xid: parse_xid(&row.xid, &"an event")?, position: row.position };
        Ok(Some((cursor, row.recorded_at)))
    }
}
