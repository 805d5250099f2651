//! `revealInvitationLink`: the link of a pending invitation, to hand it over by another way than mail. Each time is an event.

use chrono::{DateTime, Utc};
use domain::user::{self, User, UserCommand};
use domain::{AccountId, Operation, Refusal, UserId};

use super::Changed;
use crate::unit_of_work::{Claims, Deciding, Handler};
use crate::{Commands, Context, Error, InvitationToken};

/// The user whose link is shown.
#[derive(Clone, Debug)]
pub struct RevealInvitationLink {
    /// The user.
    pub id: String,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
}

/// A link that accepts an invitation.
#[derive(Clone, Debug)]
pub struct RevealedLink {
    /// The user, at the version after the event.
    pub changed: Changed,
    /// What the link ends with.
    pub token: InvitationToken,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

impl Commands {
    /// Shows the link of a pending invitation. Each time is an event, which does not hold the link.
    ///
    /// # Errors
    /// Refusals: `NotFound`, `VersionConflict`, `UserNotPending`, `UserDeleted`, `InvitationExpired`.
    pub async fn reveal_invitation_link(
        &self,
        ctx: &Context,
        account_id: AccountId,
        input: &RevealInvitationLink,
    ) -> Result<RevealedLink, Error> {
        let (permit, user_id) = self.authorize_upon(ctx, "revealInvitationLink", Operation::RevealInvitationLink, account_id, &input.id)?;
        self.run(Claims::of(&permit).user(user_id), Reveal { user_id, expected_version: input.expected_version }).await
    }
}

struct Reveal {
    user_id: UserId,
    expected_version: Option<u64>,
}

impl Handler<RevealedLink> for Reveal {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<RevealedLink, Error> {
        let mut user = work.load::<User>(self.user_id).await?.at_version(self.expected_version)?;
        work.authorize_role(self.user_id, user.state.role())?;
        let at = work.ctx().at;
        work.decide(&mut user, UserCommand::RevealLink(user::RevealInvitationLink { at }))?;
        let (invitation_id, expires_at) = user.state.invitation().ok_or(Refusal::UserNotPending)?;
        let token = work.commands().tokens.invitation(self.user_id, invitation_id);
        Ok(RevealedLink { changed: user.changed(work.account_id()), token, expires_at })
    }
}
