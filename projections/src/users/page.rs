//! The statement of a page of users.
//!
//! A list has one part or several. Each part is read in the order of an index, up to a page, so a page never reads much more than it shows.
//! Only constants go into the text.

use super::cursor::{Key, UserCursor};
use super::matching::{self, Moment};
use super::row::ListedRow;
use super::{ListedStatus, UserFilter, UserOrder, UserOrderField};
use crate::rows::Row;

/// The condition that something had begun at the position in the past.
macro_rules! has_begun {
    ($since:literal, $user:literal) => {
        concat!(
            $since,
            "_transaction <= $15 and (",
            $since,
            "_transaction < $15 or ",
            $since,
            "_rank <= rank_at($1, ",
            $user,
            ", $15, $16))"
        )
    };
}

/// The condition that a row of the past was in force at the position.
macro_rules! in_force {
    ($user:literal) => {
        concat!(
            has_begun!("a.since", $user),
            " and a.until_transaction >= $15 and (a.until_transaction > $15 or a.until_rank > rank_at($1, ",
            $user,
            ", $15, $16))"
        )
    };
}

/// The rows of a list that are read in the order of one index.
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

/// The statement of a page with at most `$22` users. They come `$23` users after the cursor, whose id is `$20` and whose sort key is `$21`.
pub(super) fn select_page(filter: &UserFilter, order: UserOrder, backward: bool, cursor: Option<&UserCursor>, moment: Moment) -> String {
    let statuses = matching::statuses(filter, moment);
    let (comparison, direction) = if order.descending == backward { (">", "asc") } else { ("<", "desc") };
    let selects: Vec<_> = parts(order, &filter.listed_statuses(), moment)
        .into_iter()
        .filter_map(|part| {
            let after_cursor = part.after_cursor(cursor, backward, comparison)?;
            Some(part.select(statuses, &after_cursor, direction))
        })
        .collect();
    format!(
        "select {columns} from (({parts})) u order by sort_key {direction}, id {direction} limit $22 offset $23",
        columns = ListedRow::COLUMNS.join(", "),
        parts = selects.join(") union all ("),
    )
}

impl Part {
    const fn mixed(from: String, condition: &'static str, key: &'static str, key_type: &'static str) -> Self {
        Self { from, condition, key, key_type, cursor_key: "$21::text", id: "u.id", rows: Rows::Mixed }
    }

    fn select(&self, statuses: &str, after_cursor: &str, direction: &str) -> String {
        let Self { from, condition, key, key_type, id, rows, .. } = self;
        let by_key = if *rows == Rows::NeverActive { String::new() } else { format!("{key} {direction}, ") };
        format!(
            "select u.*, {key}::{key_type} as sort_key
            from {from}
            where u.{statuses} and {condition} and {after_cursor}
            order by {by_key}{id} {direction}
            limit $22 + $23"
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
        UserOrderField::LastActiveAt => match moment {
            Moment::Now(_) => by_last_active(order, moment),
            Moment::Past(_) => by_past_activity(order, moment),
        },
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

/// The same in the past: who was last active at an instant is found by the instant, and then as they were.
fn by_past_activity(order: UserOrder, moment: Moment) -> Vec<Part> {
    let then = |of: &str| {
        let users = moment.matching_users().iter().map(|users| format!("select * from {users} s where s.id = {of}"));
        format!("cross join lateral ({}) u", users.collect::<Vec<_>>().join(" union all "))
    };
    let current = format!("user_activity a join users x on x.id = a.user_id {}", then("a.user_id"));
    let former = format!("past_activity a {}", then("a.user_id"));
    let still_never = format!("users x {}", then("x.id"));
    let (active, never) = (
        |from, condition| Part { rows: Rows::Active, id: "a.user_id", ..Part::mixed(from, condition, "a.last_active_at", "timestamptz") },
        |from, condition, id| Part { rows: Rows::NeverActive, id, ..Part::mixed(from, condition, never(order), "timestamptz") },
    );
    vec![
        active(current, concat!("a.account_id = $1 and a.last_active_at <= $17 and ", has_begun!("x.active", "x.id"))),
        active(former.clone(), concat!("a.account_id = $1 and a.last_active_at <= $17 and ", in_force!("a.user_id"))),
        never(still_never, "x.account_id = $1 and x.never_active and x.created_at <= $17", "x.id"),
        never(former, concat!("a.account_id = $1 and a.last_active_at is null and ", in_force!("a.user_id")), "a.user_id"),
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
