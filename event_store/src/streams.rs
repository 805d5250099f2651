//! Streams and people as a whole: to compute anew what readers see of them.

use domain::{AccountId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::feed::{FeedRow, StoredMetadata, select_events};
use crate::{Error, EventStore, RecordedEvent};

impl EventStore {
    /// The next streams of one kind, such as `user`, by id after one, at most `limit`.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn list_streams(
        &self,
        connection: &mut PgConnection,
        aggregate_type: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(AccountId, String)>, Error> {
        let rows = sqlx::query!(
            r#"
            select account_id, aggregate_id
            from events
            where aggregate_type = $1 and aggregate_id > $2 and sequence = 1
            order by aggregate_id
            limit $3
            "#,
            aggregate_type,
            after,
            i64::from(limit),
        );
        let rows = rows.fetch_all(connection).await?;
        Ok(rows.into_iter().map(|row| (AccountId::new(row.account_id), row.aggregate_id)).collect())
    }

    /// How many streams of one kind there are.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn count_streams(&self, connection: &mut PgConnection, aggregate_type: &str) -> Result<u64, Error> {
        let count =
            sqlx::query_scalar!(r#"select count(*) as "count!" from events where aggregate_type = $1 and sequence = 1"#, aggregate_type);
        Ok(count.fetch_one(connection).await?.unsigned_abs())
    }

    /// Everything that speaks of some people, in the order of the feed: also what could still get a neighbour before it.
    ///
    /// # Errors
    /// When the database is lost at any moment.
    pub async fn read_events_of_people(
        &self,
        connection: &mut PgConnection,
        people: &[(AccountId, UserId)],
    ) -> Result<Vec<RecordedEvent>, Error> {
        let accounts: Vec<Uuid> = people.iter().map(|(account, _)| account.uuid()).collect();
        let ids: Vec<Uuid> = people.iter().map(|(_, id)| id.uuid()).collect();
        let rows = select_events!(
            "where (e.account_id, e.person_id) in (select * from unnest($1::uuid[], $2::uuid[])) "
                + "order by e.generation, e.xid, e.position",
            &accounts,
            &ids,
        );
        let rows = rows.fetch_all(connection).await?;
        self.open_rows(rows)
    }

    /// Every event of one stream.
    ///
    /// # Errors
    /// When the database is lost at any moment.
    pub async fn read_stream(
        &self,
        connection: &mut PgConnection,
        aggregate_type: &str,
        aggregate_id: &str,
    ) -> Result<Vec<RecordedEvent>, Error> {
        let rows = select_events!("where e.aggregate_type = $1 and e.aggregate_id = $2 order by e.sequence", aggregate_type, aggregate_id);
        let rows = rows.fetch_all(connection).await?;
        self.open_rows(rows)
    }
}
