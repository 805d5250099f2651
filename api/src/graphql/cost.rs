//! What a query may cost: one point for each field of its answer, more for what the database has to do.
//!
//! async-graphql adds points up before it runs anything, and hands each field the sum of its selection as `child_complexity`. A field
//! of a page's entries counts once for each entry that the page may have; a count (`totalCount`) beside them counts once. Both reach
//! the list as one number, so that number has two parts: [`COUNTS`] and up is how many counts were asked for, the rest are the points
//! of one entry. [`page`] makes plain points of it.
//!
//! Every list and every count names its cost; a test walks the schema and demands it.

use projections::users::{MAX_PAGE, MAX_SKIP};

/// The points of a database look-up, even if the result is empty.
pub const READ: usize = 20;
/// The points of a count or a statistic. The database reads everything that it counts.
pub const COUNT: usize = 100;
/// How many entries a page skips for one point.
const SKIPPED_A_POINT: usize = 50;
/// The default page size.
pub(in crate::graphql) const DEFAULT_PAGE: i32 = 50;
/// The assumed number of entries in a list of one user's sessions or keys.
pub(in crate::graphql) const ENTRIES_OF_ONE_USER: usize = 100;
/// The maximum number of rows in a result of `inviteUsers`.
pub(in crate::graphql) const ROWS: usize = commands::MAX_ROWS;
/// One count, in the upper part of a number.
pub(in crate::graphql) const COUNTS: usize = 1 << 32;
/// No field costs more: far above the limit, and so little that the 2,000 fields of a document do not reach the upper part.
pub(in crate::graphql) const MOST: usize = 1 << 20;

/// The cost of a page of entries, and of the counts beside them.
pub(in crate::graphql) fn page(size: Option<i32>, child: usize) -> usize {
    // An invalid page size is refused later. It costs no more than the largest page.
    let most = i32::try_from(MAX_PAGE).unwrap_or(i32::MAX);
    let entries = usize::try_from(size.unwrap_or(DEFAULT_PAGE).clamp(0, most)).unwrap_or_default();
    list(entries, child)
}

/// The cost of a page that skips entries: the database reads these, too, though it returns none of them.
pub(in crate::graphql) fn page_further(size: Option<i32>, skip: Option<i32>, child: usize) -> usize {
    let skipped = usize::try_from(skip.unwrap_or_default()).unwrap_or_default().min(MAX_SKIP as usize);
    page(size, child) + skipped / SKIPPED_A_POINT
}

/// The cost of a list without pages: sessions or keys of one user.
pub(in crate::graphql) fn list_of_one_user(child: usize) -> usize {
    list(ENTRIES_OF_ONE_USER, child)
}

/// The cost of a `totalCount`. It is counted once for a page, by [`page`].
pub(in crate::graphql) const fn total_count() -> usize {
    COUNTS
}

/// The cost of a statistic, which is not part of a page.
pub(in crate::graphql) const fn statistic(child: usize) -> usize {
    COUNT + child
}

/// The cost of a field with a look-up.
pub(in crate::graphql) const fn read(child: usize) -> usize {
    READ + child
}

/// The cost of objects that are looked up one by one.
pub(in crate::graphql) fn nodes(count: usize, child: usize) -> usize {
    list(count, child.saturating_add(READ))
}

/// The cost of the result of each row of `inviteUsers`. The rows are looked up together, so their fields cost little. Lists of each of the
/// 1,000 people, such as their history, are not allowed here.
pub(in crate::graphql) fn rows(child: usize) -> usize {
    if child < READ { child * READ } else { list(ROWS, child) }
}

/// The cost of the refused invitations in the result of `resendFailedInvitations`, as for [`rows`].
pub(in crate::graphql) fn resent(child: usize) -> usize {
    if child < READ { child * READ } else { list(commands::MAX_RESENT, child) }
}

pub(in crate::graphql) fn list(entries: usize, child: usize) -> usize {
    let (counts, entry) = (child / COUNTS, child % COUNTS);
    let points = counts.saturating_mul(COUNT).saturating_add(entries.saturating_mul(entry)).saturating_add(READ);
    points.min(MOST)
}

#[cfg(test)]
mod tests;
