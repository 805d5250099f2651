//! Pages of the list of users.

use chrono::{DateTime, Utc};
use domain::AccountId;
use event_store::Cursor;
use sqlx::PgExecutor;
use uuid::Uuid;

use super::cursor::Key;
use super::row::select_users;
use super::{AsOf, UserCursor, UserFilter, UserOrder, UserOrderField, UserView};

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

/// When the list is as it is shown.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// Now, by the clock of whoever asks.
    Now(DateTime<Utc>),
    /// As it was.
    Past(AsOf),
}

impl Moment {
    /// The instant that tells pending and expired invitations apart.
    #[must_use]
    pub const fn instant(self) -> DateTime<Utc> {
        match self {
            Self::Now(at) | Self::Past(AsOf { at, .. }) => at,
        }
    }
}

/// One direction through one order, from a place on: the one query of the list, with `key`, a column or indexed expression of the
/// type `type`, and the comparison for the direction; over `table`, as far as `in_force` says.
macro_rules! select_page {
    ($table:literal, $in_force:literal, [$($moment:expr),*], $key:literal, $type:literal, $comparison:literal, $direction:literal, $place:expr, $query:expr) => {{
        let Query { account_id, now, filter, place_id, limit } = $query;
        let bound = filter.bind();
        select_users!(
            in $table,
            ("where account_id = $1 "
                + $in_force
                + " and status = any($2) "
                + "and (status <> 'invited' or ($3 and invitation_expires_at > $5) or ($4 and invitation_expires_at <= $5)) "
                + "and role_rank = any($6) and ($7::text[] is null or auth_methods && $7) "
                + "and ($8::text is null or (search_text like split_part(search_fold($8), chr(10), 1) "
                + "and search_text like all (string_to_array(search_fold($8), chr(10))))) "
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
            bound.patterns,
            filter.created.from,
            filter.created.before,
            filter.last_active.from,
            filter.last_active.before,
            filter.never_active,
            $place,
            place_id,
            limit,
            bound.deliveries.as_deref(),
            $($moment,)*
        )
    }};
}

/// Runs [`select_page`] upward or downward, now or in the past.
macro_rules! fetch_page {
    ($database:expr, $moment:expr, $descends:expr, $key:literal, $type:literal, $place:expr, $query:expr) => {
        match (in_force_at($moment), $descends) {
            (None, true) => select_page!("users", "", [], $key, $type, "<", "desc", $place, $query).fetch_all($database).await?,
            (None, false) => select_page!("users", "", [], $key, $type, ">", "asc", $place, $query).fetch_all($database).await?,
            (Some(place), true) => fetch_page!(past place, $database, $key, $type, "<", "desc", $place, $query),
            (Some(place), false) => fetch_page!(past place, $database, $key, $type, ">", "asc", $place, $query),
        }
    };
    (past $moment:expr, $database:expr, $key:literal, $type:literal, $comparison:literal, $direction:literal, $place:expr, $query:expr) => {
        select_page!(
            "user_versions",
            "and from_place <= $18 and until_place > $18 \
             and created_at <= $19 and coalesce(last_active_at, '-infinity'::timestamptz) <= $19",
            [$moment.0.as_slice(), $moment.1],
            $key,
            $type,
            $comparison,
            $direction,
            $place,
            $query
        )
        .fetch_all($database)
        .await?
    };
}

/// The place at which a version is in force, and after which instant nobody was invited or active by then: without it, an order with the
/// newest first would walk past everybody who came later. `None` for the list of now.
fn in_force_at(moment: Moment) -> Option<([u8; Cursor::LENGTH], DateTime<Utc>)> {
    match moment {
        Moment::Now(_) => None,
        Moment::Past(as_of) => Some((as_of.place.to_bytes(), as_of.decided_until)),
    }
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

/// A page of an account's users, now or as they were. Pages hold at most [`MAX_PAGE`] users; a place must be of this account and order
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
    moment: Moment,
) -> Result<Page, sqlx::Error> {
    let (size, place, backward) = match page {
        PageRequest::First(size, place) => (size.min(MAX_PAGE), place, false),
        PageRequest::Last(size, place) => (size.min(MAX_PAGE), place, true),
    };
    let place_id = place.as_ref().map(|place| place.id.uuid());
    let descends = order.descending != backward;
    let query = Query { account_id, now: moment.instant(), filter, place_id, limit: i64::from(size) + 1 };
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
        UserOrderField::Email => fetch_page!(database, moment, descends, "email_normalised", "text", text, query),
        UserOrderField::Status => fetch_page!(database, moment, descends, "status_order", "bigint", number, query),
        UserOrderField::Role => {
            let rank = number.and_then(|number| i16::try_from(number).ok());
            fetch_page!(database, moment, descends, "role_rank", "smallint", rank, query)
        }
        UserOrderField::CreatedAt => fetch_page!(database, moment, descends, "created_at", "timestamptz", time, query),
        // The text `-infinity` or `infinity` stands for "never", as in the indexes.
        UserOrderField::LastActiveAt if order.descending => {
            let time = instant(time, "-infinity");
            fetch_page!(database, moment, descends, "coalesce(last_active_at, '-infinity'::timestamptz)", "text::timestamptz", time, query)
        }
        UserOrderField::LastActiveAt => {
            let time = instant(time, "infinity");
            fetch_page!(database, moment, descends, "coalesce(last_active_at, 'infinity'::timestamptz)", "text::timestamptz", time, query)
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

/// The count of the list, over `table`, as far as `in_force` says.
macro_rules! count_list {
    ($table:literal, $in_force:literal, [$($moment:expr)?], $account:expr, $filter:expr, $now:expr) => {{
        let bound = $filter.bind();
        sqlx::query_scalar!(
            r#"select count(*) as "count!" from "#
                + $table
                + " where account_id = $1 "
                + $in_force
                + " and status = any($2) "
                + "and (status <> 'invited' or ($3 and invitation_expires_at > $5) or ($4 and invitation_expires_at <= $5)) "
                + "and role_rank = any($6) and ($7::text[] is null or auth_methods && $7) "
                + "and ($8::text is null or (search_text like split_part(search_fold($8), chr(10), 1) "
                + "and search_text like all (string_to_array(search_fold($8), chr(10))))) "
                + "and ($9::timestamptz is null or created_at >= $9) and ($10::timestamptz is null or created_at < $10) "
                + "and ($11::timestamptz is null or last_active_at >= $11) and ($12::timestamptz is null or last_active_at < $12) "
                + "and ($13::boolean is null or (last_active_at is null) = $13) "
                + "and ($14::text[] is null or (status = 'invited' and delivery_state = any($14)))",
            $account.uuid(),
            &bound.statuses,
            bound.pending,
            bound.expired,
            $now,
            &bound.role_ranks,
            bound.auth_methods.as_deref(),
            bound.patterns,
            $filter.created.from,
            $filter.created.before,
            $filter.last_active.from,
            $filter.last_active.before,
            $filter.never_active,
            bound.deliveries.as_deref(),
            $($moment,)?
        )
    }};
}

/// How many users of an account the filter lets through, now or then.
///
/// # Errors
/// When the database is lost.
pub async fn count_users(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    moment: Moment,
) -> Result<u64, sqlx::Error> {
    let now = moment.instant();
    let count = match in_force_at(moment) {
        None => count_list!("users", "", [], account_id, filter, now).fetch_one(database).await?,
        Some((place, _)) => {
            let in_force = place.as_slice();
            count_list!("user_versions", "and from_place <= $15 and until_place > $15", [in_force], account_id, filter, now)
                .fetch_one(database)
                .await?
        }
    };
    Ok(count.unsigned_abs())
}
