//! The inputs of mutations.

use async_graphql::{Enum, ID, InputObject};

use crate::wire::Role;

/// How a session token is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Transport {
    /// For browsers: in an HTTP-only cookie. The payload contains no token.
    Cookie,
    /// For programs: as `token` in the payload, to be sent as `Authorization: Bearer …`.
    Token,
}

/// The input of `openAccount`.
#[derive(InputObject)]
pub struct OpenAccountInput {
    /// The token at the end of the welcome link.
    pub(super) token: String,
    /// The name of the account: 1 to 100 characters.
    pub(super) name: String,
    /// The short name in links: 2 to 40 lower-case letters, digits and inner hyphens.
    pub(super) slug: String,
    /// The e-mail address of the first admin.
    pub(super) email: String,
    /// The password of the first admin: 8 to 256 characters.
    pub(super) password: String,
    /// How the session token is returned.
    pub(super) transport: Transport,
}

/// The input of `signIn`.
#[derive(InputObject)]
pub struct SignInInput {
    /// The slug of the account. Optional if only one account exists.
    pub(super) account: Option<String>,
    /// The e-mail address.
    pub(super) email: String,
    /// The password.
    pub(super) password: String,
    /// How the session token is returned.
    pub(super) transport: Transport,
}

/// The input of `acceptInvitation`.
#[derive(InputObject)]
pub struct AcceptInvitationInput {
    /// The token at the end of the link.
    pub(super) token: String,
    /// The new password: 8 to 256 characters.
    pub(super) password: String,
    /// The display name: 1 to 100 characters.
    pub(super) name: Option<String>,
    /// How the session token is returned.
    pub(super) transport: Transport,
}

/// The input of `inviteUser`.
#[derive(InputObject)]
pub struct InviteUserInput {
    /// The e-mail address that the link is sent to.
    pub(super) email: String,
    /// The role of the user.
    pub(super) role: Role,
    /// The ids of the sign-in methods that the user may use: at least one.
    pub(super) auth_methods: Vec<ID>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(super) idempotency_key: Option<String>,
}

/// The input of `updateUser`. Fields that are absent or null stay unchanged.
#[derive(InputObject)]
pub struct UpdateUserInput {
    /// The id of the user.
    pub(super) id: ID,
    /// The role of the user.
    pub(super) role: Option<Role>,
    /// The ids of all sign-in methods that the user may use.
    pub(super) auth_methods: Option<Vec<ID>>,
    /// `false` deactivates the user and ends their sessions; `true` activates the user again.
    pub(super) active: Option<bool>,
    /// The display name: 1 to 100 characters.
    pub(super) name: Option<String>,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(super) idempotency_key: Option<String>,
}

/// The input of `resendInvitation`.
#[derive(InputObject)]
pub struct ResendInvitationInput {
    /// The id of the user.
    pub(super) id: ID,
    /// The e-mail address of the user, as confirmation.
    pub(super) confirm_email: String,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(super) idempotency_key: Option<String>,
}

/// The input of `revealInvitationLink`.
#[derive(InputObject)]
pub struct RevealInvitationLinkInput {
    /// The id of the user.
    pub(super) id: ID,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
}

/// The input of `deleteUser`.
#[derive(InputObject)]
pub struct DeleteUserInput {
    /// The id of the user.
    pub(super) id: ID,
    /// The e-mail address of the user, as confirmation.
    pub(super) confirm_email: String,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(super) idempotency_key: Option<String>,
}

/// The input of `eraseUser`.
#[derive(InputObject)]
pub struct EraseUserInput {
    /// The id of the user, who must be deleted already.
    pub(super) id: ID,
    /// The e-mail address of the user, as confirmation.
    pub(super) confirm_email: String,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
}

/// The input of `deactivateUser`.
#[derive(InputObject)]
pub struct DeactivateUserInput {
    /// The id of the user.
    pub(super) id: ID,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(super) idempotency_key: Option<String>,
}

/// The input of `activateUser`.
#[derive(InputObject)]
pub struct ActivateUserInput {
    /// The id of the user.
    pub(super) id: ID,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(super) idempotency_key: Option<String>,
}

/// The input of `leaveAccount`.
#[derive(InputObject)]
pub struct LeaveAccountInput {
    /// Your own e-mail address, as confirmation.
    pub(super) confirm_email: String,
    /// 1 to 100 printable ASCII characters, such as a UUID. Of several requests with the same key one takes effect, and all return the same
    /// result.
    pub(super) idempotency_key: Option<String>,
}

/// The input of `inviteUsers`.
#[derive(InputObject)]
pub struct InviteUsersInput {
    /// The people to invite: 1 to 1,000 rows.
    pub(super) rows: Vec<InviteUsersRow>,
    /// Whether to check the rows only. Then no one is invited, no mail is sent, and the idempotency key is not used.
    #[graphql(default)]
    pub(super) dry_run: bool,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours continues where
    /// the first one was interrupted, and returns the same result for every row.
    pub(super) idempotency_key: Option<String>,
}

/// A person to invite.
#[derive(InputObject)]
pub(super) struct InviteUsersRow {
    /// The e-mail address that the link is sent to.
    pub(super) email: String,
    /// The role of the user.
    pub(super) role: Role,
    /// The ids of the sign-in methods that the user may use: at least one.
    pub(super) auth_methods: Vec<ID>,
}

/// The input of `updateAccount`. Fields that are absent or null stay unchanged.
#[derive(InputObject)]
pub struct UpdateAccountInput {
    /// The name of the account: 1 to 100 characters. The slug does not change.
    pub(super) name: Option<String>,
    /// How many hours new invitations work: 1 to 720.
    pub(super) invitation_hours: Option<i32>,
    /// The ids of all sign-in methods that the account offers: at least one.
    pub(super) auth_methods: Option<Vec<ID>>,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(super) idempotency_key: Option<String>,
}

impl From<OpenAccountInput> for commands::OpenAccount {
    fn from(input: OpenAccountInput) -> Self {
        Self { token: input.token, name: input.name, slug: input.slug, email: input.email, password: input.password.into() }
    }
}

impl From<SignInInput> for commands::SignIn {
    fn from(input: SignInInput) -> Self {
        Self { account: input.account, email: input.email, password: input.password.into() }
    }
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

impl From<UpdateAccountInput> for commands::UpdateAccount {
    fn from(input: UpdateAccountInput) -> Self {
        Self {
            name: input.name,
            invitation_hours: input.invitation_hours,
            auth_methods: input.auth_methods.map(texts),
            expected_version: input.expected_version,
            idempotency_key: input.idempotency_key,
        }
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

fn texts(ids: Vec<ID>) -> Vec<String> {
    ids.into_iter().map(|id| id.0).collect()
}
