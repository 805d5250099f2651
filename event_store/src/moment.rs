//! Which part of the feed had been recorded by an instant.

use chrono::{DateTime, Utc};
use domain::AccountId;
use sqlx::PgConnection;

use crate::feed::parse_xid;
use crate::{Cursor, Error, EventStore};

impl EventStore {
    /// The first event of an account after a cursor that was recorded later than an instant, of those that can be read: no event ever
    /// appears before it.
    pub async fn first_later_than(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        after: Cursor,
        instant: DateTime<Utc>,
    ) -> Result<Option<Cursor>, Error> {
        let select = sqlx::query!(
            r#"
            select generation, xid::text as "xid!", position
            from events
            where account_id = $5
                and (generation, xid, position) > ($1, $2::text::xid8, $3)
                and is_settled(generation, xid)
                and recorded_at > $4
            order by generation, xid, position
            limit 1
            "#,
            after.generation,
            after.xid.to_string(),
            after.position,
            instant,
            account_id.uuid(),
        );
        let found = select.fetch_optional(connection).await?;
        found
            .map(|row| Ok(Cursor { generation: row.generation, xid: parse_xid(&row.xid, &"an event")?, position: row.position }))
            .transpose()
    }

    /// The last event of an account up to a position, and when it was recorded.
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
