//! The refused attempts of an account, as far as they are still kept. `commands` writes them.
//!
//! The conditions are in `migrations/0260_counts.sql`; why, and why these statements are not prepared:
//! docs/decisions/0032-one-list.md.

use chrono::{DateTime, Utc};
use domain::{AccountId, ActorName, ServiceKeyId, UserId};
use event_store::{Count, CountTo};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{FromRow, PgExecutor, Postgres, Row};
use uuid::Uuid;

/// A refused attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAttempt {
    /// Its number within the account. Later attempts have higher numbers.
    pub number: i64,
    /// Its id.
    pub id: Uuid,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The mutation, such as `inviteUser`, or `signInWithProvider`.
    pub operation: String,
    /// The stable code of the refusal.
    pub code: String,
    /// The actor, as the metadata of events names it.
    pub actor: String,
    /// The user whom it was about.
    pub user_id: Option<UserId>,
    /// The HTTP request.
    pub request_id: Option<String>,
    /// The client's IP address; `None` after a user whom the attempt concerns was erased.
    pub address: Option<String>,
}

/// Which attempts are listed. An attempt must match every field. A field that is `None` matches every attempt.
#[derive(Clone, Debug, Default)]
pub struct RefusedAttemptFilter {
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
    /// Made by this user, also through one of their API keys, or by the service key with this id.
    pub actor: Option<UserId>,
    /// About this user.
    pub user: Option<UserId>,
    /// Refused with one of these codes.
    pub codes: Option<Vec<String>>,
}

/// The columns of an attempt.
const COLUMNS: &str = "number, id, at, operation, code, actor, user_id, request_id, address";

/// What stands after `from` in a statement over the attempts that match.
const MATCHING_ATTEMPTS: &str = "refused_attempts_matching($1, attempted_from => $2, attempted_before => $3, tried_by => $4, about => $5, codes => $6, \
                                 actor_name => $7)";

impl FromRow<'_, PgRow> for RefusedAttempt {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            number: row.try_get("number")?,
            id: row.try_get("id")?,
            at: row.try_get("at")?,
            operation: row.try_get("operation")?,
            code: row.try_get("code")?,
            actor: row.try_get("actor")?,
            user_id: row.try_get::<Option<Uuid>, _>("user_id")?.map(UserId::new),
            request_id: row.try_get("request_id")?,
            address: row.try_get("address")?,
        })
    }
}

/// At most `limit` attempts of an account with numbers below `after`, the newest first.
pub async fn list_refused_attempts(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &RefusedAttemptFilter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<RefusedAttempt>, sqlx::Error> {
    let statement = format!(
        "select {COLUMNS}
        from {MATCHING_ATTEMPTS}
        where $8::bigint is null or number < $8
        order by number desc
        limit $9"
    );
    select_matching(&statement, account_id, filter).bind(after).bind(limit).fetch_all(database).await
}

/// How many attempts of an account match.
pub async fn count_refused_attempts(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &RefusedAttemptFilter,
    to: CountTo,
) -> Result<Count, sqlx::Error> {
    let statement = to.statement(MATCHING_ATTEMPTS);
    let (rows,): (i64,) = select_matching(&statement, account_id, filter).fetch_one(database).await?;
    Ok(to.count(rows))
}

/// An attempt of an account, if it is still kept.
pub async fn find_refused_attempt(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    id: Uuid,
) -> Result<Option<RefusedAttempt>, sqlx::Error> {
    let statement = format!("select {COLUMNS} from refused_attempts where account_id = $1 and id = $2");
    sqlx::query_as(&statement).bind(account_id.uuid()).bind(id).fetch_optional(database).await
}

/// A statement over [`MATCHING_ATTEMPTS`]. Its own parameters begin with `$8`.
fn select_matching<'q, Row: for<'r> FromRow<'r, PgRow>>(
    statement: &'q str,
    account_id: AccountId,
    filter: &RefusedAttemptFilter,
) -> QueryAs<'q, Postgres, Row, PgArguments> {
    sqlx::query_as(statement)
        // Postgres plans an unnamed statement for its values: parts of the filter that are null cost nothing.
        .persistent(false)
        .bind(account_id.uuid())
        .bind(filter.from)
        .bind(filter.before)
        .bind(filter.actor.map(UserId::uuid))
        .bind(filter.user.map(UserId::uuid))
        .bind(filter.codes.clone())
        .bind(filter.actor.map(|id| ActorName::ServiceKey(ServiceKeyId::new(id.uuid())).to_string()))
}
