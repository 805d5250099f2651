//! `revealInvitationLink`: the link of a pending invitation, to hand it over by another way than mail. That it was shown is remembered.

use chrono::{DateTime, Utc};
use domain::user::{self, User, UserCommand};
use domain::{AccountId, Operation, Refusal, UserId};
use event_store::Lock;

use super::Changed;
use super::change::found;
use crate::{Commands, Context, Error, InvitationToken};

/// Whose link is shown.
#[derive(Clone, Debug)]
pub struct RevealInvitationLink {
    /// The user.
    pub id: String,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
}

/// A link that lets whoever holds it accept an invitation.
#[derive(Clone, Debug)]
pub struct RevealedLink {
    /// Whose it is, at the version that remembers it.
    pub changed: Changed,
    /// What the link ends with.
    pub token: InvitationToken,
    /// From this instant on it is dead.
    pub expires_at: DateTime<Utc>,
}

impl Commands {
    /// Shows the link of a pending invitation. Every time is an event; the link stands in none.
    ///
    /// # Errors
    /// Refusals: `NotFound`, `VersionConflict`, `UserNotPending`, `UserDeleted`, `InvitationExpired`.
    pub async fn reveal_invitation_link(
        &self,
        ctx: &Context,
        account_id: AccountId,
        input: &RevealInvitationLink,
    ) -> Result<RevealedLink, Error> {
        let user_id = self.permitted(ctx, "revealInvitationLink", Operation::RevealInvitationLink, account_id, &input.id)?;
        self.retrying(|| self.reveal_once(ctx, account_id, user_id, input.expected_version)).await
    }

    async fn reveal_once(
        &self,
        ctx: &Context,
        account_id: AccountId,
        user_id: UserId,
        expected_version: Option<u64>,
    ) -> Result<RevealedLink, Error> {
        let mut work = self.begin(ctx, "revealInvitationLink", account_id, [Lock::User { user_id }.exclusive()]).await?;
        let mut user = found(work.load::<User>(account_id, user_id).await?, expected_version)?;
        self.authorize_role(ctx, "revealInvitationLink", account_id, Some(user_id), user.state.role())?;
        let command = UserCommand::RevealLink(user::RevealInvitationLink { at: ctx.at });
        work.decide(account_id, user_id, &mut user, command)?;
        let (invitation_id, expires_at) = user.state.invitation().ok_or(Refusal::UserNotPending)?;
        work.append().await?;
        work.commit().await?;
        let changed = Changed { account_id, user_id, version: user.version };
        Ok(RevealedLink { changed, token: self.tokens.invitation(user_id, invitation_id), expires_at })
    }
}
