//! The accounts of this Roster.

use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::{AccountId, Slug};
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
}

struct AccountRow {
    id: uuid::Uuid,
    name: String,
    slug: String,
    created_at: DateTime<Utc>,
}

impl From<AccountRow> for AccountView {
    fn from(row: AccountRow) -> Self {
        Self { id: AccountId::new(row.id), name: row.name, slug: row.slug, created_at: row.created_at }
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
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    for AccountEvent::Opened { name, slug } in events {
        let insert = sqlx::query!(
            "insert into accounts (id, name, slug, created_at) values ($1, $2, $3, $4)",
            id.uuid(),
            name.as_str(),
            slug.as_str(),
            at,
        );
        insert.execute(&mut *connection).await?;
    }
    Ok(())
}

/// An account by its id.
///
/// # Errors
/// When the database is lost.
pub async fn find_account(database: impl PgExecutor<'_>, id: AccountId) -> Result<Option<AccountView>, sqlx::Error> {
    let row = sqlx::query_as!(AccountRow, "select id, name, slug, created_at from accounts where id = $1", id.uuid());
    Ok(row.fetch_optional(database).await?.map(AccountView::from))
}

/// An account by its slug.
///
/// # Errors
/// When the database is lost.
pub async fn find_account_by_slug(database: impl PgExecutor<'_>, slug: &Slug) -> Result<Option<AccountView>, sqlx::Error> {
    let row = sqlx::query_as!(AccountRow, "select id, name, slug, created_at from accounts where slug = $1", slug.as_str());
    Ok(row.fetch_optional(database).await?.map(AccountView::from))
}

/// The first accounts by age, at most `limit`.
///
/// # Errors
/// When the database is lost.
pub async fn list_accounts(database: impl PgExecutor<'_>, limit: u32) -> Result<Vec<AccountView>, sqlx::Error> {
    let rows =
        sqlx::query_as!(AccountRow, "select id, name, slug, created_at from accounts order by created_at, id limit $1", i64::from(limit));
    Ok(rows.fetch_all(database).await?.into_iter().map(AccountView::from).collect())
}
