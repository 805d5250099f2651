//! `updateUser`: role, ways to sign in, access and name, all or nothing.

use domain::user::{self, UserCommand};
use domain::{AccountId, Name, Operation, Refusal, Role};
use serde::Serialize;

use super::change::Change;
use super::{Changed, parse_auth_methods};
use crate::{Commands, Context, Error};

/// The fields of a user that change. A field that is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UpdateUser {
    /// The user.
    pub id: String,
    /// The new role.
    pub role: Option<Role>,
    /// The ids of all ways in which they may sign in from now on.
    pub auth_methods: Option<Vec<String>>,
    /// `false` deactivates and ends every session, `true` activates.
    pub active: Option<bool>,
    /// The new name.
    pub name: Option<String>,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Changes role, ways to sign in, access and name of a user, all or nothing.
    ///
    /// # Errors
    /// Refusals: of the values, `NotFound`, `VersionConflict`, `InvitationPending`, `UserDeleted`,
    /// `CannotDeactivateSelf`, `LastAdmin`, `IdempotencyKeyReused`.
    pub async fn update_user(&self, ctx: &Context, account_id: AccountId, input: &UpdateUser) -> Result<Changed, Error> {
        let renames_only = input.role.is_none() && input.auth_methods.is_none() && input.active.is_none();
        let permission = if renames_only { Operation::RenameUser } else { Operation::UpdateUser };
        let (permit, user_id) = self.authorize_upon(ctx, "updateUser", permission, account_id, &input.id)?;
        self.authorize_role(&permit, Some(user_id), input.role.unwrap_or_default())?;
        let by_self = ctx.actor.user() == Some(user_id);
        let command = user::UpdateUser {
            role: input.role,
            auth_methods: input.auth_methods.as_deref().map(parse_auth_methods).transpose()?,
            offered: self.offered(),
            active: input.active,
            name: input.name.as_deref().map(Name::parse).transpose().map_err(Refusal::from)?,
            by_self,
        };
        let change = Change {
            user_id,
            expected_version: input.expected_version,
            request: self.keys.request(input.idempotency_key.as_deref(), input)?,
            frees: None,
            is_own_name: renames_only && by_self,
            command: UserCommand::Update(command),
        };
        self.run(change.claims(&permit), change).await
    }
}
