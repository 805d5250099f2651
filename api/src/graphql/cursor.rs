//! Cursors as clients see them: positions in a list, sealed for one kind of list of one account (`event_store::Cursors`).
//!
//! A new kind of list implements [`ListCursor`]. Everything else about its pages is in [`forward`](super::forward).

use async_graphql::{Context, Result};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use domain::{AccountId, ApiKeyId, ServiceKeyId, UserId};
use event_store::{Cursor, Cursors};
use projections::users::UserCursor;
use uuid::Uuid;

use super::answer::app;
use super::error::{bad_input, earlier_cursor};

/// A position in a list of one kind.
pub(crate) trait ListCursor: Sized {
    /// The name of the kind, which is sealed in. Changing it makes all cursors of this kind invalid.
    const KIND: &'static str;

    fn to_bytes(&self) -> Vec<u8>;

    /// `None` when the bytes are not from [`to_bytes`](Self::to_bytes).
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

/// The history of an account.
impl ListCursor for Cursor {
    const KIND: &'static str = "events";

    fn to_bytes(&self) -> Vec<u8> {
        Self::to_bytes(*self).to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_bytes(bytes).ok()
    }
}

impl ListCursor for UserCursor {
    const KIND: &'static str = "users";

    fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok()?.parse().ok()
    }
}

impl ListCursor for ApiKeyId {
    const KIND: &'static str = "api-keys";

    fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok()?.parse().ok()
    }
}

impl ListCursor for ServiceKeyId {
    const KIND: &'static str = "service-keys";

    fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok()?.parse().ok()
    }
}

/// A user in the list of changes between two moments.
#[derive(Clone, Copy)]
pub(super) struct ChangedUser(pub(super) UserId);

impl ListCursor for ChangedUser {
    const KIND: &'static str = "user-changes";

    fn to_bytes(&self) -> Vec<u8> {
        self.0.uuid().as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().map(|id| Self(UserId::new(id)))
    }
}

/// The number of a refused attempt.
#[derive(Clone, Copy)]
pub(super) struct AttemptNumber(pub(super) i64);

impl ListCursor for AttemptNumber {
    const KIND: &'static str = "refused-attempts";

    fn to_bytes(&self) -> Vec<u8> {
        self.0.to_be_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(i64::from_be_bytes(bytes)))
    }
}

/// Seals a cursor for clients.
pub(super) fn seal<C: ListCursor>(ctx: &Context<'_>, account_id: AccountId, cursor: &C) -> String {
    app(ctx).commands.event_store().cursors().seal(account_id, C::KIND, &cursor.to_bytes())
}

/// Opens a cursor; `None` when it is not of this account and kind of list.
pub(super) fn open<C: ListCursor>(ctx: &Context<'_>, account_id: AccountId, text: &str) -> Option<C> {
    app(ctx).commands.event_store().cursors().open(account_id, C::KIND, text).and_then(|bytes| C::from_bytes(&bytes))
}

/// Opens the cursor in an argument.
pub(super) fn parse<C: ListCursor>(ctx: &Context<'_>, account_id: AccountId, argument: &str, text: &str) -> Result<C> {
    open(ctx, account_id, text).ok_or_else(|| not_of_this_list(argument))
}

/// The error for an argument that is not a cursor of the list.
pub(super) fn not_of_this_list(argument: &str) -> async_graphql::Error {
    bad_input(&format!("`{argument}` is not a cursor of this list: begin with its first page"))
}

/// Seals the cursor of an event, for clients of the API and readers of exports.
pub(crate) fn write_event_cursor(cursors: &Cursors, account_id: AccountId, cursor: Cursor) -> String {
    cursors.seal(account_id, Cursor::KIND, &cursor.to_bytes())
}

/// Seals the cursor of an event.
pub(super) fn event_cursor(ctx: &Context<'_>, account_id: AccountId, cursor: Cursor) -> String {
    seal(ctx, account_id, &cursor)
}

/// Opens the cursor of an event in an argument.
pub(super) fn parse_event_cursor(ctx: &Context<'_>, account_id: AccountId, argument: &str, text: &str) -> Result<Cursor> {
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
