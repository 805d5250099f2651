//! Pages of the list of users, and how many users it has.

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use event_store::{Count, CountTo};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::kept_counts::sum_kept_counts;
use super::matching::{self, Moment, Values};
use super::page::{DEAR, KEEPS_PLAN, select_page, sql_text};
use super::row::ListedRow;
use super::{UserCursor, UserFilter, UserOrder, UserOrderField, UserView};

/// The largest page.
pub const MAX_PAGE: u32 = 100;
/// The most users that a page may skip.
pub const MAX_SKIP: u32 = 10_000;

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
    /// Whether more users follow. When paging backward: whether a cursor or a number to skip was given.
    pub has_next: bool,
    /// Whether more users precede. When paging forward: whether a cursor or a number to skip was given.
    pub has_previous: bool,
}

/// The order that a page has if a client asks for this one. It is another one only for [`Relevance`](UserOrderField::Relevance). Further pages
/// have the order of their cursor, however many users match by then.
pub async fn page_order(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    order: UserOrder,
    page: &PageRequest,
    moment: Moment,
) -> Result<UserOrder, sqlx::Error> {
    let (PageRequest::First(_, cursor) | PageRequest::Last(_, cursor)) = page;
    if order.field != UserOrderField::Relevance {
        return Ok(order);
    }
    if !filter.has_words() {
        return Ok(order.by_address());
    }
    if let Some(cursor) = cursor {
        return Ok(cursor.order_of(order));
    }
    // Ranked users are all read for each page; by address, no more than the page are read.
    let matches = count_users(database, account_id, filter, moment, CountTo::Bound).await?;
    Ok(if matches.is_exact { order } else { order.by_address() })
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
    list_users_further(database, account_id, filter, order, page, 0, moment).await
}

/// The same page, after `skip` more users (at most [`MAX_SKIP`]) in its direction. They are read like those of the page.
pub async fn list_users_further(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    order: UserOrder,
    page: PageRequest,
    skip: u32,
    moment: Moment,
) -> Result<Page, sqlx::Error> {
    let skip = skip.min(MAX_SKIP);
    let (size, cursor, backward) = match page {
        PageRequest::First(size, cursor) => (size.min(MAX_PAGE), cursor, false),
        PageRequest::Last(size, cursor) => (size.min(MAX_PAGE), cursor, true),
    };
    let has_passed = cursor.is_some() || skip > 0;
    let mut values = Values::new(account_id, filter, moment)?;
    let statement = select_page(filter, order, backward, cursor.as_ref(), moment, values.has_general_plan);
    if let Some(cursor) = cursor {
        values.value(cursor.id.uuid())?;
        values.value(sql_text(cursor.key, order))?;
    } else {
        values.constant("null");
        values.constant("null");
    }
    // A plan without the size would be one for a tenth of the table.
    values.constant(size + 1);
    values.constant(skip);
    if statement.contains(KEEPS_PLAN) {
        values.value(DEAR)?;
    }
    let statement = values.in_text(&statement);
    let rows = if skip == 0 { values.page(&statement) } else { values.all::<ListedRow>(&statement) }.fetch_all(database).await?;
    let mut users = rows.into_iter().map(UserView::try_from).collect::<Result<Vec<_>, _>>()?;
    let has_more = users.len() > size as usize;
    users.truncate(size as usize);
    if backward {
        users.reverse();
        Ok(Page { users, has_next: has_passed, has_previous: has_more })
    } else {
        Ok(Page { users, has_next: has_more, has_previous: has_passed })
    }
}

/// The ids of the users of an account who match now, in their order: at most `limit`.
pub async fn list_matching_ids(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<UserId>, sqlx::Error> {
    let moment = Moment::Now(now);
    let (users, statuses) = (moment.matching_users()[0], matching::statuses(filter, moment));
    let values = Values::new(account_id, filter, moment)?;
    let statement = values.in_text(&format!("select u.id from {users} u where u.{statuses} order by u.id limit {limit}"));
    let rows: Vec<(Uuid,)> = values.all(&statement).fetch_all(database).await?;
    Ok(rows.into_iter().map(|(id,)| UserId::new(id)).collect())
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
    let statuses = matching::statuses(filter, moment);
    let lists = moment.matching_users().iter().map(|users| format!("select from {users} where {statuses}"));
    let values = Values::new(account_id, filter, moment)?;
    let statement = values.in_text(&to.statement(&format!("({}) u", lists.collect::<Vec<_>>().join(" union all "))));
    let (rows,): (i64,) = values.all(&statement).fetch_one(database).await?;
    Ok(to.count(rows))
}
