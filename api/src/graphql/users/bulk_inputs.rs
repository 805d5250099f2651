//! What mutations of many users take.

use async_graphql::{Context, ID, InputObject, OneofObject, Result};

use crate::graphql::input::{optional, optional_list};
use crate::graphql::users::bulk::UserSelection;
use crate::wire::Role;

/// The input of `updateUsers`. Fields that are absent or null stay unchanged.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateUsersInput {
    /// The users to change.
    users: UserSelection,
    /// The role of the users.
    role: Option<Role>,
    /// The ids of all sign-in methods that the users may use.
    auth_methods: Option<Vec<ID>>,
    /// `false` deactivates the users and ends their sessions; `true` activates the users again.
    active: Option<bool>,
    /// Whether to check only. Then nothing changes, and the idempotency key is not used.
    #[graphql(default)]
    dry_run: bool,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours continues where the
    /// first one was interrupted, with the same users, and returns the same result for each of them.
    idempotency_key: Option<String>,
}

/// The input of `resendInvitations`.
#[derive(InputObject)]
pub(in crate::graphql) struct ResendInvitationsInput {
    /// The invited users.
    users: UserSelection,
    /// Whether to check only. Then nothing is sent, and the idempotency key is not used.
    #[graphql(default)]
    dry_run: bool,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours continues where the
    /// first one was interrupted, with the same users, and returns the same result for each of them.
    idempotency_key: Option<String>,
}

/// The input of `deleteUsers`.
#[derive(InputObject)]
pub(in crate::graphql) struct DeleteUsersInput {
    /// The users to delete.
    users: UserSelection,
    /// The number of selected users, as confirmation. Another number is refused with `COUNT_NOT_CONFIRMED`, except with `dryRun`.
    confirm_count: u64,
    /// Whether to check only. Then nothing changes, and the idempotency key is not used.
    #[graphql(default)]
    dry_run: bool,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours continues where the
    /// first one was interrupted, with the same users, and returns the same result for each of them.
    idempotency_key: Option<String>,
}

/// What to undo.
#[derive(Clone, Debug, OneofObject)]
pub(in crate::graphql) enum UndoTarget {
    /// The id of an event of a user.
    EventId(ID),
    /// The id of an operation: all of its events are undone.
    OperationId(ID),
}

/// The input of `undo`.
#[derive(InputObject)]
pub(in crate::graphql) struct UndoInput {
    /// The event or the operation.
    target: UndoTarget,
    /// Whether to check only. Then nothing changes, and the idempotency key is not used.
    #[graphql(default)]
    dry_run: bool,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours continues where the
    /// first one was interrupted, and returns the same result for each user.
    idempotency_key: Option<String>,
}

impl From<UndoInput> for commands::Undo {
    fn from(UndoInput { target, dry_run, idempotency_key }: UndoInput) -> Self {
        let target = match target {
            UndoTarget::EventId(id) => commands::UndoTarget::Event(id.into()),
            UndoTarget::OperationId(id) => commands::UndoTarget::Operation(id.into()),
        };
        Self { target, dry_run, idempotency_key }
    }
}

/// A command, and the ids in its input.
type Parsed<Command> = (Command, Vec<String>);

fn given(users: &commands::UserSelection) -> Vec<String> {
    match users {
        commands::UserSelection::Ids(ids) => ids.clone(),
        commands::UserSelection::Matching { .. } => vec![],
    }
}

impl UpdateUsersInput {
    pub(in crate::graphql) fn parse(self, ctx: &Context<'_>) -> Result<Parsed<commands::UpdateUsers>> {
        let Self { users, role, auth_methods, active, dry_run, idempotency_key } = self;
        let users = users.parse(ctx)?;
        let given = given(&users);
        let (role, auth_methods) = (optional(role), optional_list(auth_methods));
        Ok((commands::UpdateUsers { users, role, auth_methods, active, dry_run, idempotency_key }, given))
    }
}

impl ResendInvitationsInput {
    pub(in crate::graphql) fn parse(self, ctx: &Context<'_>) -> Result<Parsed<commands::ResendInvitations>> {
        let Self { users, dry_run, idempotency_key } = self;
        let users = users.parse(ctx)?;
        let given = given(&users);
        Ok((commands::ResendInvitations { users, dry_run, idempotency_key }, given))
    }
}

impl DeleteUsersInput {
    pub(in crate::graphql) fn parse(self, ctx: &Context<'_>) -> Result<Parsed<commands::DeleteUsers>> {
        let Self { users, confirm_count, dry_run, idempotency_key } = self;
        let users = users.parse(ctx)?;
        let given = given(&users);
        Ok((commands::DeleteUsers { users, confirm_count, dry_run, idempotency_key }, given))
    }
}
