//! `deleteUser`: for good; a pending invitation is revoked by it.

use domain::user::{self, UserCommand};
use domain::{AccountId, EmailAddress, Operation, Refusal};
use serde::Serialize;

use super::Changed;
use super::change::Change;
use crate::{Commands, Context, Error};

/// Who is deleted.
#[derive(Clone, Debug, Serialize)]
pub struct DeleteUser {
    /// The user.
    pub id: String,
    /// Their address, typed again.
    pub confirm_email: String,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Deletes a user: their sessions end, their password is deleted, their address is free.
    ///
    /// # Errors
    /// Refusals: `ConfirmationMismatch`, `NotFound`, `VersionConflict`, `CannotDeleteSelf`,
    /// `LastAdmin`, `IdempotencyKeyReused`.
    pub async fn delete_user(&self, ctx: &Context, account_id: AccountId, input: &DeleteUser) -> Result<Changed, Error> {
        let (permit, user_id) = self.authorize_upon(ctx, "deleteUser", Operation::DeleteUser, account_id, &input.id)?;
        let confirm_email = EmailAddress::parse(&input.confirm_email).map_err(|_| Refusal::ConfirmationMismatch)?;
        let command = user::DeleteUser { confirm_email: Some(confirm_email.clone()), by_self: ctx.actor.user() == Some(user_id) };
        let change = Change {
            user_id,
            expected_version: input.expected_version,
            request: self.keys.request(input.idempotency_key.as_deref(), input)?,
            frees: Some(confirm_email),
            is_own_name: false,
            command: UserCommand::Delete(command),
        };
        self.run(change.claims(&permit), change).await
    }
}
