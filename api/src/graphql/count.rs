//! Counts for screens.

use async_graphql::{Enum, SimpleObject};
use event_store::Count as Counted;

/// A number that is counted up to 10,000. Show it as `10,000+` if there are more.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub(crate) struct Count {
    /// The number. With the precision `AT_LEAST`, there are more.
    count: u64,
    /// Whether the number is exact. A number above 10,000 can also be exact, if it is known without counting.
    precision: CountPrecision,
}

/// How exact a count is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum CountPrecision {
    /// There are exactly so many.
    Exact,
    /// There are more.
    AtLeast,
}

impl From<Counted> for Count {
    fn from(Counted { count, is_exact }: Counted) -> Self {
        Self { count, precision: if is_exact { CountPrecision::Exact } else { CountPrecision::AtLeast } }
    }
}
