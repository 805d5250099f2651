//! Cursors as clients see them: positions in a list, sealed for one kind of list of one account (`event_store::Cursors`).
//!
//! A new kind of list implements [`ListCursor`] in `wire/cursor.rs`. Everything else about its pages is in [`forward`](super::forward).

use async_graphql::{Context, Result};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use domain::AccountId;
use event_store::Cursor;

use crate::graphql::context::app;
use crate::graphql::error::{bad_input, earlier_cursor};
use crate::wire::ListCursor;

/// Seals a cursor for clients.
pub(in crate::graphql) fn seal<C: ListCursor>(ctx: &Context<'_>, account_id: AccountId, cursor: &C) -> String {
    app(ctx).commands.event_store().cursors().seal(account_id, C::KIND, &cursor.to_bytes())
}

/// Opens a cursor; `None` when it is not of this account and kind of list.
pub(in crate::graphql) fn open<C: ListCursor>(ctx: &Context<'_>, account_id: AccountId, text: &str) -> Option<C> {
    app(ctx).commands.event_store().cursors().open(account_id, C::KIND, text).and_then(|bytes| C::from_bytes(&bytes))
}

/// Opens the cursor in an argument.
pub(in crate::graphql) fn parse<C: ListCursor>(ctx: &Context<'_>, account_id: AccountId, argument: &str, text: &str) -> Result<C> {
    open(ctx, account_id, text).ok_or_else(|| not_of_this_list(argument))
}

/// The error for an argument that is not a cursor of the list.
pub(in crate::graphql) fn not_of_this_list(argument: &str) -> async_graphql::Error {
    bad_input(&format!("`{argument}` is not a cursor of this list: begin with its first page"))
}

/// Seals the cursor of an event.
pub(in crate::graphql) fn event_cursor(ctx: &Context<'_>, account_id: AccountId, cursor: Cursor) -> String {
    seal(ctx, account_id, &cursor)
}

/// Opens the cursor of an event in an argument.
pub(in crate::graphql) fn parse_event_cursor(ctx: &Context<'_>, account_id: AccountId, argument: &str, text: &str) -> Result<Cursor> {
    if is_earlier(account_id, text) {
        return Err(earlier_cursor(argument));
    }
    open(ctx, account_id, text).ok_or_else(|| bad_input(&format!("`{argument}` is not a cursor of an event of this account")))
}

/// Whether a text is a cursor of an event in the form of earlier versions, which was not sealed. Clients that follow events get an error code
/// that tells them to begin again. Such a cursor is never used: with it, a client could find out which positions the feed has.
fn is_earlier(account_id: AccountId, text: &str) -> bool {
    let plain = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    plain.is_some_and(|plain| plain.starts_with(&format!("event:{account_id}:")))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_cursor_of_an_earlier_version_is_told_apart() {
        let (own, foreign) = (AccountId::new(Uuid::from_u128(1)), AccountId::new(Uuid::from_u128(2)));
        let earlier = BASE64_URL_SAFE_NO_PAD.encode(format!("event:{own}:1.42.7"));
        assert!(is_earlier(own, &earlier) && !is_earlier(foreign, &earlier));
        for text in ["", "abc", "1.42.7", "=", &earlier[1..]] {
            assert!(!is_earlier(own, text), "{text}");
        }
    }
}
