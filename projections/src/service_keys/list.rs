//! Service keys, as people see them. What a key is made of is not among it.

use chrono::{DateTime, Utc};
use domain::{AccountId, ApiScopes, ServiceKeyId};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::api_keys::parse_scopes;

/// A key, in use or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedServiceKey {
    /// Its id.
    pub id: ServiceKeyId,
    /// The account for which it acts.
    pub account_id: AccountId,
    /// What the program is called.
    pub name: String,
    /// What it may be used for.
    pub scopes: ApiScopes,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// From this instant on it is over.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

struct Row {
    id: Uuid,
    account_id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for ListedServiceKey {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: ServiceKeyId::new(row.id),
            account_id: AccountId::new(row.account_id),
            name: row.name,
            scopes: parse_scopes(&row.scopes)?,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        })
    }
}

/// At most `limit` keys of an account, the newest first, beginning with the one that is next older than `after`; with `in_use_at` those
/// only that are neither revoked nor over at this instant.
///
/// # Errors
/// When the database is lost.
pub async fn list_service_keys(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    in_use_at: Option<DateTime<Utc>>,
    after: Option<ServiceKeyId>,
    limit: i64,
) -> Result<Vec<ListedServiceKey>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select id, account_id, name, scopes, created_at, expires_at, last_used_at, revoked_at
        from service_keys
        where account_id = $1
            and ($2::timestamptz is null or (revoked_at is null and expires_at > $2))
            and ($3::uuid is null or id < $3)
        order by id desc
        limit $4
        "#,
        account_id.uuid(),
        in_use_at,
        after.map(ServiceKeyId::uuid),
        limit,
    );
    rows.fetch_all(database).await?.into_iter().map(ListedServiceKey::try_from).collect()
}

/// How many keys of an account there are, narrowed as for [`list_service_keys`].
///
/// # Errors
/// When the database is lost.
pub async fn count_service_keys(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    in_use_at: Option<DateTime<Utc>>,
) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from service_keys
        where account_id = $1
            and ($2::timestamptz is null or (revoked_at is null and expires_at > $2))
        "#,
        account_id.uuid(),
        in_use_at,
    );
    Ok(count.fetch_one(database).await?.unsigned_abs())
}

/// A key of an account, in use or not.
///
/// # Errors
/// When the database is lost.
pub async fn find_service_key(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    id: ServiceKeyId,
) -> Result<Option<ListedServiceKey>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, account_id, name, scopes, created_at, expires_at, last_used_at, revoked_at
        from service_keys
        where account_id = $1 and id = $2
        "#,
        account_id.uuid(),
        id.uuid(),
    );
    row.fetch_optional(database).await?.map(ListedServiceKey::try_from).transpose()
}

/// What these keys of an account are called. Those of others are left out.
///
/// # Errors
/// When the database is lost.
pub async fn find_service_key_names(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    ids: &[ServiceKeyId],
) -> Result<Vec<(ServiceKeyId, String)>, sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!("select id, name from service_keys where account_id = $1 and id = any($2)", account_id.uuid(), &ids);
    Ok(rows.fetch_all(database).await?.into_iter().map(|row| (ServiceKeyId::new(row.id), row.name)).collect())
}
