//! What a user was: rows of `user_versions` and `past_activity`.

use sqlx::PgConnection;
use uuid::Uuid;

use super::NOT_IN_THE_PAST;
use crate::origin::Mark;
use crate::users::row::{ActivityRow, UserRow, VersionRow, activity_columns, user_columns};

/// What has ended of one user: in `users` is what has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Past {
    pub(crate) versions: Vec<VersionRow>,
    pub(crate) activity: Vec<ActivityRow>,
}

impl Past {
    /// The version of a user ends, and another one begins. Of a user whose past is not written yet, nothing is.
    pub(crate) fn end_version(&mut self, user: &mut UserRow, at: Mark) {
        if has_past(user) {
            self.versions.push(VersionRow::ended(user, at));
            (user.since_transaction, user.since_rank) = (Some(at.transaction), at.rank);
        }
    }

    /// A user signs in.
    pub(crate) fn end_activity(&mut self, user: &mut UserRow, at: Mark) {
        if has_past(user) {
            self.activity.push(ActivityRow::ended(user, at));
            (user.active_transaction, user.active_rank) = (Some(at.transaction), at.rank);
        }
    }

    /// Empties what is personal.
    pub(crate) fn redact(&mut self) {
        for version in &mut self.versions {
            version.email.clear();
            version.email_normalised.clear();
            version.name = None;
            version.delivery_detail = None;
        }
    }
}

/// Whether the past of a user is known.
fn has_past(user: &UserRow) -> bool {
    user.since_transaction.is_some_and(|since| since != NOT_IN_THE_PAST)
}

/// The versions of users that have ended, from the oldest on.
///
/// # Errors
/// When the database is lost.
pub(crate) async fn read_versions(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<VersionRow>, sqlx::Error> {
    let rows = user_columns!(
        select! VersionRow, "until_transaction, until_rank, ",
        ("from user_versions where id = any($1) order by until_transaction, until_rank"), ids
    );
    rows.fetch_all(connection).await
}

/// The former activity of users, from the oldest on.
///
/// # Errors
/// When the database is lost.
pub(crate) async fn read_activity(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<ActivityRow>, sqlx::Error> {
    let rows = activity_columns!(
        select! ActivityRow, "",
        ("from past_activity where user_id = any($1) order by until_transaction, until_rank"), ids
    );
    rows.fetch_all(connection).await
}

/// Deletes the versions of some users that have ended.
///
/// # Errors
/// When the database is lost.
pub(crate) async fn delete_versions(connection: &mut PgConnection, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    if !ids.is_empty() {
        sqlx::query!("delete from user_versions where id = any($1)", ids).execute(connection).await?;
    }
    Ok(())
}

/// Deletes the former activity of some users.
///
/// # Errors
/// When the database is lost.
pub(crate) async fn delete_activity(connection: &mut PgConnection, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    if !ids.is_empty() {
        sqlx::query!("delete from past_activity where user_id = any($1)", ids).execute(connection).await?;
    }
    Ok(())
}
