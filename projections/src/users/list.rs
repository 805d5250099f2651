//! Pages of the list of users, and how many users it has.

use domain::AccountId;
use event_store::{Count, CountTo};
use sqlx::PgExecutor;

use super::cursor::Key;
use super::kept_counts::sum_kept_counts;
use super::matching::{MatchingUsers, Moment};
use super::row::UserRow;
use super::{UserCursor, UserFilter, UserOrder, UserOrderField, UserView};
use crate::rows::Row;

/// The largest page.
pub const MAX_PAGE: u32 = 100;

/// Which part of the list is wanted.
#[derive(Clone, Debug)]
pub enum PageRequest {
    /// The first so many after a cursor, or from the beginning.
    First(u32, Option<UserCursor>),
    /// The last so many before a cursor, or up to the end.
    Last(u32, Option<UserCursor>),
}

/// A part of the list, in the requested order.
#[derive(Clone, Debug)]
pub struct Page {
    /// The users of this page.
    pub users: Vec<UserView>,
    /// Whether more users follow. When paging backward: whether a cursor was given.
    pub has_next: bool,
    /// Whether more users precede. When paging forward: whether a cursor was given.
    pub has_previous: bool,
}

/// A page of an account's users, now or in the past. It has at most [`MAX_PAGE`] users. [`UserCursor::check`] the cursor first: one of
/// another account or order gives a page that means nothing.
pub async fn list_users(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    order: UserOrder,
    page: PageRequest,
    moment: Moment,
) -> Result<Page, sqlx::Error> {
    let (size, cursor, backward) = match page {
        PageRequest::First(size, cursor) => (size.min(MAX_PAGE), cursor, false),
        PageRequest::Last(size, cursor) => (size.min(MAX_PAGE), cursor, true),
    };
    let has_cursor = cursor.is_some();
    let mut matching = MatchingUsers::new(account_id, filter, moment)?;
    let after = match cursor {
        Some(cursor) => Some((matching.bind(cursor.id.uuid())?, matching.bind(sql_text(cursor.key, order))?)),
        None => None,
    };
    let statement = select_page(matching.source(), order, backward, after, size + 1);
    let select = matching.page::<UserRow>(&statement);
    let rows = select.fetch_all(database).await?;
    let mut users = rows.into_iter().map(UserView::try_from).collect::<Result<Vec<_>, _>>()?;
    let has_more = users.len() > size as usize;
    users.truncate(size as usize);
    if backward {
        users.reverse();
        Ok(Page { users, has_next: has_cursor, has_previous: has_more })
    } else {
        Ok(Page { users, has_next: has_more, has_previous: has_cursor })
    }
}

/// How many users of an account match, now or in the past. The number is exact if the filter selects users of now by role and status alone.
pub async fn count_users(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    moment: Moment,
    to: CountTo,
) -> Result<Count, sqlx::Error> {
    if let (Moment::Now(_), Some(kinds)) = (moment, filter.kinds()) {
        return Ok(Count::exact(sum_kept_counts(database, account_id, &kinds).await?));
    }
    let matching = MatchingUsers::new(account_id, filter, moment)?;
    let statement = to.statement(matching.source());
    let (rows,): (i64,) = matching.all(&statement).fetch_one(database).await?;
    Ok(to.count(rows))
}

/// The statement of a page that comes after the user with this id and sort key, given as the names of two parameters.
fn select_page(users: &str, order: UserOrder, backward: bool, after: Option<(String, String)>, limit: u32) -> String {
    let (key, key_type) = sort_key(order);
    let (comparison, direction) = if order.descending == backward { (">", "asc") } else { ("<", "desc") };
    let after = after.map(|(id, value)| format!("where ({key}, id) {comparison} ({value}::text::{key_type}, {id})")).unwrap_or_default();
    let columns = UserRow::COLUMNS.join(", ");
    // The limit is in the text, because a plan without it would be one for a tenth of the table.
    format!("select {columns} from {users} {after} order by {key} {direction}, id {direction} limit {limit}")
}

/// What an order sorts by, before the id, and its type. Each has an index on `users` and one on `user_versions`.
const fn sort_key(order: UserOrder) -> (&'static str, &'static str) {
    match order.field {
        UserOrderField::Email => ("email_normalised", "text"),
        UserOrderField::Status => ("status_order", "bigint"),
        UserOrderField::Role => ("role_rank", "bigint"),
        UserOrderField::CreatedAt => ("created_at", "timestamptz"),
        // Users who never signed in come last in both directions.
        UserOrderField::LastActiveAt if order.descending => ("coalesce(last_active_at, '-infinity'::timestamptz)", "timestamptz"),
        UserOrderField::LastActiveAt => ("coalesce(last_active_at, 'infinity'::timestamptz)", "timestamptz"),
    }
}

/// The sort key of a cursor, as [`select_page`] casts it.
fn sql_text(key: Key, order: UserOrder) -> String {
    match key {
        Key::Text(text) => text,
        Key::Number(number) => number.to_string(),
        Key::Time(Some(at)) => at.to_rfc3339(),
        Key::Time(None) if order.descending => "-infinity".to_owned(),
        Key::Time(None) => "infinity".to_owned(),
    }
}
