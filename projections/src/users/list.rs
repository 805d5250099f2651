//! Pages of the list of users.

use chrono::{DateTime, Utc};
use domain::AccountId;
use sqlx::PgExecutor;
use uuid::Uuid;

use super::cursor::Key;
use super::row::select_users;
use super::{UserCursor, UserFilter, UserOrder, UserOrderField, UserView};

/// The longest page.
pub const MAX_PAGE: u32 = 100;

/// Which part of the list is wanted.
#[derive(Clone, Debug)]
pub enum PageRequest {
    /// The first so many after a place, or from the beginning.
    First(u32, Option<UserCursor>),
    /// The last so many before a place, or up to the end.
    Last(u32, Option<UserCursor>),
}

/// A part of the list, in the order that was asked for.
#[derive(Clone, Debug)]
pub struct Page {
    /// The users of this page.
    pub users: Vec<UserView>,
    /// Whether there are more after it. When paging backward: whether a later place was given.
    pub has_next: bool,
    /// Whether there are more before it. When paging forward: whether an earlier place was given.
    pub has_previous: bool,
}

/// One direction through one order, from a place on: the one query of the list, with `key`, a column or indexed expression of the
/// type `type`, and the comparison for the direction.
macro_rules! select_page {
    ($key:literal, $type:literal, $comparison:literal, $direction:literal, $place:expr, $query:expr) => {{
        let Query { account_id, now, filter, place_id, limit } = $query;
        let bound = filter.bind();
        select_users!(
            ("where account_id = $1 and status = any($2) "
                + "and (status <> 'invited' or ($3 and invitation_expires_at > $5) or ($4 and invitation_expires_at <= $5)) "
                + "and role_rank = any($6) and ($7::text[] is null or auth_methods && $7) "
                + "and ($8::text is null or search_text like lower($8)) "
                + "and ($9::timestamptz is null or created_at >= $9) and ($10::timestamptz is null or created_at < $10) "
                + "and ($11::timestamptz is null or last_active_at >= $11) and ($12::timestamptz is null or last_active_at < $12) "
                + "and ($13::boolean is null or (last_active_at is null) = $13) "
                + "and ($17::text[] is null or (status = 'invited' and delivery_state = any($17))) "
                + "and ($15::uuid is null or ("
                + $key
                + ", id) "
                + $comparison
                + " ($14::"
                + $type
                + ", $15)) order by "
                + $key
                + " "
                + $direction
                + ", id "
                + $direction
                + " limit $16"),
            account_id.uuid(),
            &bound.statuses,
            bound.pending,
            bound.expired,
            now,
            &bound.role_ranks,
            bound.auth_methods.as_deref(),
            bound.pattern,
            filter.created.from,
            filter.created.before,
            filter.last_active.from,
            filter.last_active.before,
            filter.never_active,
            $place,
            place_id,
            limit,
            bound.deliveries.as_deref(),
        )
    }};
}

/// Runs [`select_page`] upward or downward.
macro_rules! fetch_page {
    ($database:expr, $descends:expr, $key:literal, $type:literal, $place:expr, $query:expr) => {
        if $descends {
            select_page!($key, $type, "<", "desc", $place, $query).fetch_all($database).await?
        } else {
            select_page!($key, $type, ">", "asc", $place, $query).fetch_all($database).await?
        }
    };
}

/// What all orders ask alike.
#[derive(Clone, Copy)]
struct Query<'a> {
    account_id: AccountId,
    now: DateTime<Utc>,
    filter: &'a UserFilter,
    place_id: Option<Uuid>,
    limit: i64,
}

/// A page of an account's users. Pages hold at most [`MAX_PAGE`] users; a place must be of this account and order
/// ([`UserCursor::check`]), or it is no place in this list.
///
/// # Errors
/// When the database is lost.
pub async fn list_users(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    order: UserOrder,
    page: PageRequest,
    now: DateTime<Utc>,
) -> Result<Page, sqlx::Error> {
    let (size, place, backward) = match page {
        PageRequest::First(size, place) => (size.min(MAX_PAGE), place, false),
        PageRequest::Last(size, place) => (size.min(MAX_PAGE), place, true),
    };
    let place_id = place.as_ref().map(|place| place.id.uuid());
    let descends = order.descending != backward;
    let query = Query { account_id, now, filter, place_id, limit: i64::from(size) + 1 };
    let key = place.map(|place| place.key);
    let (text, number) = match &key {
        Some(Key::Text(text)) => (Some(text.as_str()), None),
        Some(Key::Number(number)) => (None, Some(*number)),
        _ => (None, None),
    };
    let time = match &key {
        Some(Key::Time(time)) => *time,
        _ => None,
    };
    let rows = match order.field {
        UserOrderField::Email => fetch_page!(database, descends, "email_normalised", "text", text, query),
        UserOrderField::Status => fetch_page!(database, descends, "status_order", "bigint", number, query),
        UserOrderField::Role => {
            let rank = number.and_then(|number| i16::try_from(number).ok());
            fetch_page!(database, descends, "role_rank", "smallint", rank, query)
        }
        UserOrderField::CreatedAt => fetch_page!(database, descends, "created_at", "timestamptz", time, query),
        // The text `-infinity` or `infinity` stands for "never", as in the indexes.
        UserOrderField::LastActiveAt if order.descending => {
            let time = instant(time, "-infinity");
            fetch_page!(database, descends, "coalesce(last_active_at, '-infinity'::timestamptz)", "text::timestamptz", time, query)
        }
        UserOrderField::LastActiveAt => {
            let time = instant(time, "infinity");
            fetch_page!(database, descends, "coalesce(last_active_at, 'infinity'::timestamptz)", "text::timestamptz", time, query)
        }
    };
    let mut users = rows.into_iter().map(UserView::try_from).collect::<Result<Vec<_>, _>>()?;
    let more = users.len() > size as usize;
    users.truncate(size as usize);
    if backward {
        users.reverse();
        Ok(Page { users, has_next: place_id.is_some(), has_previous: more })
    } else {
        Ok(Page { users, has_next: more, has_previous: place_id.is_some() })
    }
}

fn instant(time: Option<DateTime<Utc>>, never: &str) -> String {
    time.map_or_else(|| never.to_owned(), |time| time.to_rfc3339())
}

/// How many users of an account the filter lets through.
///
/// # Errors
/// When the database is lost.
pub async fn count_users(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let bound = filter.bind();
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from users
        where account_id = $1 and status = any($2)
            and (status <> 'invited' or ($3 and invitation_expires_at > $5) or ($4 and invitation_expires_at <= $5))
            and role_rank = any($6) and ($7::text[] is null or auth_methods && $7)
            and ($8::text is null or search_text like lower($8))
            and ($9::timestamptz is null or created_at >= $9) and ($10::timestamptz is null or created_at < $10)
            and ($11::timestamptz is null or last_active_at >= $11) and ($12::timestamptz is null or last_active_at < $12)
            and ($13::boolean is null or (last_active_at is null) = $13)
            and ($14::text[] is null or (status = 'invited' and delivery_state = any($14)))
        "#,
        account_id.uuid(),
        &bound.statuses,
        bound.pending,
        bound.expired,
        now,
        &bound.role_ranks,
        bound.auth_methods.as_deref(),
        bound.pattern,
        filter.created.from,
        filter.created.before,
        filter.last_active.from,
        filter.last_active.before,
        filter.never_active,
        bound.deliveries.as_deref(),
    );
    Ok(count.fetch_one(database).await?.unsigned_abs())
}
