//! The users who match a filter, now or in the past: what the list, its count and the exports select from.
//!
//! The conditions are in `migrations/0220_filters_of_lists.sql`; why, and why these statements are not prepared:
//! docs/decisions/0032-one-list.md. Statuses are a range of `status_order` besides, which has an index.

use chrono::{DateTime, Utc};
use domain::AccountId;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{FromRow, Postgres};

use super::{AsOf, UserFilter};

/// The filter over the parameters that [`select`] binds.
macro_rules! filter {
    () => {
        "user_filter(statuses => $2, pending => $3, expired => $4, now => $5, role_ranks => $6, auth_methods => $7, search => $8, \
         created_from => $9, created_before => $10, last_active_from => $11, last_active_before => $12, never_active => $13, \
         deliveries => $14)"
    };
}

/// The point in time that a list shows.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// Now, by the clock of the caller.
    Now(DateTime<Utc>),
    /// A position in the past.
    Past(AsOf),
}

impl Moment {
    /// The instant that separates pending from expired invitations.
    #[must_use]
    pub const fn instant(self) -> DateTime<Utc> {
        match self {
            Self::Now(at) | Self::Past(AsOf { at, .. }) => at,
        }
    }

    /// What stands after `from` in a statement over the users who match: for the past, those who have not changed since, and the others.
    pub(super) const fn matching_users(self) -> &'static [&'static str] {
        match self {
            Self::Now(_) => &[concat!("users_matching($1, ", filter!(), ")")],
            Self::Past(_) => &[
                concat!("users_matching_as_of($1, ", filter!(), ", $15, $16, $17)"),
                concat!("user_versions_matching_as_of($1, ", filter!(), ", $15, $16, $17)"),
            ],
        }
    }
}

/// The condition that [`select`] binds for the statuses of a filter. A partial index serves a single value.
pub(super) fn statuses(filter: &UserFilter, moment: Moment) -> &'static str {
    let orders = filter.status_orders(moment.instant());
    if orders.start() == orders.end() { "status_order = $18" } else { "status_order between $18 and $19" }
}

/// A statement over [`Moment::matching_users`] with the condition [`statuses`]. Its own parameters begin with `$20`.
pub(super) fn select<'q, Row: for<'r> FromRow<'r, PgRow>>(
    statement: &'q str,
    account_id: AccountId,
    filter: &UserFilter,
    moment: Moment,
) -> QueryAs<'q, Postgres, Row, PgArguments> {
    let (parameters, status_orders) = (filter.parameters(), filter.status_orders(moment.instant()));
    let past = match moment {
        Moment::Now(_) => None,
        Moment::Past(as_of) => Some(as_of),
    };
    sqlx::query_as(statement)
        // Postgres plans an unnamed statement for its values: parts of the filter that are null cost nothing.
        .persistent(false)
        .bind(account_id.uuid())
        .bind(parameters.statuses)
        .bind(parameters.pending)
        .bind(parameters.expired)
        .bind(moment.instant())
        .bind(parameters.role_ranks)
        .bind(parameters.auth_methods)
        .bind(parameters.search)
        .bind(filter.created.from)
        .bind(filter.created.before)
        .bind(filter.last_active.from)
        .bind(filter.last_active.before)
        .bind(filter.never_active)
        .bind(parameters.deliveries)
        .bind(past.map(|past| past.position.transaction()))
        .bind(past.map(|past| past.position.position()))
        .bind(past.map(|past| past.decided_until))
        .bind(*status_orders.start())
        .bind(*status_orders.end())
}
