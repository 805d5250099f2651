//! Users as they were at a position of the past.

use domain::{AccountId, UserId};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::AsOf;
use crate::rows::Row;
use crate::users::row::ListedRow;
use crate::users::view::UserView;

/// A user of an account as they were; `None` when they were not invited yet.
///
/// # Errors
/// When the database is lost.
pub async fn find_user_as_of(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    id: UserId,
    as_of: AsOf,
) -> Result<Option<UserView>, sqlx::Error> {
    Ok(find_users_as_of(database, account_id, &[id.uuid()], as_of).await?.pop())
}

/// The users of an account with these ids as they were, in no order.
///
/// # Errors
/// When the database is lost.
pub(super) async fn find_users_as_of(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    ids: &[Uuid],
    as_of: AsOf,
) -> Result<Vec<UserView>, sqlx::Error> {
    let of = |function| format!("select * from {function}($1, user_filter(), $2, $3, 'infinity') where id = any($4)");
    let columns = ListedRow::COLUMNS.join(", ");
    let (current, ended) = (of("users_matching_as_of"), of("user_versions_matching_as_of"));
    let select = format!("select {columns} from ({current} union all {ended}) u");
    let position = as_of.position;
    let rows =
        sqlx::query_as::<_, ListedRow>(&select).bind(account_id.uuid()).bind(position.transaction()).bind(position.position()).bind(ids);
    rows.fetch_all(database).await?.into_iter().map(UserView::try_from).collect()
}
