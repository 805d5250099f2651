//! `resendFailedInvitations`: sends every invitation again whose mail failed, as `resendInvitation` does for one.
//!
//! A request sends the next [`MAX_RESENT`] in the order of the users' ids, in one transaction, and answers with the user after whom the next
//! request continues. So a client that continues until nothing is left does not send an invitation twice that fails again at once.

use domain::user::{self, User, UserCommand};
use domain::{AccountId, InvitationId, Operation, Refusal, UserId};
use projections::users::{FailedInvitation, count_failed_invitations, list_failed_invitations};
use serde::Serialize;
use uuid::Uuid;

use crate::idempotency::{Done, KeyedRequest};
use crate::unit_of_work::{Claims, Deciding, Handler, Idempotency};
use crate::{Commands, Context, Error};

/// How many invitations one request sends again.
pub const MAX_RESENT: usize = 100;

/// Which failed invitations are sent again.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ResendFailedInvitations {
    /// Those of users after this one, in the order of ids; all when it is absent.
    pub after: Option<String>,
    /// How many of them the caller saw.
    pub expected_count: Option<u64>,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// What became of failed invitations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResentInvitations {
    /// How many are sent again.
    pub resent: usize,
    /// The users whose invitations are not sent again, and why.
    pub refused: Vec<(UserId, Refusal)>,
    /// The last user whose invitation is sent again: the next request continues after them. `None` when none is sent.
    pub last: Option<UserId>,
    /// How many after that user still count as failed.
    pub remaining: u64,
}

impl Commands {
    /// Sends the next [`MAX_RESENT`] failed invitations again.
    ///
    /// # Errors
    /// Refusals of the whole: `NotFound` for an `after` that is no id, `CountChanged`, `InvalidIdempotencyKey`, `IdempotencyKeyReused`.
    /// Of one user: `InvitationLimitReached`.
    pub async fn resend_failed_invitations(
        &self,
        ctx: &Context,
        account_id: AccountId,
        input: &ResendFailedInvitations,
    ) -> Result<ResentInvitations, Error> {
        let permit = self.authorize(ctx, "resendFailedInvitations", Operation::ResendInvitation, account_id, None)?;
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        let after = input.after.as_deref().map(|id| id.parse().map_err(|_| Refusal::NotFound)).transpose()?;
        let once = || async {
            let failed = list_failed_invitations(&self.pool, account_id, after, MAX_RESENT).await?;
            let seen = failed.into_iter().map(|failed| failed.id).collect::<Vec<_>>();
            let claims = Claims::of(&permit).settings().users(&seen);
            let resend = ResendFailed { seen, after, expected_count: input.expected_count, request: request.clone() };
            self.run_once(claims, resend).await
        };
        let mut resent = loop {
            match self.retrying(once).await {
                // They fitted under the limit, and others have sent invitations meanwhile: decided again, they see how many are left.
                Err(Error::Refused { refusal: Refusal::InvitationLimitReached, .. }) => {}
                result => break result?,
            }
        };
        resent.remaining = count_failed_invitations(&self.pool, account_id, resent.last.or(after)).await?;
        Ok(resent)
    }
}

struct ResendFailed {
    /// The users whose invitations had failed before their locks were taken.
    seen: Vec<UserId>,
    after: Option<UserId>,
    expected_count: Option<u64>,
    request: Option<KeyedRequest>,
}

impl Handler<ResentInvitations> for ResendFailed {
    /// How many were sent, and the last of them.
    fn idempotency(&self) -> Option<Idempotency<'_, ResentInvitations>> {
        let repeat = |_, done: Done| {
            let (resent, last) = (usize::try_from(done.version).unwrap_or_default(), Some(UserId::new(done.subject_id)));
            Some(ResentInvitations { resent, last, ..ResentInvitations::default() })
        };
        let record = |_, answer: &ResentInvitations| {
            Some(Done { subject_id: answer.last?.uuid(), version: u64::try_from(answer.resent).unwrap_or_default() })
        };
        Some(Idempotency { request: self.request.as_ref()?, repeat, record })
    }

    async fn decide(&self, work: &mut Deciding<'_>) -> Result<ResentInvitations, Error> {
        let at = work.ctx().at;
        if let Some(expected) = self.expected_count {
            let current = work.reading()?.count_failed_invitations(self.after).await?;
            if current != expected {
                return Err(Refusal::CountChanged { expected, current }.into());
            }
        }
        // A user who got a new link while this waited for the locks needs no other.
        let failed = work.reading()?.find_failed_invitations(&self.seen).await?;
        let lifetime = work.claimed_settings().lifetime;
        let left = work.invitations_left().await?;
        let mut answer = ResentInvitations::default();
        for FailedInvitation { id, .. } in failed {
            if answer.resent == left {
                answer.refused.push((id, Refusal::InvitationLimitReached));
                continue;
            }
            let mut user = work.load::<User>(id).await?;
            let invitation_id = InvitationId::new(Uuid::now_v7());
            let resend = user::ResendInvitation { confirm_email: None, lifetime, invitation_id, at };
            match work.decide(&mut user, UserCommand::Resend(resend)) {
                Ok(_) => {
                    answer.resent += 1;
                    answer.last = Some(id);
                }
                Err(Error::Refused { refusal, .. }) => answer.refused.push((id, refusal)),
                Err(fault) => return Err(fault),
            }
        }
        work.send_in_bulk();
        Ok(answer)
    }
}
