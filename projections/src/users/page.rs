//! The statement of a page of users.
//!
//! A list has one part or several. Each part is read in the order of an index, up to a page, so a page never reads much more than it shows.
//! Only constants go into the text.

use super::cursor::{Key, UserCursor};
use super::matching::{self, Moment};
use super::row::ListedRow;
use super::{ListedStatus, UserFilter, UserOrder, UserOrderField};
use crate::rows::Row;

mod past;

pub(super) use past::{DEAR, KEEPS_PLAN};

/// The rows of a list that are read in the order of one index.
#[derive(Clone)]
struct Part {
    /// What stands after `from`; the user is `u`.
    from: String,
    condition: &'static str,
    /// What the list sorts by, before the id.
    key: &'static str,
    key_type: &'static str,
    /// The key of the cursor.
    cursor_key: &'static str,
    id: &'static str,
    rows: Rows,
    /// Whether it is read at all: a condition without the user.
    gate: &'static str,
}

/// Which users a part has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// Users before and after the cursor.
    Mixed,
    /// Users who signed in. They come before all others.
    Active,
    /// Users who never signed in. They all have the same key.
    NeverActive,
}

/// The statement of a page with at most `$22` users. They come `$23` users after the cursor, whose id is `$20` and whose sort key is `$21`. If the
/// plan is to be kept, `$24` is [`DEAR`] where the statement contains [`KEEPS_PLAN`].
pub(super) fn select_page(
    filter: &UserFilter,
    order: UserOrder,
    backward: bool,
    cursor: Option<&UserCursor>,
    moment: Moment,
    keeps_plan: bool,
) -> String {
    let statuses = matching::statuses(filter, moment);
    let (comparison, direction) = if order.descending == backward { (">", "asc") } else { ("<", "desc") };
    let parts = match moment {
        Moment::Now(_) => parts(order, &filter.listed_statuses(), moment),
        Moment::Past(_) => past::parts(order, &filter.listed_statuses(), moment, keeps_plan),
    };
    let selects = parts.into_iter().filter_map(|part| {
        let after_cursor = part.after_cursor(cursor, backward, comparison)?;
        let is_nearest = part.rows == Rows::Mixed || (part.rows == Rows::NeverActive) == backward;
        Some((part.select(moment, statuses, &after_cursor, direction), is_nearest))
    });
    match moment {
        Moment::Now(_) => {
            let selects: Vec<_> = selects.map(|(select, _)| select).collect();
            merge(&ListedRow::COLUMNS.join(", "), &selects, direction, THE_PAGE)
        }
        Moment::Past(_) => past::select_page(selects.collect(), direction, keeps_plan),
    }
}

const THE_PAGE: &str = "limit $22 offset $23";
const UP_TO_THE_PAGE: &str = "limit $22 + $23";

/// The first rows of lists that have the same order.
fn merge(columns: &str, selects: &[String], direction: &str, limit: &str) -> String {
    let selects = selects.join(") union all (");
    format!("select {columns} from (({selects})) u order by sort_key {direction}, id {direction} {limit}")
}

impl Part {
    const fn mixed(from: String, condition: &'static str, key: &'static str, key_type: &'static str) -> Self {
        Self { from, condition, key, key_type, cursor_key: "$21::text", id: "u.id", rows: Rows::Mixed, gate: "true" }
    }

    fn select(&self, moment: Moment, statuses: &str, after_cursor: &str, direction: &str) -> String {
        let Self { from, condition, key, key_type, id, rows, gate, .. } = self;
        // What a page of the past shows is read when it is known who is on it.
        let columns = if matches!(moment, Moment::Now(_)) { "u.*" } else { "u.id" };
        // Null is a place in an index; the key that stands for it is not.
        let by_key = match *rows {
            Rows::NeverActive if id.starts_with("a.") => format!("a.last_active_at {direction}, "),
            Rows::NeverActive => String::new(),
            Rows::Active | Rows::Mixed => format!("{key} {direction}, "),
        };
        format!(
            "select {columns}, {key}::{key_type} as sort_key
            from {from}
            where {gate} and u.{statuses} and {condition} and {after_cursor}
            order by {by_key}{id} {direction}
            {UP_TO_THE_PAGE}"
        )
    }

    /// The condition of those who come after a cursor; `None` when there are none.
    fn after_cursor(&self, cursor: Option<&UserCursor>, backward: bool, comparison: &str) -> Option<String> {
        let Some(cursor) = cursor else { return Some("true".to_owned()) };
        let is_never_active = cursor.key == Key::Time(None);
        match self.rows {
            Rows::Active if is_never_active => backward.then(|| "true".to_owned()),
            Rows::NeverActive if is_never_active => Some(format!("{} {comparison} $20", self.id)),
            Rows::NeverActive => (!backward).then(|| "true".to_owned()),
            Rows::Active | Rows::Mixed => {
                let Self { key, key_type, cursor_key, id, .. } = self;
                Some(format!("({key}, {id}) {comparison} ({cursor_key}::{key_type}, $20)"))
            }
        }
    }
}

fn parts(order: UserOrder, statuses: &[ListedStatus], moment: Moment) -> Vec<Part> {
    let all = |key, key_type| {
        let users = moment.matching_users().iter().map(|users| format!("{users} u"));
        users.map(|from| Part::mixed(from, "true", key, key_type)).collect()
    };
    match order.field {
        UserOrderField::Email => by_email(statuses, moment),
        UserOrderField::Relevance => by_relevance(moment),
        UserOrderField::Status => all("u.status_order", "bigint"),
        UserOrderField::Role => all("u.role_rank", "bigint"),
        UserOrderField::CreatedAt => all("u.created_at", "timestamptz"),
        UserOrderField::LastActiveAt => by_last_active(order, moment),
    }
}

/// In `users`, the addresses of live users have an index of their own, because they are unique.
fn by_email(statuses: &[ListedStatus], moment: Moment) -> Vec<Part> {
    let (current, ended) = moment.matching_users().split_at(1);
    let live = statuses.iter().any(|status| *status != ListedStatus::Deleted).then_some("u.status <> 'deleted'");
    let deleted = statuses.contains(&ListedStatus::Deleted).then_some("u.status = 'deleted'");
    let current = live.into_iter().chain(deleted).map(|condition| (current[0], condition));
    let all = current.chain(ended.iter().map(|users| (*users, "true")));
    all.map(|(users, condition)| Part::mixed(format!("{users} u"), condition, "u.email_normalised", "text")).collect()
}

/// The best match first. No index has this order, so all who match are sorted.
fn by_relevance(moment: Moment) -> Vec<Part> {
    let cursor_key = "search_order(search_fold($21::text), search_fold($8))";
    let key = match moment {
        Moment::Now(_) => "search_order(u.search_text, search_fold($8))",
        Moment::Past(_) => "search_order(search_fold(u.email || e'\\n' || coalesce(u.name, '')), search_fold($8))",
    };
    let users = moment.matching_users().iter();
    users.map(|users| Part { cursor_key, ..Part::mixed(format!("{users} u"), "true", key, "text") }).collect()
}

/// Users who signed in, then those who never did, in both directions.
fn by_last_active(order: UserOrder, moment: Moment) -> Vec<Part> {
    let users = moment.matching_users()[0];
    let active = format!("user_activity a join {users} u on u.id = a.user_id");
    vec![
        Part { rows: Rows::Active, id: "a.user_id", ..Part::mixed(active, "a.account_id = $1", "a.last_active_at", "timestamptz") },
        Part { rows: Rows::NeverActive, ..Part::mixed(format!("{users} u"), "u.never_active", never(order), "timestamptz") },
    ]
}

/// The key of those who never signed in, which puts them last.
const fn never(order: UserOrder) -> &'static str {
    if order.descending { "'-infinity'" } else { "'infinity'" }
}

/// The sort key of a cursor, as [`select_page`] casts it.
pub(super) fn sql_text(key: Key, order: UserOrder) -> String {
    match key {
        Key::Text(text) => text,
        Key::Number(number) => number.to_string(),
        Key::Time(Some(at)) => at.to_rfc3339(),
        Key::Time(None) if order.descending => "-infinity".to_owned(),
        Key::Time(None) => "infinity".to_owned(),
    }
}
