//! The operator's help for somebody who is locked out: a link at the terminal, without any mail.

use chrono::{DateTime, Utc};
use domain::user::{IssuePasswordLink, Status, User, UserCommand};
use domain::{AccountId, AuthMethodId, EmailAddress, PasswordResetId, Refusal, UserId};
use event_store::Lock;
use projections::users::find_live_user_by_email;
use uuid::Uuid;

use crate::passwords::resets::expiry;
use crate::permission::operator_only;
use crate::unit_of_work::NewReset;
use crate::{Commands, Context, Error, InvitationToken, PasswordResetToken, RevealInvitationLink, RevealedLink};

/// A link that lets its holder in.
#[derive(Clone, Debug)]
pub enum OperatorLink {
    /// To accept the invitation that is open.
    Invitation {
        /// What the link ends with.
        token: InvitationToken,
        /// From this instant on it is dead.
        expires_at: DateTime<Utc>,
    },
    /// To choose a new password.
    PasswordReset {
        /// What the link ends with.
        token: PasswordResetToken,
        /// From this instant on it is dead.
        expires_at: DateTime<Utc>,
    },
}

impl Commands {
    /// A link for whoever has an address in an account: for an active user for a new password, for an invited one to join. Each is one
    /// event, which does not hold the link.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody but the operator. Refusals: `InvalidEmail`, `NotFound`, `InvitationExpired`,
    /// `AccessDeactivated`, `AuthMethodNotAllowed`.
    pub async fn link_for_operator(&self, ctx: &Context, account_id: AccountId, email: &str) -> Result<OperatorLink, Error> {
        operator_only(ctx)?;
        let email = EmailAddress::parse(email).map_err(Refusal::from)?;
        let user = find_live_user_by_email(&self.pool, account_id, &email).await?.ok_or(Refusal::NotFound)?;
        if user.status != Status::Invited {
            return self.retrying(|| self.password_link_once(ctx, account_id, user.id)).await;
        }
        let reveal = RevealInvitationLink { id: user.id.to_string(), expected_version: None };
        let RevealedLink { token, expires_at, .. } = self.reveal_invitation_link(ctx, account_id, &reveal).await?;
        Ok(OperatorLink::Invitation { token, expires_at })
    }

    async fn password_link_once(&self, ctx: &Context, account_id: AccountId, user_id: UserId) -> Result<OperatorLink, Error> {
        let claims = [Lock::AccountSettings { account_id }.shared(), Lock::User { user_id }.exclusive()];
        let mut work = self.begin(ctx, "userLink", account_id, claims).await?;
        let offered = work.settings(self, account_id).await?.offered;
        let mut user = work.load::<User>(account_id, user_id).await?;
        let expires_at = expiry(ctx.at);
        let issue = UserCommand::IssuePasswordLink(IssuePasswordLink { expires_at });
        work.decide(account_id, user_id, &mut user, issue)?;
        if !offered.contains(&AuthMethodId::password()) {
            return Err(Refusal::AuthMethodNotAllowed.into());
        }
        let id = PasswordResetId::new(Uuid::now_v7());
        work.changes().secrets().open_reset(NewReset { user_id, id, is_mailed: false });
        work.append().await?;
        work.commit().await?;
        Ok(OperatorLink::PasswordReset { token: self.tokens.password_reset(user_id, id), expires_at })
    }
}
