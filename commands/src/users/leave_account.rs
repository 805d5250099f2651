//! `leaveAccount`: signed-in users leave their account for good.

use domain::user::{self, UserCommand};
use domain::{EmailAddress, Operation, Refusal};
use serde::Serialize;

use super::Changed;
use super::change::Change;
use crate::{Commands, Context, Error};

/// Who leaves is who asks.
#[derive(Clone, Debug, Serialize)]
pub struct LeaveAccount {
    /// Their own address, typed again.
    pub confirm_email: String,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Lets the actor leave their account: their sessions end, their password is deleted, their address is free.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in; refusals: `ConfirmationMismatch`, `LastAdmin`, `IdempotencyKeyReused`.
    pub async fn leave_account(&self, ctx: &Context, input: &LeaveAccount) -> Result<Changed, Error> {
        let (permit, user_id) = self.authorize_oneself(ctx, "leaveAccount", Operation::LeaveAccount)?;
        let confirm_email = EmailAddress::parse(&input.confirm_email).map_err(|_| Refusal::ConfirmationMismatch)?;
        let change = Change {
            user_id,
            expected_version: None,
            request: self.keys.request(input.idempotency_key.as_deref(), input)?,
            frees: Some(confirm_email.clone()),
            is_own_name: false,
            command: UserCommand::Leave(user::LeaveAccount { confirm_email: confirm_email.clone() }),
        };
        self.run(change.claims(&permit), change).await
    }
}
