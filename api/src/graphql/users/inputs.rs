//! What mutations of users take.

use async_graphql::{ID, InputObject};

use crate::graphql::sessions::inputs::Transport;
use crate::wire::Role;

/// The input of `acceptInvitation`.
#[derive(InputObject)]
pub struct AcceptInvitationInput {
    /// The token at the end of the link.
    pub(in crate::graphql) token: String,
    /// The new password: 8 to 256 characters.
    pub(in crate::graphql) password: String,
    /// The display name: 1 to 100 characters.
    pub(in crate::graphql) name: Option<String>,
    /// How the session token is returned.
    pub(in crate::graphql) transport: Transport,
}

/// The input of `inviteUser`.
#[derive(InputObject)]
pub struct InviteUserInput {
    /// The e-mail address that the link is sent to.
    pub(in crate::graphql) email: String,
    /// The role of the user.
    pub(in crate::graphql) role: Role,
    /// The ids of the sign-in methods that the user may use: at least one.
    pub(in crate::graphql) auth_methods: Vec<ID>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// The input of `updateUser`. Fields that are absent or null stay unchanged.
#[derive(InputObject)]
pub struct UpdateUserInput {
    /// The id of the user.
    pub(in crate::graphql) id: ID,
    /// The role of the user.
    pub(in crate::graphql) role: Option<Role>,
    /// The ids of all sign-in methods that the user may use.
    pub(in crate::graphql) auth_methods: Option<Vec<ID>>,
    /// `false` deactivates the user and ends their sessions; `true` activates the user again.
    pub(in crate::graphql) active: Option<bool>,
    /// The display name: 1 to 100 characters.
    pub(in crate::graphql) name: Option<String>,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(in crate::graphql) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// The input of `resendInvitation`.
#[derive(InputObject)]
pub struct ResendInvitationInput {
    /// The id of the user.
    pub(in crate::graphql) id: ID,
    /// The e-mail address of the user, as confirmation.
    pub(in crate::graphql) confirm_email: String,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(in crate::graphql) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// The input of `revealInvitationLink`.
#[derive(InputObject)]
pub struct RevealInvitationLinkInput {
    /// The id of the user.
    pub(in crate::graphql) id: ID,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(in crate::graphql) expected_version: Option<u64>,
}

/// The input of `deleteUser`.
#[derive(InputObject)]
pub struct DeleteUserInput {
    /// The id of the user.
    pub(in crate::graphql) id: ID,
    /// The e-mail address of the user, as confirmation.
    pub(in crate::graphql) confirm_email: String,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(in crate::graphql) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// The input of `eraseUser`.
#[derive(InputObject)]
pub struct EraseUserInput {
    /// The id of the user, who must be deleted already.
    pub(in crate::graphql) id: ID,
    /// The e-mail address of the user, as confirmation.
    pub(in crate::graphql) confirm_email: String,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(in crate::graphql) expected_version: Option<u64>,
}

/// The input of `deactivateUser`.
#[derive(InputObject)]
pub struct DeactivateUserInput {
    /// The id of the user.
    pub(in crate::graphql) id: ID,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(in crate::graphql) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// The input of `activateUser`.
#[derive(InputObject)]
pub struct ActivateUserInput {
    /// The id of the user.
    pub(in crate::graphql) id: ID,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(in crate::graphql) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// The input of `leaveAccount`.
#[derive(InputObject)]
pub struct LeaveAccountInput {
    /// Your own e-mail address, as confirmation.
    pub(in crate::graphql) confirm_email: String,
    /// 1 to 100 printable ASCII characters, such as a UUID. Of several requests with the same key one takes effect, and all return the same
    /// result.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// The input of `inviteUsers`.
#[derive(InputObject)]
pub struct InviteUsersInput {
    /// The people to invite: 1 to 1,000 rows.
    pub(in crate::graphql) rows: Vec<InviteUsersRow>,
    /// Whether to check the rows only. Then no one is invited, no mail is sent, and the idempotency key is not used.
    #[graphql(default)]
    pub(in crate::graphql) dry_run: bool,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours continues where
    /// the first one was interrupted, and returns the same result for every row.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// A person to invite.
#[derive(InputObject)]
pub(in crate::graphql) struct InviteUsersRow {
    /// The e-mail address that the link is sent to.
    pub(in crate::graphql) email: String,
    /// The role of the user.
    pub(in crate::graphql) role: Role,
    /// The ids of the sign-in methods that the user may use: at least one.
    pub(in crate::graphql) auth_methods: Vec<ID>,
}

impl From<AcceptInvitationInput> for commands::AcceptInvitation {
    fn from(input: AcceptInvitationInput) -> Self {
        Self { token: input.token, password: input.password.into(), name: input.name }
    }
}

impl From<InviteUserInput> for commands::InviteUser {
    fn from(input: InviteUserInput) -> Self {
        let auth_methods = texts(input.auth_methods);
        Self { email: input.email, role: input.role.into(), auth_methods, idempotency_key: input.idempotency_key }
    }
}

impl From<UpdateUserInput> for commands::UpdateUser {
    fn from(input: UpdateUserInput) -> Self {
        Self {
            id: input.id.0,
            role: input.role.map(Into::into),
            auth_methods: input.auth_methods.map(texts),
            active: input.active,
            name: input.name,
            expected_version: input.expected_version,
            idempotency_key: input.idempotency_key,
        }
    }
}

impl From<ResendInvitationInput> for commands::ResendInvitation {
    fn from(input: ResendInvitationInput) -> Self {
        let ResendInvitationInput { id, confirm_email, expected_version, idempotency_key } = input;
        Self { id: id.0, confirm_email, expected_version, idempotency_key }
    }
}

impl From<RevealInvitationLinkInput> for commands::RevealInvitationLink {
    fn from(input: RevealInvitationLinkInput) -> Self {
        Self { id: input.id.0, expected_version: input.expected_version }
    }
}

impl From<DeleteUserInput> for commands::DeleteUser {
    fn from(input: DeleteUserInput) -> Self {
        let DeleteUserInput { id, confirm_email, expected_version, idempotency_key } = input;
        Self { id: id.0, confirm_email, expected_version, idempotency_key }
    }
}

impl From<EraseUserInput> for commands::EraseUser {
    fn from(input: EraseUserInput) -> Self {
        Self { id: input.id.0, confirm_email: input.confirm_email, expected_version: input.expected_version }
    }
}

impl From<DeactivateUserInput> for commands::ChangeAccess {
    fn from(input: DeactivateUserInput) -> Self {
        Self { id: input.id.0, expected_version: input.expected_version, idempotency_key: input.idempotency_key }
    }
}

impl From<ActivateUserInput> for commands::ChangeAccess {
    fn from(input: ActivateUserInput) -> Self {
        Self { id: input.id.0, expected_version: input.expected_version, idempotency_key: input.idempotency_key }
    }
}

impl From<LeaveAccountInput> for commands::LeaveAccount {
    fn from(input: LeaveAccountInput) -> Self {
        Self { confirm_email: input.confirm_email, idempotency_key: input.idempotency_key }
    }
}

impl From<InviteUsersInput> for commands::InviteUsers {
    fn from(input: InviteUsersInput) -> Self {
        let row =
            |row: InviteUsersRow| commands::InviteRow { email: row.email, role: row.role.into(), auth_methods: texts(row.auth_methods) };
        let rows = input.rows.into_iter().map(row).collect();
        Self { rows, dry_run: input.dry_run, idempotency_key: input.idempotency_key }
    }
}

pub(in crate::graphql) fn texts(ids: Vec<ID>) -> Vec<String> {
    ids.into_iter().map(|id| id.0).collect()
}
