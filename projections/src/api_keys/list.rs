//! API keys, as people see them. What a key is made of is not among it.

use chrono::{DateTime, Utc};
use domain::{AccountId, ApiKeyId, ApiScopes, UserId};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::parse_scopes;

/// A key, in use or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose member the owner is.
    pub account_id: AccountId,
    /// The owner, for whom it acts.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: ApiScopes,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From this instant on it is over.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was taken out of use.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Which keys of an account.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApiKeyFilter {
    /// Those of this user only.
    pub user_id: Option<UserId>,
    /// Those only that are in use at this instant: not revoked, not over, and not of a deleted user.
    pub in_use_at: Option<DateTime<Utc>>,
}

struct Row {
    id: Uuid,
    account_id: Uuid,
    user_id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for ListedApiKey {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: ApiKeyId::new(row.id),
            account_id: AccountId::new(row.account_id),
            user_id: UserId::new(row.user_id),
            name: row.name,
            scopes: parse_scopes(&row.scopes)?,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        })
    }
}

/// At most `limit` keys of an account, the newest first, beginning with the one that is next older than `after`.
///
/// # Errors
/// When the database is lost.
pub async fn list_api_keys(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: ApiKeyFilter,
    after: Option<ApiKeyId>,
    limit: i64,
) -> Result<Vec<ListedApiKey>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select k.id, k.account_id, k.user_id, k.name, k.scopes, k.created_at, k.expires_at, k.last_used_at, k.revoked_at
        from api_keys k
        join users u on u.id = k.user_id and u.account_id = k.account_id
        where k.account_id = $1
            and ($2::uuid is null or k.user_id = $2)
            and ($3::timestamptz is null or (k.revoked_at is null and k.expires_at > $3 and u.status <> 'deleted'))
            and ($4::uuid is null or k.id < $4)
        order by k.id desc
        limit $5
        "#,
        account_id.uuid(),
        filter.user_id.map(UserId::uuid),
        filter.in_use_at,
        after.map(ApiKeyId::uuid),
        limit,
    );
    rows.fetch_all(database).await?.into_iter().map(ListedApiKey::try_from).collect()
}

/// How many keys of an account there are.
///
/// # Errors
/// When the database is lost.
pub async fn count_api_keys(database: impl PgExecutor<'_>, account_id: AccountId, filter: ApiKeyFilter) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from api_keys k
        join users u on u.id = k.user_id and u.account_id = k.account_id
        where k.account_id = $1
            and ($2::uuid is null or k.user_id = $2)
            and ($3::timestamptz is null or (k.revoked_at is null and k.expires_at > $3 and u.status <> 'deleted'))
        "#,
        account_id.uuid(),
        filter.user_id.map(UserId::uuid),
        filter.in_use_at,
    );
    Ok(count.fetch_one(database).await?.unsigned_abs())
}

/// A key of an account, in use or not.
///
/// # Errors
/// When the database is lost.
pub async fn find_api_key(database: impl PgExecutor<'_>, account_id: AccountId, id: ApiKeyId) -> Result<Option<ListedApiKey>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, account_id, user_id, name, scopes, created_at, expires_at, last_used_at, revoked_at
        from api_keys
        where account_id = $1 and id = $2
        "#,
        account_id.uuid(),
        id.uuid(),
    );
    row.fetch_optional(database).await?.map(ListedApiKey::try_from).transpose()
}

/// The ids of every key that a user has ever had.
///
/// # Errors
/// When the database is lost.
pub async fn list_ids_of_user(database: impl PgExecutor<'_>, account_id: AccountId, user_id: UserId) -> Result<Vec<ApiKeyId>, sqlx::Error> {
    let ids = sqlx::query_scalar!("select id from api_keys where account_id = $1 and user_id = $2", account_id.uuid(), user_id.uuid());
    Ok(ids.fetch_all(database).await?.into_iter().map(ApiKeyId::new).collect())
}
