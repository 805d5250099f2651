//! Accepting an invitation by signing in at a provider.

use domain::{Name, Proof, ProviderIdentity, Refusal, user};
use projections::accounts::find_account;

use crate::preview_invitation::Invited;
use crate::refused_attempts::Concerned;
use crate::{Commands, Context, Error, SignedIn};

impl Commands {
    /// Accepts an invitation with an identity that a provider has proven, and starts a session. `name` is what the provider calls them: it is
    /// taken where it can be a name.
    ///
    /// # Errors
    /// Refusals: those of the link, `AuthMethodNotAllowed`, `ProviderEmailUnverified`, `ProviderEmailMismatch`,
    /// `ProviderAccountInUse`.
    pub async fn accept_invitation_with_provider(
        &self,
        ctx: &Context,
        token: &str,
        identity: &ProviderIdentity,
        name: Option<&str>,
    ) -> Result<SignedIn, Error> {
        let invited = self.find_invited(token, ctx.at).await?;
        let accepted = self.accept_as(ctx, &invited, identity, name).await;
        self.note_refusal(ctx, "acceptInvitation", invited.view.account_id, Concerned::User(invited.view.id), &accepted);
        accepted
    }

    async fn accept_as(
        &self,
        ctx: &Context,
        invited: &Invited,
        identity: &ProviderIdentity,
        name: Option<&str>,
    ) -> Result<SignedIn, Error> {
        let account = find_account(&self.pool, invited.view.account_id).await?.ok_or(Refusal::InvalidInvitationLink)?;
        if !self.offered_by(&account).contains(&identity.auth_method) {
            return Err(Refusal::AuthMethodNotAllowed.into());
        }
        let name = name.and_then(|name| Name::parse(name).ok());
        let proof = Proof::Provider(identity.clone());
        let accept = user::AcceptInvitation { invitation_id: invited.invitation_id, proof, name, at: ctx.at };
        self.run_acceptance(ctx, invited, accept, None).await
    }
}
