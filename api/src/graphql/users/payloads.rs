//! What mutations of users answer.

use async_graphql::{ID, SimpleObject};

use crate::graphql::cost;
use crate::graphql::error::UserError;
use crate::graphql::payload::payload;
use crate::graphql::sessions::payloads::session_payload;
use crate::graphql::users::changed::ChangedUser;
use crate::graphql::users::user::User;

macro_rules! user_payload {
    ($(#[doc = $doc:literal])+ $name:ident, $(#[doc = $user_doc:literal])+) => {
        payload!(
            $(#[doc = $doc])+
            $name {
                /// The id of the user in `user`. It is also set for a key that may not read users.
                user_id: Option<ID>,
                $(#[doc = $user_doc])+
                user: Option<User>,
            }
        );

        impl From<ChangedUser> for $name {
            fn from(ChangedUser { user_id, user, user_errors, .. }: ChangedUser) -> Self {
                Self { user_id, user, user_errors }
            }
        }
    };
}

session_payload!(
    /// The result of `acceptInvitation`. On success the user is signed in.
    AcceptInvitationPayload
);
user_payload!(
    /// The result of `inviteUser`.
    InviteUserPayload,
    /// The invited user. With `ALREADY_INVITED` and `ALREADY_MEMBER`, the user who has the address. Null for a key that may not read users.
);
payload!(
    /// The result of `updateUser`.
    UpdateUserPayload {
        /// The id of the user in `user`. It is also set for a key that may not read users.
        user_id: Option<ID>,
        /// The user after the change. Null if the mutation was refused, and for a key that may not read users.
        user: Option<User>,
        /// The events that the mutation caused, the oldest first, for `undo`. Empty if nothing changed, and for a request that was repeated with
        /// its idempotency key.
        event_ids: Vec<ID>,
    }
);

impl From<ChangedUser> for UpdateUserPayload {
    fn from(ChangedUser { user_id, user, event_ids, user_errors }: ChangedUser) -> Self {
        Self { user_id, user, event_ids, user_errors }
    }
}

user_payload!(
    /// The result of `resendInvitation`.
    ResendInvitationPayload,
    /// The user with the new invitation. Null if the mutation was refused, and for a key that may not read users.
);
user_payload!(
    /// The result of `deleteUser`.
    DeleteUserPayload,
    /// The deleted user. Null if the mutation was refused, and for a key that may not read users.
);

user_payload!(
    /// The result of `eraseUser`.
    EraseUserPayload,
    /// The erased user, without personal data. Null if the mutation was refused, and for a key that may not read users.
);
user_payload!(
    /// The result of `deactivateUser`.
    DeactivateUserPayload,
    /// The user after the change. Null if the mutation was refused, and for a key that may not read users.
);
user_payload!(
    /// The result of `activateUser`.
    ActivateUserPayload,
    /// The user after the change. Null if the mutation was refused, and for a key that may not read users.
);
user_payload!(
    /// The result of `leaveAccount`.
    LeaveAccountPayload,
    /// The user who left, now deleted. Null if the mutation was refused, and for a key that may not read users.
);

/// The result of `inviteUsers`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct InviteUsersPayload {
    /// The result of each row, in the order of the input. Empty if the whole request was refused.
    #[graphql(complexity = "cost::rows(child_complexity)")]
    pub(in crate::graphql) results: Vec<InviteUsersResult>,
    /// The number of people who were invited or, with `dryRun`, would be.
    pub(in crate::graphql) invited: usize,
    /// Why the whole request was refused. Errors of a single row are in its result.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// The result of one row.
#[derive(SimpleObject)]
pub(in crate::graphql) struct InviteUsersResult {
    /// The index of the row in the input, from 0.
    pub(in crate::graphql) index: usize,
    /// The e-mail address of the row, as given.
    pub(in crate::graphql) email: String,
    /// The id of the user in `user`. It is also set for a key that may not read users.
    pub(in crate::graphql) user_id: Option<ID>,
    /// The invited user, or null with `dryRun`. With `ALREADY_INVITED` and `ALREADY_MEMBER`, the user who has the address. Null for a key
    /// that may not read users.
    pub(in crate::graphql) user: Option<User>,
    /// Why the row was refused. Empty if the person was invited or, with `dryRun`, would be.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

payload!(
    /// The result of `revealInvitationLink`.
    RevealInvitationLinkPayload {
        /// The invitation link. Anyone who has it can accept the invitation. Null if the mutation was refused.
        link: Option<String>,
        /// The id of the user in `user`. It is also set for a key that may not read users.
        user_id: Option<ID>,
        /// The invited user, at the version that records the reading of the link. Null if the mutation was refused, and for a key that may not
        /// read users.
        user: Option<User>,
    }
);
