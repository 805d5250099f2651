//! The operator's help for a user who is locked out: a link at the terminal, without mail.

use chrono::{DateTime, Utc};
use domain::user::{IssuePasswordLink, Status, User, UserCommand};
use domain::{AccountId, AuthMethodId, EmailAddress, PasswordResetId, Refusal, UserId};
use projections::users::find_live_user_by_email;
use uuid::Uuid;

use crate::passwords::resets::expiry;
use crate::permission::Permit;
use crate::unit_of_work::{Claims, Deciding, Handler, NewReset};
use crate::{Commands, Context, Error, InvitationToken, PasswordResetToken, RevealInvitationLink, RevealedLink};

/// A link that lets its holder in.
#[derive(Clone, Debug)]
pub enum OperatorLink {
    /// To accept the invitation that is open.
    Invitation {
        /// What the link ends with.
        token: InvitationToken,
        /// When it stops working.
        expires_at: DateTime<Utc>,
    },
    /// To choose a new password.
    PasswordReset {
        /// What the link ends with.
        token: PasswordResetToken,
        /// When it stops working.
        expires_at: DateTime<Utc>,
    },
}

impl Commands {
    /// A link for the user with this address in an account: for an active user for a new password, for an invited one to join. Each is one
    /// event, which does not hold the link.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everyone except the operator. Refusals: `InvalidEmail`, `NotFound`, `InvitationExpired`,
    /// `AccessDeactivated`, `AuthMethodNotAllowed`.
    pub async fn link_for_operator(&self, ctx: &Context, account_id: AccountId, email: &str) -> Result<OperatorLink, Error> {
        let permit = Permit::for_operator(ctx, "userLink", account_id)?;
        let email = EmailAddress::parse(email).map_err(Refusal::from)?;
        let user = find_live_user_by_email(&self.pool, account_id, &email).await?.ok_or(Refusal::NotFound)?;
        if user.status != Status::Invited {
            return self.run(Claims::of(&permit).settings().user(user.id), IssueLink { user_id: user.id }).await;
        }
        let reveal = RevealInvitationLink { id: user.id.to_string(), expected_version: None };
        let RevealedLink { token, expires_at, .. } = self.reveal_invitation_link(ctx, account_id, &reveal).await?;
        Ok(OperatorLink::Invitation { token, expires_at })
    }
}

struct IssueLink {
    user_id: UserId,
}

impl Handler<OperatorLink> for IssueLink {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<OperatorLink, Error> {
        let mut user = work.load::<User>(self.user_id).await?;
        let expires_at = expiry(work.ctx().at);
        work.decide(&mut user, UserCommand::IssuePasswordLink(IssuePasswordLink { expires_at }))?;
        if !work.claimed_settings().offered.contains(&AuthMethodId::password()) {
            return Err(Refusal::AuthMethodNotAllowed.into());
        }
        let id = PasswordResetId::new(Uuid::now_v7());
        work.open_reset(NewReset { user_id: self.user_id, id, is_mailed: false });
        Ok(OperatorLink::PasswordReset { token: work.commands().tokens.password_reset(self.user_id, id), expires_at })
    }
}
