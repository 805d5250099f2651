//! The ids of things: UUIDs (version 7, so that they sort by birth), one type for each thing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a UUID that is known to name one of these.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for storage.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// Names an account: a tenant.
    AccountId
);
id!(
    /// Names a user: one member of one account.
    UserId
);
id!(
    /// Names one invitation of a user; a resend makes a new one, so that the old link is dead.
    InvitationId
);
id!(
    /// Names one sign-in.
    SessionId
);
id!(
    /// Names one mail.
    DeliveryId
);
id!(
    /// Names one export.
    ExportId
);
id!(
    /// Names one API key.
    ApiKeyId
);
id!(
    /// Names one service key.
    ServiceKeyId
);
id!(
    /// Names one saved view of the list of users.
    SavedViewId
);
id!(
    /// Names one call of a command, and groups its events.
    OperationId
);
id!(
    /// Names one request for a new password.
    PasswordResetId
);
