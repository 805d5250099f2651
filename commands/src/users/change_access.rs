//! `deactivateUser` and `activateUser`: access is taken, and given back.

use domain::user::{self, UserCommand};
use domain::{AccountId, Operation};
use serde::Serialize;

use super::Changed;
use super::change::Change;
use crate::{Commands, Context, Error};

/// The user whose access is taken or given back.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeAccess {
    /// The user.
    pub id: String,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Takes a user's access: their sessions end, and they cannot sign in.
    ///
    /// # Errors
    /// Refusals: `NotFound`, `VersionConflict`, `InvitationPending`, `UserDeleted`, `CannotDeactivateSelf`, `LastAdmin`,
    /// `IdempotencyKeyReused`.
    pub async fn deactivate_user(&self, ctx: &Context, account_id: AccountId, input: &ChangeAccess) -> Result<Changed, Error> {
        self.change_access(ctx, "deactivateUser", account_id, input, false).await
    }

    /// Gives a user's access back; sessions that ended stay so.
    ///
    /// # Errors
    /// Refusals: `NotFound`, `VersionConflict`, `InvitationPending`, `UserDeleted`, `IdempotencyKeyReused`.
    pub async fn activate_user(&self, ctx: &Context, account_id: AccountId, input: &ChangeAccess) -> Result<Changed, Error> {
        self.change_access(ctx, "activateUser", account_id, input, true).await
    }

    async fn change_access(
        &self,
        ctx: &Context,
        operation_name: &'static str,
        account_id: AccountId,
        input: &ChangeAccess,
        active: bool,
    ) -> Result<Changed, Error> {
        let (permit, user_id) = self.authorize_upon(ctx, operation_name, Operation::UpdateUser, account_id, &input.id)?;
        let by_self = ctx.actor.user() == Some(user_id);
        let command =
            user::UpdateUser { role: None, auth_methods: None, offered: self.offered(), active: Some(active), name: None, by_self };
        let change = Change {
            user_id,
            expected_version: input.expected_version,
            request: self.keys.request(input.idempotency_key.as_deref(), input)?,
            frees: None,
            is_own_name: false,
            command: UserCommand::Update(command),
        };
        self.run(change.claims(&permit), change).await
    }
}
