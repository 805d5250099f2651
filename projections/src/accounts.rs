//! The accounts of this Roster.

use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::{AccountId, AuthMethodId, AuthMethods, InvitationHours, Slug};
use sqlx::{PgConnection, PgExecutor};

/// An account as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// What people read.
    pub name: String,
    /// Its part of every link.
    pub slug: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// How many events its stream has; rises with every change.
    pub version: u64,
    /// How long its invitations work.
    pub invitation_hours: InvitationHours,
    /// The ways to sign in that it chose; `None` offers all that are configured.
    pub auth_methods: Option<AuthMethods>,
}

/// The columns of an account.
pub(crate) struct AccountRow {
    pub(crate) id: uuid::Uuid,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) version: i64,
    pub(crate) invitation_hours: i32,
    pub(crate) auth_methods: Option<Vec<String>>,
}

impl TryFrom<AccountRow> for AccountView {
    type Error = sqlx::Error;

    fn try_from(row: AccountRow) -> Result<Self, sqlx::Error> {
        let unreadable = |column: &str| sqlx::Error::Decode(format!("accounts.{column} holds what was never written").into());
        let choice = |ids: Vec<String>| AuthMethods::parse(ids.iter().filter_map(|id| AuthMethodId::parse(id).ok()));
        Ok(Self {
            id: AccountId::new(row.id),
            name: row.name,
            slug: row.slug,
            created_at: row.created_at,
            version: row.version.unsigned_abs(),
            invitation_hours: InvitationHours::parse(row.invitation_hours).map_err(|_| unreadable("invitation_hours"))?,
            auth_methods: row.auth_methods.map(choice).transpose().map_err(|_| unreadable("auth_methods"))?,
        })
    }
}

/// Writes what happened to an account.
///
/// # Errors
/// When the database is lost, or another account has the slug (`accounts_slug_key`).
pub async fn project_account(
    connection: &mut PgConnection,
    id: AccountId,
    events: &[AccountEvent],
    version: u64,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (mut name_now, mut hours, mut methods) = (None, None, None);
    for event in events {
        match event {
            AccountEvent::Opened { name, slug } => {
                let insert = sqlx::query!(
                    "insert into accounts (id, name, slug, created_at) values ($1, $2, $3, $4)",
                    id.uuid(),
                    name.as_str(),
                    slug.as_str(),
                    at,
                );
                insert.execute(&mut *connection).await?;
            }
            AccountEvent::Renamed { to, .. } => name_now = Some(to.as_str()),
            AccountEvent::InvitationHoursChanged { to, .. } => hours = Some(i32::from(to.get())),
            AccountEvent::AuthMethodsChanged { to, .. } => methods = Some(to.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>()),
        }
    }
    let update = sqlx::query!(
        r#"
        update accounts set
            version = $2,
            name = coalesce($3, name),
            invitation_hours = coalesce($4, invitation_hours),
            auth_methods = coalesce($5, auth_methods)
        where id = $1
        "#,
        id.uuid(),
        i64::try_from(version).expect("a stream is far shorter than 2^63"),
        name_now,
        hours,
        methods.as_deref(),
    );
    update.execute(connection).await?;
    Ok(())
}

/// An account by its id.
///
/// # Errors
/// When the database is lost.
pub async fn find_account(database: impl PgExecutor<'_>, id: AccountId) -> Result<Option<AccountView>, sqlx::Error> {
    let row = sqlx::query_as!(
        AccountRow,
        "select id, name, slug, created_at, version, invitation_hours, auth_methods from accounts where id = $1",
        id.uuid()
    );
    row.fetch_optional(database).await?.map(AccountView::try_from).transpose()
}

/// An account by its slug.
///
/// # Errors
/// When the database is lost.
pub async fn find_account_by_slug(database: impl PgExecutor<'_>, slug: &Slug) -> Result<Option<AccountView>, sqlx::Error> {
    let row = sqlx::query_as!(
        AccountRow,
        "select id, name, slug, created_at, version, invitation_hours, auth_methods from accounts where slug = $1",
        slug.as_str()
    );
    row.fetch_optional(database).await?.map(AccountView::try_from).transpose()
}

/// The first accounts by age, at most `limit`. Ids rise with time, so the primary key has them in this order.
///
/// # Errors
/// When the database is lost.
pub async fn list_accounts(database: impl PgExecutor<'_>, limit: u32) -> Result<Vec<AccountView>, sqlx::Error> {
    let rows = sqlx::query_as!(
        AccountRow,
        "select id, name, slug, created_at, version, invitation_hours, auth_methods from accounts order by id limit $1",
        i64::from(limit)
    );
    rows.fetch_all(database).await?.into_iter().map(AccountView::try_from).collect()
}
