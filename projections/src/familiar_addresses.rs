//! From where users have signed in before.

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use sqlx::PgExecutor;

/// How many sessions of a user are looked at, the newest first.
const MAX_LOOKED_AT: i64 = 1_000;

/// Whether a user has started a session since then from an address in a network such as `192.0.2.1/32`, as far as their newest 1,000
/// sessions tell. For users who do not exist, it has not.
///
/// # Errors
/// When the database is lost, or the network is not one.
pub async fn has_signed_in_from(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    user_id: UserId,
    network: &str,
    since: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let exists = sqlx::query_scalar!(
        r#"
        select exists (
            select
            from (
                select address
                from sessions
                where account_id = $1 and user_id = $2 and started_at > $3
                order by started_at desc
                limit $5
            ) newest
            where address::inet <<= $4::text::inet
        ) as "exists!"
        "#,
        account_id.uuid(),
        user_id.uuid(),
        since,
        network,
        MAX_LOOKED_AT,
    );
    exists.fetch_one(database).await
}
