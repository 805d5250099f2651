//! Directions of lists, and spans of time.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};

use super::GivenInstant;

/// The direction of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum OrderDirection {
    /// Ascending: smallest, alphabetically first, or oldest first.
    Asc,
    /// Descending: largest, alphabetically last, or newest first.
    Desc,
}

/// A time span. Each end that is absent is open.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub(crate) struct TimeSpan {
    /// The first instant of the span, inclusive.
    from: Option<GivenInstant>,
    /// The end of the span, exclusive.
    before: Option<GivenInstant>,
}

impl TimeSpan {
    /// From which instant on, and before which.
    pub(crate) fn bounds(self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (self.from.map(GivenInstant::get), self.before.map(GivenInstant::get))
    }
}
