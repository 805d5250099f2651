//! Directions of lists, and spans of time.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};

use super::GivenInstant;

/// A direction of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum OrderDirection {
    /// The smallest, the first of the alphabet, the oldest first.
    Asc,
    /// The largest, the last of the alphabet, the newest first.
    Desc,
}

/// A span of time, open where nothing is said.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub(crate) struct TimeSpan {
    /// From this instant on.
    from: Option<GivenInstant>,
    /// Before this instant.
    before: Option<GivenInstant>,
}

impl TimeSpan {
    /// From which instant on, and before which.
    pub(crate) fn bounds(self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (self.from.map(GivenInstant::get), self.before.map(GivenInstant::get))
    }
}
