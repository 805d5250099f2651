//! What mutations answer.

use async_graphql::{ID, SimpleObject};

use super::account::Account;
use super::answer::{ChangedUser, Session};
use super::cost;
use super::error::UserError;
use super::user::User;
use super::viewer::Viewer;

macro_rules! user_payload {
    ($(#[doc = $doc:literal])+ $name:ident, $(#[doc = $user_doc:literal])+) => {
        $(#[doc = $doc])+
        #[derive(SimpleObject)]
        pub(super) struct $name {
            /// The id of the user whom `user` shows, also for a key that may not see users; null when there is none.
            user_id: Option<ID>,
            $(#[doc = $user_doc])+
            user: Option<User>,
            /// Why nothing happened; empty when it did.
            user_errors: Vec<UserError>,
        }

        impl From<ChangedUser> for $name {
            fn from(ChangedUser { user_id, user, user_errors }: ChangedUser) -> Self {
                Self { user_id, user, user_errors }
            }
        }
    };
}

macro_rules! session_payload {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        #[derive(SimpleObject)]
        pub(super) struct $name {
            /// Who is signed in now; null when nothing happened.
            viewer: Option<Viewer>,
            /// The session token, for `transport: TOKEN` only. It is shown this once.
            token: Option<String>,
            /// Why nothing happened; empty when it did.
            user_errors: Vec<UserError>,
        }

        impl From<Session> for $name {
            fn from(session: Session) -> Self {
                Self { viewer: session.viewer, token: session.token, user_errors: session.user_errors }
            }
        }
    };
}

pub(super) use session_payload;

session_payload!(
    /// What opening the first account answers.
    OpenAccountPayload
);
session_payload!(
    /// What signing in answers.
    SignInPayload
);
session_payload!(
    /// What accepting an invitation answers: it signs in.
    AcceptInvitationPayload
);
user_payload!(
    /// What inviting answers.
    InviteUserPayload,
    /// The invited user; with `ALREADY_INVITED` and `ALREADY_MEMBER`, who has the address. Null for a key that may not see users.
);
user_payload!(
    /// What updating answers.
    UpdateUserPayload,
    /// The user as they are now; null when nothing happened, and for a key that may not see users.
);
user_payload!(
    /// What sending an invitation again answers.
    ResendInvitationPayload,
    /// The user with their new invitation; null when nothing happened, and for a key that may not see users.
);
user_payload!(
    /// What deleting answers.
    DeleteUserPayload,
    /// The user, deleted; null when nothing happened, and for a key that may not see users.
);

user_payload!(
    /// What erasing answers.
    EraseUserPayload,
    /// Who was erased, of whom nothing personal is left; null when nothing happened, and for a key that may not see users.
);
user_payload!(
    /// What deactivating answers.
    DeactivateUserPayload,
    /// The user as they are now; null when nothing happened, and for a key that may not see users.
);
user_payload!(
    /// What activating answers.
    ActivateUserPayload,
    /// The user as they are now; null when nothing happened, and for a key that may not see users.
);
user_payload!(
    /// What leaving answers.
    LeaveAccountPayload,
    /// Who has left, deleted; null when nothing happened, and for a key that may not see users.
);

/// What inviting many people answers.
#[derive(SimpleObject)]
pub(super) struct InviteUsersPayload {
    /// What became of each row, in their order; empty when the request as a whole was refused.
    #[graphql(complexity = "cost::rows(child_complexity)")]
    pub(super) results: Vec<InviteUsersResult>,
    /// How many rows were invited, or would be with `dryRun`.
    pub(super) invited: usize,
    /// Why the request as a whole did nothing; what is wrong with a row stands there.
    pub(super) user_errors: Vec<UserError>,
}

/// What became of a row.
#[derive(SimpleObject)]
pub(super) struct InviteUsersResult {
    /// The place of the row in the request, from 0.
    pub(super) index: usize,
    /// The address as it was given.
    pub(super) email: String,
    /// The id of the user whom `user` shows, also for a key that may not see users; null when there is none.
    pub(super) user_id: Option<ID>,
    /// The invited user, null with `dryRun`; with `ALREADY_INVITED` and `ALREADY_MEMBER`, who has the address. Null for a key that may not
    /// see users.
    pub(super) user: Option<User>,
    /// Why nobody was invited; empty when somebody was, or would be with `dryRun`.
    pub(super) user_errors: Vec<UserError>,
}

/// What being shown the link of an invitation answers.
#[derive(SimpleObject)]
pub(super) struct RevealInvitationLinkPayload {
    /// The link, for whoever was invited: whoever holds it can accept. Null when nothing happened.
    pub(super) link: Option<String>,
    /// The id of the user whom `user` shows, also for a key that may not see users; null when there is none.
    pub(super) user_id: Option<ID>,
    /// The invited user, at the version that remembers it; null when nothing happened, and for a key that may not see users.
    pub(super) user: Option<User>,
    /// Why nothing happened; empty when it did.
    pub(super) user_errors: Vec<UserError>,
}

/// What changing an account answers.
#[derive(SimpleObject)]
pub(super) struct UpdateAccountPayload {
    /// The account as it is now; null when nothing happened.
    pub(super) account: Option<Account>,
    /// Why nothing happened; empty when it did.
    pub(super) user_errors: Vec<UserError>,
}

/// What signing out answers.
#[derive(SimpleObject)]
pub(super) struct SignOutPayload {
    /// Why nothing happened; empty when it did.
    pub(super) user_errors: Vec<UserError>,
}
