//! Pages of lists that clients read in one direction only: `first` and `after`.

use async_graphql::connection::PageInfo;
use async_graphql::{Context, Result};
use domain::AccountId;
use projections::users::MAX_PAGE;

use crate::graphql::cursor;
use crate::graphql::error::bad_input;
use crate::graphql::rows::Rows;
use crate::wire::ListCursor;

/// How many entries a page has when the client does not say.
const DEFAULT_PAGE: i32 = 50;

/// The arguments of a page.
pub(in crate::graphql) struct ForwardPage<C> {
    account_id: AccountId,
    size: u32,
    /// The cursor that the page comes after.
    pub(in crate::graphql) after: Option<C>,
}

impl<C: ListCursor> ForwardPage<C> {
    /// Reads `first` and `after`. `entries` is what the list contains, such as `keys`, for the error.
    pub(in crate::graphql) fn parse(
        ctx: &Context<'_>,
        account_id: AccountId,
        first: Option<i32>,
        after: Option<&str>,
        entries: &str,
    ) -> Result<Self> {
        let size = size(first, entries)?;
        let after = after.map(|text| cursor::parse(ctx, account_id, "after", text)).transpose()?;
        Ok(Self { account_id, size, after })
    }

    /// The same, with a cursor that has been opened.
    pub(in crate::graphql) fn new(account_id: AccountId, first: Option<i32>, after: Option<C>, entries: &str) -> Result<Self> {
        Ok(Self { account_id, size: size(first, entries)?, after })
    }

    /// How many entries to read: one more than the page has, which shows whether another page follows.
    pub(in crate::graphql) const fn limit(&self) -> u32 {
        self.size + 1
    }

    /// Whether another page follows the entries that were read. Removes the one that is too many.
    pub(in crate::graphql) fn cut<T>(&self, entries: &mut Vec<T>) -> bool {
        let has_next = entries.len() > self.size as usize;
        entries.truncate(self.size as usize);
        has_next
    }

    /// The page with its entries.
    pub(in crate::graphql) fn with<T>(self, entries: Vec<(C, T)>, has_next: bool) -> Entries<C, T> {
        Entries { account_id: self.account_id, page: entries, has_previous: self.after.is_some(), has_next }
    }
}

fn size(first: Option<i32>, entries: &str) -> Result<u32> {
    let size = u32::try_from(first.unwrap_or(DEFAULT_PAGE)).ok().filter(|size| *size <= MAX_PAGE);
    size.ok_or_else(|| bad_input(&format!("a page has 0 to {MAX_PAGE} {entries}")))
}

/// A page: entries with their cursors.
pub(in crate::graphql) struct Entries<C, T> {
    pub(in crate::graphql) account_id: AccountId,
    page: Vec<(C, T)>,
    has_previous: bool,
    has_next: bool,
}

impl<C: ListCursor, T> Entries<C, T> {
    /// The entries.
    pub(in crate::graphql) fn nodes(&self) -> Rows<&T> {
        self.page.iter().map(|(_, node)| node).collect()
    }

    /// The entries with their sealed cursors.
    pub(in crate::graphql) fn edges(&self, ctx: &Context<'_>) -> impl Iterator<Item = (String, &T)> {
        self.page.iter().map(move |(cursor, node)| (cursor::seal(ctx, self.account_id, cursor), node))
    }

    /// Where the page is in the list.
    pub(in crate::graphql) fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        let seal = |entry: Option<&(C, T)>| entry.map(|(cursor, _)| cursor::seal(ctx, self.account_id, cursor));
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: seal(self.page.first()),
            end_cursor: seal(self.page.last()),
        }
    }
}
