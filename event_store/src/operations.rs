//! What one operation did, and the whole streams that it is compared with.

use std::collections::HashMap;

use domain::{AccountId, OperationId, Stream};
use sqlx::PgExecutor;

use crate::feed::select_events;
use crate::{Error, EventStore, RecordedEvent};

impl EventStore {
    /// The streams of one kind in which an operation has events, by id: at most `limit`.
    pub async fn find_streams_of_operation<S: Stream>(
        &self,
        database: impl PgExecutor<'_>,
        account_id: AccountId,
        operation_id: OperationId,
        limit: i64,
    ) -> Result<Vec<String>, Error> {
        let ids = sqlx::query_scalar!(
            r#"
            select distinct aggregate_id
            from events
            where account_id = $1 and (metadata ->> 'operation_id') collate "C" = $2 and aggregate_type = $3
            order by aggregate_id
            limit $4
            "#,
            account_id.uuid(),
            operation_id.to_string(),
            S::TYPE,
            limit,
        );
        Ok(ids.fetch_all(database).await?)
    }

    /// Whether a stream of an account has an event with this number.
    pub async fn has_event<S: Stream>(
        &self,
        database: impl PgExecutor<'_>,
        account_id: AccountId,
        aggregate_id: &str,
        sequence: i64,
    ) -> Result<bool, Error> {
        let exists = sqlx::query_scalar!(
            r#"
            select exists (
                select from events where account_id = $1 and aggregate_type = $2 and aggregate_id = $3 and sequence = $4
            ) as "exists!"
            "#,
            account_id.uuid(),
            S::TYPE,
            aggregate_id,
            sequence,
        );
        Ok(exists.fetch_one(database).await?)
    }

    /// Every event of several streams of one kind in an account, in one round trip.
    pub async fn read_streams<S: Stream>(
        &self,
        database: impl PgExecutor<'_>,
        account_id: AccountId,
        ids: &[String],
    ) -> Result<HashMap<String, Vec<RecordedEvent>>, Error> {
        let rows = select_events!(
            "where e.account_id = $1 and e.aggregate_type = $2 and e.aggregate_id = any($3) order by e.aggregate_id, e.sequence",
            account_id.uuid(),
            S::TYPE,
            ids,
        );
        let mut streams = HashMap::<_, Vec<_>>::new();
        for event in self.open_rows(rows.fetch_all(database).await?)? {
            streams.entry(event.aggregate_id.clone()).or_default().push(event);
        }
        Ok(streams)
    }
}
