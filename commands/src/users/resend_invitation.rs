//! `resendInvitation`: a new link, for a new time; the old link stops working.

use domain::user::{self, UserCommand};
use domain::{AccountId, EmailAddress, InvitationHours, InvitationId, Operation, Refusal};
use serde::Serialize;
use uuid::Uuid;

use super::Changed;
use super::change::Change;
use crate::{Commands, Context, Error};

/// The user whose invitation is sent again.
#[derive(Clone, Debug, Serialize)]
pub struct ResendInvitation {
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
    /// Sends a pending or expired invitation again.
    ///
    /// # Errors
    /// Refusals: `ConfirmationMismatch`, `NotFound`, `VersionConflict`, `UserNotPending`,
    /// `UserDeleted`, `InvitationLimitReached`, `IdempotencyKeyReused`.
    pub async fn resend_invitation(&self, ctx: &Context, account_id: AccountId, input: &ResendInvitation) -> Result<Changed, Error> {
        let (permit, user_id) = self.authorize_upon(ctx, "resendInvitation", Operation::ResendInvitation, account_id, &input.id)?;
        let confirm_email = EmailAddress::parse(&input.confirm_email).map_err(|_| Refusal::ConfirmationMismatch)?;
        let invitation_id = InvitationId::new(Uuid::now_v7());
        let change = Change {
            user_id,
            expected_version: input.expected_version,
            request: self.keys.request(input.idempotency_key.as_deref(), input)?,
            frees: None,
            is_own_name: false,
            command: UserCommand::Resend(user::ResendInvitation {
                confirm_email: Some(confirm_email),
                lifetime: InvitationHours::default(),
                invitation_id,
                at: ctx.at,
            }),
        };
        self.run(change.claims(&permit), change).await
    }
}
