//! `resendFailedInvitations`: every invitation whose mail failed is sent again, as `resendInvitation` does for one.
//!
//! A request does the next [`MAX_RESENT`] in the order of the users' ids, in one transaction, and says after which user the next request
//! goes on. So an invitation that fails again at once is not sent twice by whoever goes on until nothing is left.

use domain::user::{self, User, UserCommand};
use domain::{AccountId, EmailAddress, InvitationId, Operation, Refusal, UserId};
use event_store::Lock;
use projections::users::{FailedInvitation, count_failed_invitations, find_failed_invitations, list_failed_invitations};
use serde::Serialize;
use uuid::Uuid;

use crate::idempotency::{Done, KeyedRequest};
use crate::mail::outbox::Lane;
use crate::settings::Settings;
use crate::{Commands, Context, Error};

/// How many invitations one request sends again.
pub const MAX_RESENT: usize = 100;
const OPERATION: &str = "resendFailedInvitations";

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
    /// Whose are not, and why.
    pub refused: Vec<(UserId, Refusal)>,
    /// The last user whose invitation is sent again: another request goes on after them. `None` when nobody's is.
    pub last: Option<UserId>,
    /// How many after that user still count as failed.
    pub remaining: u64,
}

/// A request of which the values were read.
struct Request<'a> {
    account_id: AccountId,
    after: Option<UserId>,
    expected_count: Option<u64>,
    key: Option<&'a KeyedRequest>,
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
        self.authorize(ctx, OPERATION, Operation::ResendInvitation, account_id, None)?;
        let key = self.keys.request(input.idempotency_key.as_deref(), input)?;
        let after = input.after.as_deref().map(|id| id.parse().map_err(|_| Refusal::NotFound)).transpose()?;
        let request = Request { account_id, after, expected_count: input.expected_count, key: key.as_ref() };
        let mut resent = loop {
            match self.retrying(|| self.resend_failed_once(ctx, &request)).await {
                // There was room for them, and others have taken it meanwhile: decided again, they see how much is left.
                Err(Error::Refused { refusal: Refusal::InvitationLimitReached, .. }) => {}
                result => break result?,
            }
        };
        resent.remaining = count_failed_invitations(&self.pool, account_id, resent.last.or(after)).await?;
        Ok(resent)
    }

    async fn resend_failed_once(&self, ctx: &Context, request: &Request<'_>) -> Result<ResentInvitations, Error> {
        let &Request { account_id, after, expected_count, key } = request;
        let actor = ctx.actor.to_string();
        let seen: Vec<UserId> =
            list_failed_invitations(&self.pool, account_id, after, MAX_RESENT).await?.into_iter().map(|failed| failed.id).collect();
        let claims = KeyedRequest::claims(key, account_id, &actor)
            .chain([Lock::AccountSettings { account_id }.shared()])
            .chain(seen.iter().map(|user_id| Lock::User { user_id: *user_id }.exclusive()));
        let mut work = self.begin(ctx, OPERATION, account_id, claims).await?;
        if let Some(key) = key
            && let Some(done) = key.recall(work.connection(), account_id, &actor, OPERATION, ctx.at).await?
        {
            return Ok(ResentInvitations::recalled(done));
        }
        if let Some(expected) = expected_count {
            let current = count_failed_invitations(work.connection(), account_id, after).await?;
            if current != expected {
                return Err(Refusal::CountChanged { current }.into());
            }
        }
        // Whoever was sent a new link while this waited for the locks needs none.
        let failed = find_failed_invitations(work.connection(), account_id, &seen).await?;
        let Settings { lifetime, .. } = work.settings(self, account_id).await?;
        let left = self.invitations_left(work.connection(), ctx).await?;
        let ids: Vec<UserId> = failed.iter().map(|failed| failed.id).collect();
        let users = work.load_many::<User>(account_id, &ids).await?;

        let mut answer = ResentInvitations::default();
        work.changes().send_in(Lane::Bulk);
        for (FailedInvitation { id, email }, mut user) in failed.into_iter().zip(users) {
            if answer.resent == left {
                answer.refused.push((id, Refusal::InvitationLimitReached));
                continue;
            }
            let command = UserCommand::Resend(user::ResendInvitation {
                confirm_email: EmailAddress::parse(&email).map_err(Refusal::from)?,
                lifetime,
                invitation_id: InvitationId::new(Uuid::now_v7()),
                at: ctx.at,
            });
            match work.decide(account_id, id, &mut user, command) {
                Ok(_) => {
                    answer.resent += 1;
                    answer.last = Some(id);
                }
                Err(Error::Refused { refusal, .. }) => answer.refused.push((id, refusal)),
                Err(fault) => return Err(fault),
            }
        }
        if answer.resent == 0 {
            return Ok(answer);
        }
        work.append().await?;
        if let Some(key) = key {
            key.remember(work.connection(), account_id, &actor, OPERATION, answer.to_done(account_id), ctx.at).await?;
        }
        work.commit().await?;
        Ok(answer)
    }
}

impl ResentInvitations {
    /// What is remembered of it: how many, and the last of them.
    fn to_done(&self, account_id: AccountId) -> Done {
        let subject_id = self.last.map_or(account_id.uuid(), UserId::uuid);
        Done { subject_id, version: u64::try_from(self.resent).unwrap_or_default() }
    }

    fn recalled(done: Done) -> Self {
        Self { resent: usize::try_from(done.version).unwrap_or_default(), last: Some(UserId::new(done.subject_id)), ..Self::default() }
    }
}
