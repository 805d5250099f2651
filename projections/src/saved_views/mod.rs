//! The saved views of the list of users: one's own, and those that all admins share.

mod fold;

use chrono::{DateTime, Utc};
use domain::{AccountId, SavedViewId, UserId};
use sqlx::PgExecutor;

pub(crate) use fold::SavedViewRow;

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// Whose view it is; `None` for all admins.
    pub owner: Option<UserId>,
    /// What it is called.
    pub name: String,
    /// What the list shows, as the query of an address.
    pub query: String,
    /// When it was saved first.
    pub created_at: DateTime<Utc>,
    /// When it was saved last.
    pub changed_at: DateTime<Utc>,
    /// How many events it has.
    pub version: u64,
}

/// The views that a user sees, by name: their own, then those that are shared.
pub async fn list_saved_views(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    user_id: UserId,
) -> Result<Vec<SavedView>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select id, user_id, name, query, created_at, changed_at, version
        from saved_views
        where account_id = $1 and (user_id = $2 or user_id is null) and deleted_at is null
        order by user_id is null, lower(name collate "C"), id
        "#,
        account_id.uuid(),
        user_id.uuid(),
    );
    let view = rows.fetch_all(database).await?.into_iter().map(|row| SavedView {
        id: SavedViewId::new(row.id),
        owner: row.user_id.map(UserId::new),
        name: row.name,
        query: row.query,
        created_at: row.created_at,
        changed_at: row.changed_at,
        version: row.version.unsigned_abs(),
    });
    Ok(view.collect())
}

/// A view that a user sees.
pub async fn find_saved_view(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    user_id: UserId,
    id: SavedViewId,
) -> Result<Option<SavedView>, sqlx::Error> {
    // There are at most some dozens.
    Ok(list_saved_views(database, account_id, user_id).await?.into_iter().find(|view| view.id == id))
}

/// How many views a user has, or all admins share (`None`), and whether another one than `except` has a name.
pub async fn count_saved_views(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    owner: Option<UserId>,
    name: &str,
    except: Option<SavedViewId>,
) -> Result<(u64, bool), sqlx::Error> {
    let row = sqlx::query!(
        r#"
        select
            count(*) as "count!",
            coalesce(bool_or(lower(name collate "C") = lower($3 collate "C") and id is distinct from $4), false) as "is_taken!"
        from saved_views
        where account_id = $1 and user_id is not distinct from $2 and deleted_at is null
        "#,
        account_id.uuid(),
        owner.map(UserId::uuid),
        name,
        except.map(SavedViewId::uuid),
    );
    let row = row.fetch_one(database).await?;
    Ok((row.count.unsigned_abs(), row.is_taken))
}

/// The own views of a user.
pub async fn find_own_views(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    user_id: UserId,
) -> Result<Vec<SavedViewId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "select id from saved_views where account_id = $1 and user_id = $2 and deleted_at is null order by id",
        account_id.uuid(),
        user_id.uuid(),
    );
    Ok(ids.fetch_all(database).await?.into_iter().map(SavedViewId::new).collect())
}
