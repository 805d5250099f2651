//! The kinds of cursors: positions in lists, as bytes that are sealed for one kind of list of one account (`event_store::Cursors`).

use domain::{AccountId, ApiKeyId, ServiceKeyId, UserId};
use event_store::{Cursor, Cursors};
use projections::users::UserCursor;
use uuid::Uuid;

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

/// Cursors that are sealed as text.
macro_rules! text_cursors {
    ($($cursor:ty = $kind:literal),+ $(,)?) => {
        $(
            impl ListCursor for $cursor {
                const KIND: &'static str = $kind;

                fn to_bytes(&self) -> Vec<u8> {
                    self.to_string().into_bytes()
                }

                fn from_bytes(bytes: &[u8]) -> Option<Self> {
                    std::str::from_utf8(bytes).ok()?.parse().ok()
                }
            }
        )+
    };
}
text_cursors!(UserCursor = "users", ApiKeyId = "api-keys", ServiceKeyId = "service-keys");

/// A user in the list of changes between two moments.
#[derive(Clone, Copy)]
pub(crate) struct ChangedUser(pub(crate) UserId);

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
pub(crate) struct AttemptNumber(pub(crate) i64);

impl ListCursor for AttemptNumber {
    const KIND: &'static str = "refused-attempts";

    fn to_bytes(&self) -> Vec<u8> {
        self.0.to_be_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(i64::from_be_bytes(bytes)))
    }
}

/// Seals the cursor of an event, for clients of the API and readers of exports.
pub(crate) fn write_event_cursor(cursors: &Cursors, account_id: AccountId, cursor: Cursor) -> String {
    cursors.seal(account_id, Cursor::KIND, &cursor.to_bytes())
}
