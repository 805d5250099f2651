//! What mutations of users take.

use async_graphql::ID;

use crate::graphql::input::{input, list, optional, optional_list};
use crate::graphql::sessions::inputs::Transport;
use crate::wire::Role;

input!(
    /// The input of `acceptInvitation`.
    AcceptInvitationInput => commands::AcceptInvitation {
        /// The token at the end of the link.
        token: String,
        /// The new password: 8 to 256 characters.
        password: String,
        /// The display name: 1 to 100 characters.
        name: Option<String>,
    }
    and {
        /// How the session token is returned.
        transport: Transport,
    }
);

input!(
    /// The input of `inviteUser`.
    InviteUserInput => commands::InviteUser {
        /// The e-mail address that the link is sent to.
        email: String,
        /// The role of the user.
        role: Role,
        /// The ids of the sign-in methods that the user may use: at least one.
        auth_methods: Vec<ID> = list,
        /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
        /// more.
        idempotency_key: Option<String>,
    }
);

input!(
    /// The input of `updateUser`. Fields that are absent or null stay unchanged.
    UpdateUserInput => commands::UpdateUser {
        /// The id of the user.
        id: ID,
        /// The role of the user.
        role: Option<Role> = optional,
        /// The ids of all sign-in methods that the user may use.
        auth_methods: Option<Vec<ID>> = optional_list,
        /// `false` deactivates the user and ends their sessions; `true` activates the user again.
        active: Option<bool>,
        /// The display name: 1 to 100 characters.
        name: Option<String>,
        /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
        /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
        /// more.
        idempotency_key: Option<String>,
    }
);

input!(
    /// The input of `resendInvitation`.
    ResendInvitationInput => commands::ResendInvitation {
        /// The id of the user.
        id: ID,
        /// The e-mail address of the user, as confirmation.
        confirm_email: String,
        /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
        /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
        /// more.
        idempotency_key: Option<String>,
    }
);

input!(
    /// The input of `revealInvitationLink`.
    RevealInvitationLinkInput => commands::RevealInvitationLink {
        /// The id of the user.
        id: ID,
        /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
    }
);

input!(
    /// The input of `deleteUser`.
    DeleteUserInput => commands::DeleteUser {
        /// The id of the user.
        id: ID,
        /// The e-mail address of the user, as confirmation.
        confirm_email: String,
        /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
        /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
        /// more.
        idempotency_key: Option<String>,
    }
);

input!(
    /// The input of `eraseUser`.
    EraseUserInput => commands::EraseUser {
        /// The id of the user, who must be deleted already.
        id: ID,
        /// The e-mail address of the user, as confirmation.
        confirm_email: String,
        /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
    }
);

input!(
    /// The input of `deactivateUser`.
    DeactivateUserInput => commands::ChangeAccess {
        /// The id of the user.
        id: ID,
        /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
        /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
        /// more.
        idempotency_key: Option<String>,
    }
);

input!(
    /// The input of `activateUser`.
    ActivateUserInput => commands::ChangeAccess {
        /// The id of the user.
        id: ID,
        /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
        /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
        /// more.
        idempotency_key: Option<String>,
    }
);

input!(
    /// The input of `leaveAccount`.
    LeaveAccountInput => commands::LeaveAccount {
        /// Your own e-mail address, as confirmation.
        confirm_email: String,
        /// 1 to 100 printable ASCII characters, such as a UUID. Of several requests with the same key one takes effect, and all return the same
        /// result.
        idempotency_key: Option<String>,
    }
);

input!(
    /// The input of `inviteUsers`.
    InviteUsersInput => commands::InviteUsers {
        /// The people to invite: 1 to 1,000 rows.
        rows: Vec<InviteUsersRow> = list,
        /// Whether to check the rows only. Then no one is invited, no mail is sent, and the idempotency key is not used.
        #[graphql(default)]
        dry_run: bool,
        /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours continues where
        /// the first one was interrupted, and returns the same result for every row.
        idempotency_key: Option<String>,
    }
);

input!(
    /// A person to invite.
    InviteUsersRow => commands::InviteRow {
        /// The e-mail address that the link is sent to.
        email: String,
        /// The role of the user.
        role: Role,
        /// The ids of the sign-in methods that the user may use: at least one.
        auth_methods: Vec<ID> = list,
    }
);
