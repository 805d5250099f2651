//! What mutations take.

use async_graphql::{Enum, ID, InputObject};

use crate::wire::Role;

/// How the session token reaches whoever signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Transport {
    /// For browsers: an HTTP-only cookie, and no token in the payload.
    Cookie,
    /// For programs: `token` in the payload, to be sent as `Authorization: Bearer …`.
    Token,
}

/// Opens the first account of a Roster.
#[derive(InputObject)]
pub struct OpenAccountInput {
    /// What the welcome link ends with.
    pub(super) token: String,
    /// The account's name, 1 to 100 characters.
    pub(super) name: String,
    /// Its part of every link: 2 to 40 lower-case letters, digits and inner hyphens.
    pub(super) slug: String,
    /// The address of its first admin.
    pub(super) email: String,
    /// The password of its first admin, 8 to 256 characters.
    pub(super) password: String,
    /// How the session token is handed over.
    pub(super) transport: Transport,
}

/// Signs in with e-mail and password.
#[derive(InputObject)]
pub struct SignInInput {
    /// The slug of the account; may be left out where one account exists.
    pub(super) account: Option<String>,
    /// The address.
    pub(super) email: String,
    /// The password.
    pub(super) password: String,
    /// How the session token is handed over.
    pub(super) transport: Transport,
}

/// Accepts an invitation.
#[derive(InputObject)]
pub struct AcceptInvitationInput {
    /// What the link ends with.
    pub(super) token: String,
    /// The password to sign in with from now on, 8 to 256 characters.
    pub(super) password: String,
    /// What they want to be called, 1 to 100 characters.
    pub(super) name: Option<String>,
    /// How the session token is handed over.
    pub(super) transport: Transport,
}

/// Invites a person.
#[derive(InputObject)]
pub struct InviteUserInput {
    /// Where the link is sent.
    pub(super) email: String,
    /// What they may do.
    pub(super) role: Role,
    /// The ids of the ways in which they may sign in: at least one.
    pub(super) auth_methods: Vec<ID>,
    /// 1 to 100 printable ASCII characters. Repeating a request with its key within 24 hours does nothing more.
    pub(super) idempotency_key: Option<String>,
}

/// Changes a user. What is absent or null stays as it is.
#[derive(InputObject)]
pub struct UpdateUserInput {
    /// The user.
    pub(super) id: ID,
    /// What they may do.
    pub(super) role: Option<Role>,
    /// The ids of all ways in which they may sign in from now on.
    pub(super) auth_methods: Option<Vec<ID>>,
    /// `false` takes their access and ends their sessions, `true` gives it back.
    pub(super) active: Option<bool>,
    /// What they are called, 1 to 100 characters.
    pub(super) name: Option<String>,
    /// The version that was looked at; a newer one is a `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters. Repeating a request with its key within 24 hours does nothing more.
    pub(super) idempotency_key: Option<String>,
}

/// Sends an invitation again.
#[derive(InputObject)]
pub struct ResendInvitationInput {
    /// The user.
    pub(super) id: ID,
    /// Their address, typed again.
    pub(super) confirm_email: String,
    /// The version that was looked at; a newer one is a `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters. Repeating a request with its key within 24 hours does nothing more.
    pub(super) idempotency_key: Option<String>,
}

/// Shows the link of an invitation.
#[derive(InputObject)]
pub struct RevealInvitationLinkInput {
    /// The user.
    pub(super) id: ID,
    /// The version that was looked at; a newer one is a `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
}

/// Deletes a user.
#[derive(InputObject)]
pub struct DeleteUserInput {
    /// The user.
    pub(super) id: ID,
    /// Their address, typed again.
    pub(super) confirm_email: String,
    /// The version that was looked at; a newer one is a `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters. Repeating a request with its key within 24 hours does nothing more.
    pub(super) idempotency_key: Option<String>,
}

/// Erases a deleted user.
#[derive(InputObject)]
pub struct EraseUserInput {
    /// The user, who is deleted.
    pub(super) id: ID,
    /// Their address, typed again.
    pub(super) confirm_email: String,
    /// The version that was looked at; a newer one is a `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
}

/// Takes a user's access.
#[derive(InputObject)]
pub struct DeactivateUserInput {
    /// The user.
    pub(super) id: ID,
    /// The version that was looked at; a newer one is a `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters. Repeating a request with its key within 24 hours does nothing more.
    pub(super) idempotency_key: Option<String>,
}

/// Gives a user's access back.
#[derive(InputObject)]
pub struct ActivateUserInput {
    /// The user.
    pub(super) id: ID,
    /// The version that was looked at; a newer one is a `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters. Repeating a request with its key within 24 hours does nothing more.
    pub(super) idempotency_key: Option<String>,
}

/// Leaves the account.
#[derive(InputObject)]
pub struct LeaveAccountInput {
    /// One's own address, typed again.
    pub(super) confirm_email: String,
    /// 1 to 100 printable ASCII characters. Of several requests with the same key one happens, and all are answered alike.
    pub(super) idempotency_key: Option<String>,
}

/// Invites many people.
#[derive(InputObject)]
pub struct InviteUsersInput {
    /// One person each: 1 to 1,000.
    pub(super) rows: Vec<InviteUsersRow>,
    /// Whether everything is decided and nothing done: nobody is invited, no mail goes out, and no key is used up.
    #[graphql(default)]
    pub(super) dry_run: bool,
    /// 1 to 100 printable ASCII characters. Within 24 hours a request that is repeated with its key does only what was not yet
    /// done, should the first have been cut off, and answers every row as the first time.
    pub(super) idempotency_key: Option<String>,
}

/// A person to be invited.
#[derive(InputObject)]
pub(super) struct InviteUsersRow {
    /// Where the link is sent.
    pub(super) email: String,
    /// What they may do.
    pub(super) role: Role,
    /// The ids of the ways in which they may sign in: at least one.
    pub(super) auth_methods: Vec<ID>,
}

/// Changes an account. What is absent or null stays as it is.
#[derive(InputObject)]
pub struct UpdateAccountInput {
    /// The account's name, 1 to 100 characters. Its part of links stays.
    pub(super) name: Option<String>,
    /// How many hours invitations work that are sent from now on: 1 to 720.
    pub(super) invitation_hours: Option<i32>,
    /// The ids of all ways to sign in that it offers from now on: at least one.
    pub(super) auth_methods: Option<Vec<ID>>,
    /// The version that was looked at; a newer one is a `VERSION_CONFLICT`.
    pub(super) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters. Repeating a request with its key within 24 hours does nothing more.
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
