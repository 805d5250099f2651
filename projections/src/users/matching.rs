//! The users who match a filter, now or in the past: what the list, its count and the exports select from.
//!
//! The conditions are in `migrations/0220_filters_of_lists.sql`; why, and which statements are prepared:
//! docs/decisions/0032-one-list.md and docs/decisions/0040-reads.md.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::AccountId;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{Arguments, Encode, FromRow, Postgres, Type};

use super::{AsOf, UserFilter};

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
}

/// The users who match, as what stands after `from` in a statement, and the values of its parameters.
///
/// Only the parts of a filter that restrict something are in the text. Words of ours, such as statuses, are constants in it, so that a plan
/// without values knows them too.
pub(super) struct MatchingUsers {
    source: String,
    arguments: PgArguments,
    /// Whether a plan that is good for one set of values is good for all.
    has_general_plan: bool,
}

impl MatchingUsers {
    pub(super) fn new(account_id: AccountId, filter: &UserFilter, moment: Moment) -> Result<Self, sqlx::Error> {
        let parameters = filter.parameters();
        let has_general_plan = matches!(moment, Moment::Now(_));
        let mut matching = Self { source: String::new(), arguments: PgArguments::default(), has_general_plan };
        let account = matching.bind(account_id.uuid())?;
        let mut parts = format!("statuses => '{{{}}}'", parameters.statuses.join(","));
        let mut constant = |name: &str, value: String| {
            let _ = write!(parts, ", {name} => {value}");
        };
        if !(parameters.pending && parameters.expired) {
            constant("pending", parameters.pending.to_string());
            constant("expired", parameters.expired.to_string());
            constant("now", matching.restrict(moment.instant())?);
        }
        if let Some(ranks) = parameters.role_ranks {
            constant("role_ranks", format!("'{{{}}}'", ranks.iter().map(i16::to_string).collect::<Vec<_>>().join(",")));
        }
        if let Some(states) = parameters.deliveries {
            constant("deliveries", format!("'{{{}}}'", states.join(",")));
        }
        if let Some(never_active) = filter.never_active {
            constant("never_active", never_active.to_string());
        }
        if let Some(methods) = parameters.auth_methods {
            constant("auth_methods", matching.restrict(methods)?);
        }
        if let Some(search) = parameters.search {
            constant("search", matching.restrict(search)?);
        }
        for (name, at) in [
            ("created_from", filter.created.from),
            ("created_before", filter.created.before),
            ("last_active_from", filter.last_active.from),
            ("last_active_before", filter.last_active.before),
        ] {
            if let Some(at) = at {
                constant(name, matching.restrict(at)?);
            }
        }
        matching.source = match moment {
            Moment::Now(_) => format!("users_matching({account}, user_filter({parts}))"),
            Moment::Past(as_of) => {
                let position = matching.bind(as_of.position.to_bytes().to_vec())?;
                let decided_until = matching.bind(as_of.decided_until)?;
                format!("user_versions_matching({account}, user_filter({parts}), {position}, {decided_until})")
            }
        };
        Ok(matching)
    }

    /// What stands after `from`.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Adds a value; its name in the statement, such as `$2`.
    pub(super) fn bind<'q, T: Encode<'q, Postgres> + Type<Postgres> + 'q>(&mut self, value: T) -> Result<String, sqlx::Error> {
        self.arguments.add(value).map_err(sqlx::Error::Encode)?;
        Ok(format!("${}", self.arguments.len()))
    }

    /// The same for a value that decides which plan is good.
    fn restrict<'q, T: Encode<'q, Postgres> + Type<Postgres> + 'q>(&mut self, value: T) -> Result<String, sqlx::Error> {
        self.has_general_plan = false;
        self.bind(value)
    }

    /// The statement of a page. It is prepared if Postgres can keep its plan.
    pub(super) fn page<Row: for<'r> FromRow<'r, PgRow>>(self, statement: &str) -> QueryAs<'_, Postgres, Row, PgArguments> {
        sqlx::query_as_with(statement, self.arguments).persistent(self.has_general_plan)
    }

    /// A statement over all who match. Postgres plans it for its values.
    pub(super) fn all<Row: for<'r> FromRow<'r, PgRow>>(self, statement: &str) -> QueryAs<'_, Postgres, Row, PgArguments> {
        sqlx::query_as_with(statement, self.arguments).persistent(false)
    }
}
