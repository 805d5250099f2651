//! The statement of a page of the past: who is on it is found first, and then what they were. See
//! docs/decisions/0060-plans-of-the-past.md.

use super::{Part, Rows, THE_PAGE, UP_TO_THE_PAGE, UserOrder, UserOrderField, merge, never};
use crate::rows::Row;
use crate::users::ListedStatus;
use crate::users::matching::Moment;
use crate::users::row::ListedRow;

/// A condition that is always true. What follows `or` is never computed. It is estimated to cost far more if `$24` is known, so Postgres prefers
/// the plan that it can keep.
pub(in crate::users) const KEEPS_PLAN: &str = "(select true) or (select count(*) from generate_series(1, $24::bigint)) > 0";

/// The value of `$24`. The estimate stays below the one at which Postgres would compile the statement, where a session permits that.
pub(in crate::users) const DEAR: i64 = 5_000_000;

/// Says whether few versions, and few sign-ins, have ended since the moment: fewer than are read here.
const LATELY: &str = "lately as materialized (
    select
        (select count(*) from (select from user_versions where account_id = $1 and until_transaction >= $15
            order by until_transaction limit 100) v) < 100 as few_versions,
        (select count(*) from (select from past_activity where account_id = $1 and until_transaction >= $15
            order by until_transaction limit 100) a) < 100 as few_activities
)";
const FEW_VERSIONS: &str = "(select few_versions from lately)";
const MANY_VERSIONS: &str = "(select not few_versions from lately)";
const FEW_ACTIVITIES: &str = "(select few_activities from lately)";
const MANY_ACTIVITIES: &str = "(select not few_activities from lately)";

/// The few users whose version has ended since the moment.
const CHANGED_SINCE: &str = "(
        select distinct v.id
        from (select id from user_versions where account_id = $1 and until_transaction >= $15 order by until_transaction limit 100) v
    ) changed";
/// The few sign-ins after which another one came since the moment.
const FORMER_SINCE: &str =
    "(select * from past_activity where account_id = $1 and until_transaction >= $15 order by until_transaction limit 100) a";

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

/// The statement over the selects of all parts. Each says whether its users come before those of the others.
pub(super) fn select_page(selects: Vec<(String, bool)>, direction: &str, keeps_plan: bool) -> String {
    let (mut nearest, mut further): (Vec<_>, Vec<_>) = selects.into_iter().partition(|(_, is_nearest)| *is_nearest);
    if nearest.is_empty() {
        std::mem::swap(&mut nearest, &mut further);
    }
    let texts = |selects: Vec<(String, bool)>| selects.into_iter().map(|(select, _)| select).collect::<Vec<_>>();
    let (nearest, further) = (texts(nearest), texts(further));
    let page = if further.is_empty() {
        format!("page as materialized ({})", merge("id, sort_key", &nearest, direction, THE_PAGE))
    } else {
        let nearest = merge("id, sort_key", &nearest, direction, UP_TO_THE_PAGE);
        // Those who come later are not looked for if the page is full without them.
        let more = merge("id, sort_key", &further, direction, UP_TO_THE_PAGE);
        format!(
            "nearest as materialized ({nearest}),
            page as materialized (
                select id, sort_key
                from (
                    (select id, sort_key from nearest)
                    union all (select id, sort_key from ({more}) m where (select count(*) from nearest) < $22 + $23)
                ) u
                order by sort_key {direction}, id {direction}
                {THE_PAGE}
            )"
        )
    };
    let (lately, condition) = if keeps_plan { (format!("{LATELY}, "), KEEPS_PLAN) } else { (String::new(), "true") };
    format!(
        "with {lately}{page}
        select u.{columns}
        from page p
        join listed_users_as_of($1, array(select id from page), $15, $16) u on u.id = p.id
        where {condition}
        order by p.sort_key {direction}, p.id {direction}",
        columns = ListedRow::COLUMNS.join(", u."),
    )
}

pub(super) fn parts(order: UserOrder, statuses: &[ListedStatus], moment: Moment, keeps_plan: bool) -> Vec<Part> {
    if order.field == UserOrderField::LastActiveAt {
        return by_past_activity(order, moment, keeps_plan);
    }
    let mut parts = super::parts(order, statuses, moment);
    if keeps_plan && let Some(walk) = parts.pop() {
        // The last one has the versions that have ended. If they are few, the index of the order would be read for nothing.
        let ended = moment.matching_users()[1];
        let since = format!("{CHANGED_SINCE} cross join lateral (select * from {ended} s where s.id = changed.id offset 0) u");
        parts.push(Part { from: since, gate: FEW_VERSIONS, ..walk.clone() });
        parts.push(Part { gate: MANY_VERSIONS, ..walk });
    }
    parts
}

/// Who was last active at an instant is found by the instant, and then as they were.
fn by_past_activity(order: UserOrder, moment: Moment, keeps_plan: bool) -> Vec<Part> {
    let then = |of: &str| {
        let users = moment.matching_users().iter().map(|users| format!("select * from {users} s where s.id = {of}"));
        format!("cross join lateral ({}) u", users.collect::<Vec<_>>().join(" union all "))
    };
    let current = format!("user_activity a join users x on x.id = a.user_id {}", then("a.user_id"));
    let still_never = format!("users x {}", then("x.id"));
    let (active, never) = (
        |from, condition| Part { rows: Rows::Active, id: "a.user_id", ..Part::mixed(from, condition, "a.last_active_at", "timestamptz") },
        |from, condition, id| Part { rows: Rows::NeverActive, id, ..Part::mixed(from, condition, never(order), "timestamptz") },
    );
    let mut parts = vec![
        active(current, concat!("a.account_id = $1 and a.last_active_at <= $17 and ", has_begun!("x.active", "x.id"))),
        never(still_never, "x.account_id = $1 and x.never_active and x.created_at <= $17", "x.id"),
    ];
    let former = if keeps_plan {
        vec![("past_activity a", MANY_ACTIVITIES), (FORMER_SINCE, FEW_ACTIVITIES)]
    } else {
        vec![("past_activity a", "true")]
    };
    for (activities, gate) in former {
        let from = format!("{activities} {}", then("a.user_id"));
        let was_active = concat!("a.account_id = $1 and a.last_active_at <= $17 and ", in_force!("a.user_id"));
        let was_never = concat!("a.account_id = $1 and a.last_active_at is null and ", in_force!("a.user_id"));
        parts.push(Part { gate, ..active(from.clone(), was_active) });
        parts.push(Part { gate, ..never(from, was_never, "a.user_id") });
    }
    parts
}
