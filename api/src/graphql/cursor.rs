//! Cursors as clients keep them: sealed, each for one kind of list of one account.

use async_graphql::{Context, Result};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use domain::AccountId;
use event_store::{Cursor, Cursors};

use super::answer::app;
use super::error::{bad_input, earlier_cursor};

/// What a sealed text is a place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CursorKind {
    /// The history of an account.
    Events,
    Users,
    UserChanges,
    ApiKeys,
    ServiceKeys,
    RefusedAttempts,
    /// A user at a moment of the past: the text is an id.
    PastUser,
}

impl CursorKind {
    /// The word that is sealed in. It must stay: another one makes every cursor that was given out invalid.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Users => "users",
            Self::UserChanges => "user-changes",
            Self::ApiKeys => "api-keys",
            Self::ServiceKeys => "service-keys",
            Self::RefusedAttempts => "refused-attempts",
            Self::PastUser => "past-user",
        }
    }
}

/// A place as clients keep it.
pub(super) fn seal(ctx: &Context<'_>, account_id: AccountId, kind: CursorKind, place: &[u8]) -> String {
    app(ctx).commands.event_store().cursors().seal(account_id, kind.as_str(), place)
}

/// The place that a text was sealed for; `None` where it was not, or for another account or list.
pub(super) fn open(ctx: &Context<'_>, account_id: AccountId, kind: CursorKind, text: &str) -> Option<Vec<u8>> {
    app(ctx).commands.event_store().cursors().open(account_id, kind.as_str(), text)
}

/// The place that an argument names, read by `read`.
pub(super) fn parse<T>(
    ctx: &Context<'_>,
    account_id: AccountId,
    kind: CursorKind,
    (argument, text): (&str, &str),
    read: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<T> {
    let place = open(ctx, account_id, kind, text).and_then(|place| read(&place));
    place.ok_or_else(|| bad_input(&format!("`{argument}` is not a cursor of this list: begin with its first page")))
}

/// A place in the history of an account, as clients of the API and readers of exports keep it.
pub(crate) fn write_event_cursor(cursors: &Cursors, account_id: AccountId, cursor: Cursor) -> String {
    cursors.seal(account_id, CursorKind::Events.as_str(), &cursor.to_bytes())
}

/// A place in the history of an account.
pub(super) fn event_cursor(ctx: &Context<'_>, account_id: AccountId, cursor: Cursor) -> String {
    write_event_cursor(app(ctx).commands.event_store().cursors(), account_id, cursor)
}

/// The place in the history of an account that an argument names.
pub(super) fn parse_event_cursor(ctx: &Context<'_>, account_id: AccountId, argument: &str, text: &str) -> Result<Cursor> {
    if is_earlier(account_id, text) {
        return Err(earlier_cursor(argument));
    }
    let place = open(ctx, account_id, CursorKind::Events, text).and_then(|place| Cursor::from_bytes(&place).ok());
    place.ok_or_else(|| bad_input(&format!("`{argument}` is not a cursor of an event of this account")))
}

/// Whether a text is a cursor of events in the form of earlier versions, which was not sealed. Who follows events is told so by a code that
/// means to begin again. It is never read: whoever wrote such texts could find out which places the feed has.
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
