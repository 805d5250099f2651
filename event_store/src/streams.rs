//! Whole streams and persons, to compute again what readers see of them.

use domain::{AccountId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::feed::{FeedRow, select_events};
use crate::{Error, EventStore, RecordedEvent};

/// Streams of one kind by id, at most `$3` after the id `$2`, each with the account of one of its events.
macro_rules! list_streams {
    ($columns:literal, $rest:literal, $connection:ident, $aggregate_type:ident, $after:ident, $limit:ident) => {{
        let rows = sqlx::query!(
            "select " + $columns + " from events where aggregate_type = $1 and aggregate_id > $2 " + $rest + " limit $3",
            $aggregate_type,
            $after,
            i64::from($limit),
        );
        let rows = rows.fetch_all($connection).await?;
        Ok(rows.into_iter().map(|row| (AccountId::new(row.account_id), row.aggregate_id)).collect())
    }};
}

impl EventStore {
    /// The next streams of one kind, such as `user`, by id after one, at most `limit`.
    pub async fn list_streams(
        &self,
        connection: &mut PgConnection,
        aggregate_type: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(AccountId, String)>, Error> {
        list_streams!("account_id, aggregate_id", "and sequence = 1 order by aggregate_id", connection, aggregate_type, after, limit)
    }

    /// The next streams of one kind by id after one, at most `limit`, each with the account of its first event: also a stream whose first
    /// event is missing.
    pub(crate) async fn list_streams_of_kind(
        &self,
        connection: &mut PgConnection,
        aggregate_type: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(AccountId, String)>, Error> {
        list_streams!(
            "distinct on (aggregate_id) account_id, aggregate_id",
            "order by aggregate_id, sequence",
            connection,
            aggregate_type,
            after,
            limit
        )
    }

    /// The first streams that are of none of these kinds.
    pub(crate) async fn list_streams_of_other_kinds(
        &self,
        connection: &mut PgConnection,
        kinds: &[&str],
    ) -> Result<Vec<(AccountId, String, String)>, Error> {
        let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
        let rows = sqlx::query!(
            r#"
            select distinct on (aggregate_type, aggregate_id) account_id, aggregate_type, aggregate_id
            from events
            where aggregate_type <> all($1)
            order by aggregate_type, aggregate_id, sequence
            limit 1000
            "#,
            &kinds,
        );
        let rows = rows.fetch_all(connection).await?.into_iter();
        Ok(rows.map(|row| (AccountId::new(row.account_id), row.aggregate_type, row.aggregate_id)).collect())
    }

    /// How many streams of one kind there are.
    pub async fn count_streams(&self, connection: &mut PgConnection, aggregate_type: &str) -> Result<u64, Error> {
        let count =
            sqlx::query_scalar!(r#"select count(*) as "count!" from events where aggregate_type = $1 and sequence = 1"#, aggregate_type);
        Ok(count.fetch_one(connection).await?.unsigned_abs())
    }

    /// Everything that speaks of some people, each named once, in the order of the feed: also events whose position may still change.
    pub async fn read_events_of_people(
        &self,
        connection: &mut PgConnection,
        people: &[(AccountId, UserId)],
    ) -> Result<Vec<RecordedEvent>, Error> {
        let accounts: Vec<Uuid> = people.iter().map(|(account, _)| account.uuid()).collect();
        let ids: Vec<Uuid> = people.iter().map(|(_, id)| id.uuid()).collect();
        // Each person's key is looked up once, not once for each event: `offset 0` keeps it so.
        let rows = sqlx::query_as!(
            FeedRow,
            r#"
            select
                e.generation, e.xid::text as "xid!", e.position, e.account_id, e.aggregate_type, e.aggregate_id, e.sequence,
                e.event_type, e.event_version, e.payload, e.metadata, e.recorded_at, e.person_id, p.wrapped_key as "wrapped_key?"
            from (
                select w.account_id, w.person_id, k.wrapped_key
                from unnest($1::uuid[], $2::uuid[]) as w (account_id, person_id)
                left join person_keys k on k.account_id = w.account_id and k.person_id = w.person_id
                offset 0
            ) p
            join events e on e.account_id = p.account_id and e.person_id = p.person_id
            "#,
            &accounts,
            &ids,
        );
        let mut events = self.open_rows(rows.fetch_all(connection).await?)?;
        events.sort_unstable_by_key(|event| event.cursor);
        Ok(events)
    }

    /// Every event of one stream.
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
