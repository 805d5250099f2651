//! Signing in as whom a provider has proven.

use domain::user::{User, UserCommand};
use domain::{AccountId, ProviderIdentity, Refusal, Slug, UserId};
use event_store::Lock;
use projections::accounts::{AccountView, find_account_by_slug};
use projections::users::{find_linked_user, find_live_user_by_email};

use super::choice::{AccountChoice, unknown};
use crate::refused_attempts::Concerned;
use crate::sessions::start_session;
use crate::{Commands, Context, Error, SignedIn};

/// What events and refused attempts call it.
const DEED: &str = "signInWithProvider";

/// What became of a sign-in.
#[derive(Clone, Debug)]
pub enum ProviderOutcome {
    /// It is done.
    SignedIn(SignedIn),
    /// There are several accounts to sign in to, at least two: the person says which.
    Choose(Vec<AccountChoice>),
}

impl Commands {
    /// Starts a session for whom a provider has proven. The provider's own name for the person decides; the first time, when it has
    /// none here yet, the address that the provider vouches for. Without an account it is the one where they can sign in; where
    /// there are several, they choose, with the same browser.
    ///
    /// # Errors
    /// Refusals: `NotInvited`, `ProviderEmailUnverified`, `ProviderAccountDiffers`, `AuthMethodNotAllowed`,
    /// `InvitationNotAccepted`, `AccessDeactivated`.
    pub async fn sign_in_with_provider(
        &self,
        ctx: &Context,
        identity: &ProviderIdentity,
        account: Option<&str>,
        browser: &str,
    ) -> Result<ProviderOutcome, Error> {
        let account = if let Some(slug) = account {
            let found = match Slug::parse(slug) {
                Ok(slug) => find_account_by_slug(&self.pool, &slug).await?,
                Err(_) => None,
            };
            found.ok_or_else(|| unknown(identity))?
        } else {
            let mut memberships = self.accounts_to_choose_from(ctx, identity).await?;
            if memberships.len() > 1 {
                return Ok(ProviderOutcome::Choose(self.choices(ctx, identity, memberships, browser).await?));
            }
            memberships.pop().ok_or_else(|| unknown(identity))?.account
        };
        Ok(ProviderOutcome::SignedIn(self.sign_in_to(ctx, &account, identity, None).await?))
    }

    /// Starts a session in one account; `choice` is the hash of the token that chose it, where there was a choice.
    pub(super) async fn sign_in_to(
        &self,
        ctx: &Context,
        account: &AccountView,
        identity: &ProviderIdentity,
        choice: Option<&[u8; 32]>,
    ) -> Result<SignedIn, Error> {
        let signed_in = self.decide_sign_in(ctx, account, identity, choice).await;
        self.note_provider_refusal(ctx, account, identity, &signed_in).await;
        signed_in
    }

    /// Notes that a sign-in to an account was refused. Whom it concerns is looked up for those only.
    pub(super) async fn note_provider_refusal<T>(
        &self,
        ctx: &Context,
        account: &AccountView,
        identity: &ProviderIdentity,
        result: &Result<T, Error>,
    ) {
        if let Err(Error::Refused { .. }) = result {
            let concerned = self.find_user_of(account.id, identity).await.map_or(Concerned::Nobody, Concerned::User);
            self.note_refusal(ctx, DEED, account.id, concerned, result);
        }
    }

    async fn decide_sign_in(
        &self,
        ctx: &Context,
        account: &AccountView,
        identity: &ProviderIdentity,
        choice: Option<&[u8; 32]>,
    ) -> Result<SignedIn, Error> {
        self.retrying(|| async {
            let user_id = self.find_user_of(account.id, identity).await?;
            if !self.offered_by(account).contains(&identity.auth_method) {
                return Err(Refusal::AuthMethodNotAllowed.into());
            }
            self.sign_in_with_provider_once(ctx, account.id, user_id, identity, choice).await
        })
        .await
    }

    /// The user is looked up before their lock is held; what they are linked to is decided after.
    async fn sign_in_with_provider_once(
        &self,
        ctx: &Context,
        account_id: AccountId,
        user_id: UserId,
        identity: &ProviderIdentity,
        choice: Option<&[u8; 32]>,
    ) -> Result<SignedIn, Error> {
        let mut work = self.begin(ctx, DEED, account_id, [Lock::User { user_id }.exclusive()]).await?;
        let mut user = work.load::<User>(account_id, user_id).await?;
        work.decide(account_id, user_id, &mut user, UserCommand::LinkProvider(identity.clone()))?;
        let signed_in = start_session(&mut work, ctx, account_id, user_id, &mut user, identity.auth_method.clone())?;
        if let Some(token_hash) = choice {
            work.changes().secrets().use_choice(*token_hash, user_id);
        }
        work.append().await?;
        work.commit().await?;
        Ok(signed_in)
    }

    async fn find_user_of(&self, account_id: AccountId, identity: &ProviderIdentity) -> Result<UserId, Error> {
        let ProviderIdentity { auth_method, issuer, subject, .. } = identity;
        if let Some(linked) = find_linked_user(&self.pool, account_id, auth_method, issuer, subject).await? {
            return Ok(linked);
        }
        let email = identity.verified_email().ok_or(Refusal::ProviderEmailUnverified)?;
        let user = find_live_user_by_email(&self.pool, account_id, email).await?;
        Ok(user.ok_or(Refusal::NotInvited)?.id)
    }
}
