//! The lists of both kinds of keys: API keys, which act for a user, and service keys, which act for the account.
//!
//! The conditions are in `migrations/0221_filters_of_logs_and_keys.sql`; why, and why these statements are not prepared:
//! docs/decisions/0032-one-list.md.

use chrono::{DateTime, Utc};
use domain::{AccountId, ApiKeyId, ApiScope, ApiScopes, ServiceKeyId, UserId};
use event_store::{Count, CountTo};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{FromRow, PgExecutor, Postgres, Row};
use uuid::Uuid;

/// What events determine of a key of either kind.
macro_rules! key_columns {
    ($then:ident! $($rest:tt)*) => {
        $crate::rows::$then! {
            [
                "id" id: Uuid,
                "account_id" account_id: Uuid,
                "name" name: String,
                "scopes" scopes: Vec<String>,
                "created_at" created_at: DateTime<Utc>,
                "expires_at" expires_at: DateTime<Utc>,
                "revoked_at" revoked_at: Option<DateTime<Utc>>,
            ]
            $($rest)*
        }
    };
}
pub(crate) use key_columns;

/// A key of either kind, working or ended. Its token is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedKey<Id: KeyId> {
    /// Its id.
    pub id: Id,
    /// Its account.
    pub account_id: AccountId,
    /// The user for whom an API key acts. A service key has none.
    pub owner: Option<UserId>,
    /// Its name.
    pub name: String,
    /// What it may be used for.
    pub scopes: ApiScopes,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Which keys of an account are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyFilter {
    /// Only API keys of this user. Service keys have no owner and ignore it.
    pub owner: Option<UserId>,
    /// Only keys that work at this instant: not revoked, not expired, and not of a deleted user.
    pub in_use_at: Option<DateTime<Utc>>,
}

/// The id of a key. It determines the kind of the key, and where that kind is stored.
pub trait KeyId: Copy + From<Uuid> + Into<Uuid> + Send + Sync + Unpin {
    /// The table.
    const TABLE: &'static str;
    /// The column of the owner.
    const OWNER: &'static str;
    /// What stands after `from` in a statement over the keys that match.
    const MATCHING: &'static str;
}

impl KeyId for ApiKeyId {
    const TABLE: &'static str = "api_keys";
    const OWNER: &'static str = "user_id";
    const MATCHING: &'static str = "api_keys_matching($1, owner => $2, in_use_at => $3)";
}

impl KeyId for ServiceKeyId {
    const TABLE: &'static str = "service_keys";
    const OWNER: &'static str = "null::uuid";
    const MATCHING: &'static str = "service_keys_matching($1, in_use_at => $3)";
}

/// The columns of a key besides `owner`.
const COLUMNS: &str = "id, account_id, name, scopes, created_at, expires_at, last_used_at, revoked_at";

impl<Id: KeyId> FromRow<'_, PgRow> for ListedKey<Id> {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get::<Uuid, _>("id")?.into(),
            account_id: row.try_get::<Uuid, _>("account_id")?.into(),
            owner: row.try_get::<Option<Uuid>, _>("owner")?.map(UserId::new),
            name: row.try_get("name")?,
            scopes: parse_scopes(&row.try_get::<Vec<String>, _>("scopes")?)?,
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            last_used_at: row.try_get("last_used_at")?,
            revoked_at: row.try_get("revoked_at")?,
        })
    }
}

/// At most `limit` keys of an account, the newest first, after the key with the id `after`.
pub async fn list_keys<Id: KeyId>(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: KeyFilter,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<ListedKey<Id>>, sqlx::Error> {
    let statement = format!(
        "select {owner} as owner, {COLUMNS}
        from {keys}
        where $4::uuid is null or id < $4
        order by id desc
        limit $5",
        owner = Id::OWNER,
        keys = Id::MATCHING,
    );
    select_matching(&statement, account_id, filter).bind(after.map(Into::<Uuid>::into)).bind(limit).fetch_all(database).await
}

/// How many keys of a kind an account has.
pub async fn count_keys<Id: KeyId>(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: KeyFilter,
    to: CountTo,
) -> Result<Count, sqlx::Error> {
    let statement = to.statement(Id::MATCHING);
    let (rows,): (i64,) = select_matching(&statement, account_id, filter).fetch_one(database).await?;
    Ok(to.count(rows))
}

/// A key of an account, working or ended.
pub async fn find_key<Id: KeyId>(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    id: Id,
) -> Result<Option<ListedKey<Id>>, sqlx::Error> {
    let statement =
        format!("select {owner} as owner, {COLUMNS} from {table} where account_id = $1 and id = $2", owner = Id::OWNER, table = Id::TABLE);
    sqlx::query_as(&statement).bind(account_id.uuid()).bind(Into::<Uuid>::into(id)).fetch_optional(database).await
}

/// Writes that a key was used. That is no event.
pub async fn touch_key<Id: KeyId>(database: impl PgExecutor<'_>, id: Id, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let statement = format!("update {} set last_used_at = greatest(last_used_at, $2) where id = $1", Id::TABLE);
    sqlx::query(&statement).bind(Into::<Uuid>::into(id)).bind(at).execute(database).await?;
    Ok(())
}

/// A statement over the keys that match. Its own parameters begin with `$4`.
fn select_matching<'q, Row: for<'r> FromRow<'r, PgRow>>(
    statement: &'q str,
    account_id: AccountId,
    filter: KeyFilter,
) -> QueryAs<'q, Postgres, Row, PgArguments> {
    sqlx::query_as(statement)
        // Postgres plans an unnamed statement for its values: parts of the filter that are null cost nothing.
        .persistent(false)
        .bind(account_id.uuid())
        .bind(filter.owner.map(UserId::uuid))
        .bind(filter.in_use_at)
}

pub(crate) fn parse_scopes(texts: &[String]) -> Result<ApiScopes, sqlx::Error> {
    let scopes: Option<Vec<_>> = texts.iter().map(|text| ApiScope::find(text)).collect();
    let scopes = scopes.and_then(|scopes| ApiScopes::parse(scopes).ok());
    scopes.ok_or_else(|| sqlx::Error::Decode("the scopes of a key cannot be read".into()))
}
