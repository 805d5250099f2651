//! `invitation(token)`: what a link is about. Looking consumes nothing: mail scanners look.

use chrono::{DateTime, Utc};
use domain::user::User;
use domain::{InvitationId, Refusal, UserId};
use event_store::Loaded;
use projections::accounts::{AccountView, find_account};
use projections::users::{UserView, find_user_of_any_account};

use crate::permission::require_operator;
use crate::{Commands, Context, Error, InvitationToken};

/// What the holder of a working link may know before accepting.
#[derive(Clone, Debug)]
pub struct InvitationPreview {
    /// The account to join.
    pub account: AccountView,
    /// The invited user, with the ways to sign in that are offered now.
    pub user: UserView,
}

/// The invited user whom a link names, with their stream as it stands.
pub(crate) struct Invited {
    pub(crate) invitation_id: InvitationId,
    pub(crate) view: UserView,
    pub(crate) stream: Loaded<User>,
}

impl Commands {
    /// Shows what an invitation is about, if it can be accepted now.
    ///
    /// # Errors
    /// Refusals: `TooManyAttempts`, `InvalidInvitationLink`, `InvitationRevoked`, `InvitationAlreadyAccepted`,
    /// `InvitationReplaced`, `InvitationExpired`.
    pub async fn preview_invitation(&self, ctx: &Context, token: &str) -> Result<InvitationPreview, Error> {
        self.limits.use_link(ctx)?;
        let invited = self.find_invited(token, ctx.at).await?;
        let account = find_account(&self.pool, invited.view.account_id).await?.ok_or(Refusal::InvalidInvitationLink)?;
        let offered = self.offered_by(&account);
        let mut user = invited.view;
        user.auth_methods.retain(|id| offered.contains(id));
        Ok(InvitationPreview { account, user })
    }

    /// The token for the link of an invitation, for the operator only.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everyone else.
    pub fn invitation_token(&self, ctx: &Context, user_id: UserId, invitation_id: InvitationId) -> Result<InvitationToken, Error> {
        require_operator(ctx)?;
        Ok(self.tokens.invitation(user_id, invitation_id))
    }

    /// Reads a token, and checks that its invitation can be accepted now.
    pub(crate) async fn find_invited(&self, token: &str, at: DateTime<Utc>) -> Result<Invited, Error> {
        let (user_id, invitation_id) = self.tokens.read_invitation(token).ok_or(Refusal::InvalidInvitationLink)?;
        let mut connection = self.pool.acquire().await?;
        let view = find_user_of_any_account(&mut *connection, user_id).await?.ok_or(Refusal::InvalidInvitationLink)?;
        let stream = self.store.load::<User>(&mut connection, view.account_id, user_id).await?;
        stream.state.check_invitation(invitation_id, at)?;
        Ok(Invited { invitation_id, view, stream })
    }
}
