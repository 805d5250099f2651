//! The lists of both kinds of keys: API keys, which act for a user, and service keys, which act for the account.
//!
//! The conditions are in `migrations/0221_filters_of_logs_and_keys.sql`; why, and why these statements are not prepared:
//! docs/decisions/0032-one-list.md.

use chrono::{DateTime, Utc};
use domain::{AccountId, ApiKeyId, ApiScope, ApiScopes, ServiceKeyId, UserId};
use event_store::{Count, CountTo};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{FromRow, PgExecutor, Postgres};
use uuid::Uuid;

/// A key of either kind, working or ended. Its token is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedKey<Id: KeyId> {
    /// Its id.
    pub id: Id,
    /// Its account.
    pub account_id: AccountId,
    /// The user for whom an API key acts.
    pub owner: Id::Owner,
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
pub trait KeyId: Copy {
    /// Whose keys of this kind are: a user's, or only the account's.
    type Owner;
    /// The table.
    const TABLE: &'static str;
    /// The column of the owner.
    const OWNER: &'static str;
    /// What stands after `from` in a statement over the keys that match.
    const MATCHING: &'static str;

    /// The id that a row has.
    fn from_uuid(id: Uuid) -> Self;

    /// The id as it is stored.
    fn to_uuid(self) -> Uuid;

    /// The owner that a row has.
    fn owner(stored: Option<Uuid>) -> Option<Self::Owner>;
}

impl KeyId for ApiKeyId {
    type Owner = UserId;
    const TABLE: &'static str = "api_keys";
    const OWNER: &'static str = "user_id";
    const MATCHING: &'static str = "api_keys_matching($1, owner => $2, in_use_at => $3)";

    fn from_uuid(id: Uuid) -> Self {
        Self::new(id)
    }

    fn to_uuid(self) -> Uuid {
        self.uuid()
    }

    fn owner(stored: Option<Uuid>) -> Option<UserId> {
        stored.map(UserId::new)
    }
}

impl KeyId for ServiceKeyId {
    type Owner = ();
    const TABLE: &'static str = "service_keys";
    const OWNER: &'static str = "null::uuid";
    const MATCHING: &'static str = "service_keys_matching($1, in_use_at => $3)";

    fn from_uuid(id: Uuid) -> Self {
        Self::new(id)
    }

    fn to_uuid(self) -> Uuid {
        self.uuid()
    }

    fn owner(_: Option<Uuid>) -> Option<()> {
        Some(())
    }
}

/// A row of `api_keys` or `service_keys`.
#[derive(FromRow)]
struct StoredKey {
    id: Uuid,
    account_id: Uuid,
    owner: Option<Uuid>,
    name: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

/// The columns of [`StoredKey`] besides `owner`.
const COLUMNS: &str = "id, account_id, name, scopes, created_at, expires_at, last_used_at, revoked_at";

impl<Id: KeyId> TryFrom<StoredKey> for ListedKey<Id> {
    type Error = sqlx::Error;

    fn try_from(row: StoredKey) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: Id::from_uuid(row.id),
            account_id: AccountId::new(row.account_id),
            owner: Id::owner(row.owner).ok_or_else(|| sqlx::Error::Decode(format!("a row of {} has no owner", Id::TABLE).into()))?,
            name: row.name,
            scopes: parse_scopes(&row.scopes)?,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        })
    }
}

/// At most `limit` keys of an account, the newest first, after the key with the id `after`.
///
/// # Errors
/// When the database is lost.
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
    let select = select_matching::<StoredKey>(&statement, account_id, filter).bind(after.map(Id::to_uuid)).bind(limit);
    select.fetch_all(database).await?.into_iter().map(ListedKey::try_from).collect()
}

/// How many keys of a kind an account has.
///
/// # Errors
/// When the database is lost.
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
///
/// # Errors
/// When the database is lost.
pub async fn find_key<Id: KeyId>(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    id: Id,
) -> Result<Option<ListedKey<Id>>, sqlx::Error> {
    let statement =
        format!("select {owner} as owner, {COLUMNS} from {table} where account_id = $1 and id = $2", owner = Id::OWNER, table = Id::TABLE);
    let select = sqlx::query_as::<_, StoredKey>(&statement).bind(account_id.uuid()).bind(id.to_uuid());
    select.fetch_optional(database).await?.map(ListedKey::try_from).transpose()
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
