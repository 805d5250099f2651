//! The users who match a filter, now or in the past: what the list, its count and the exports select from.
//!
//! The conditions are in `migrations/0220_filters_of_lists.sql`; why, and which statements are prepared:
//! docs/decisions/0032-one-list.md and docs/decisions/0040-reads.md. Statuses are a range of `status_order` besides, which has an index.

use chrono::{DateTime, Utc};
use domain::AccountId;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{Arguments, Encode, FromRow, Postgres, Type};

use super::{AsOf, UserFilter};

/// The filter over the parameters of [`Values`].
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

/// The condition for the statuses of a filter. A partial index serves a single value.
pub(super) fn statuses(filter: &UserFilter, moment: Moment) -> &'static str {
    let orders = filter.status_orders(moment.instant());
    if orders.start() == orders.end() { "status_order = $18" } else { "status_order between $18 and $19" }
}

/// The values of a statement over [`Moment::matching_users`] with the condition [`statuses`]: `$1` to `$19`, and those that follow.
///
/// Absent parts of a filter, and words of ours such as statuses, become constants in the text, so that a plan without values knows them too.
pub(super) struct Values {
    /// What stands in the text for each parameter.
    names: Vec<String>,
    arguments: PgArguments,
    /// Whether a plan that is good for one set of values is good for all.
    pub(super) has_general_plan: bool,
}

impl Values {
    pub(super) fn new(account_id: AccountId, filter: &UserFilter, moment: Moment) -> Result<Self, sqlx::Error> {
        let (parameters, status_orders) = (filter.parameters(), filter.status_orders(moment.instant()));
        let past = match moment {
            Moment::Now(_) => None,
            Moment::Past(as_of) => Some(as_of),
        };
        let mut values = Self { names: vec![], arguments: PgArguments::default(), has_general_plan: true };
        values.value(account_id.uuid())?;
        values.words(parameters.statuses);
        values.constant(parameters.pending);
        values.constant(parameters.expired);
        values.part((!(parameters.pending && parameters.expired)).then(|| moment.instant()))?;
        values.words(parameters.role_ranks);
        values.part(parameters.auth_methods)?;
        values.part(parameters.search)?;
        values.part(filter.created.from)?;
        values.part(filter.created.before)?;
        values.part(filter.last_active.from)?;
        values.part(filter.last_active.before)?;
        values.constant(filter.never_active.map_or("null".to_owned(), |never| never.to_string()));
        values.words(parameters.deliveries);
        if let Some(past) = past {
            values.value(past.position.transaction())?;
            values.value(past.position.position())?;
            values.value(past.decided_until)?;
        } else {
            (0..3).for_each(|_| values.constant("null"));
        }
        let depends_on_clock = filter.status_orders(DateTime::UNIX_EPOCH) != status_orders;
        for order in [*status_orders.start(), *status_orders.end()] {
            if depends_on_clock {
                values.part(Some(order))?;
            } else {
                values.constant(format_args!("'{order}'::bigint"));
            }
        }
        Ok(values)
    }

    /// The next parameter is a constant of ours.
    pub(super) fn constant(&mut self, text: impl ToString) {
        self.names.push(text.to_string());
    }

    /// The next parameter is a value.
    pub(super) fn value<'q, T: Encode<'q, Postgres> + Type<Postgres> + 'q>(&mut self, value: T) -> Result<(), sqlx::Error> {
        self.arguments.add(value).map_err(sqlx::Error::Encode)?;
        self.names.push(format!("${}", self.arguments.len()));
        Ok(())
    }

    /// The next parameter is a value that decides which plan is good, or null.
    fn part<'q, T: Encode<'q, Postgres> + Type<Postgres> + 'q>(&mut self, value: Option<T>) -> Result<(), sqlx::Error> {
        if let Some(value) = value {
            self.has_general_plan = false;
            return self.value(value);
        }
        self.constant("null");
        Ok(())
    }

    /// The next parameter is a list of words of ours, or null.
    fn words<T: ToString>(&mut self, words: Option<Vec<T>>) {
        let list = |words: Vec<T>| format!("'{{{}}}'", words.iter().map(T::to_string).collect::<Vec<_>>().join(","));
        self.constant(words.map_or("null".to_owned(), list));
    }

    /// The statement with its constants.
    pub(super) fn in_text(&self, statement: &str) -> String {
        let mut pieces = statement.split('$');
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let rest = piece.trim_start_matches(|letter: char| letter.is_ascii_digit());
            let number: usize = piece[..piece.len() - rest.len()].parse().expect("a parameter has a number");
            text.push_str(&self.names[number - 1]);
            text.push_str(rest);
        }
        text
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
