//! `resendInvitations`: a new link for many invited users.

use domain::{AccountId, Operation};
use serde::Serialize;

use super::action::Action;
use super::run::Call;
use super::{BulkAnswer, UserSelection};
use crate::{Commands, Context, Error};

/// The users whose invitations are sent again.
#[derive(Clone, Debug, Serialize)]
pub struct ResendInvitations {
    /// The users.
    pub users: UserSelection,
    /// Decides everything and does nothing.
    pub dry_run: bool,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Sends many invitations again, each as [`resend_invitation`](Self::resend_invitation) does. No address is typed again.
    ///
    /// # Errors
    /// Refusals of the whole: `NoRows`, `TooManyRows`, `CountChanged`, `IdempotencyKeyReused`. Of one user: as for one, and
    /// `AdminsForbidden`.
    pub async fn resend_invitations(&self, ctx: &Context, account_id: AccountId, input: &ResendInvitations) -> Result<BulkAnswer, Error> {
        let permit = self.authorize(ctx, "resendInvitations", Operation::ResendInvitation, account_id, None)?;
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        let call =
            Call { permit: &permit, selection: &input.users, action: Action::Resend, request, dry_run: input.dry_run, confirm_count: None };
        self.run_call(call).await
    }
}
