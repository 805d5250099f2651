//! Signing in with an identity that a provider has proven.

use domain::user::{User, UserCommand};
use domain::{AccountId, ProviderIdentity, Refusal, Slug, UserId};
use projections::accounts::{AccountView, find_account_by_slug};
use projections::users::{find_linked_user, find_live_user_by_email};

use super::choice::{AccountChoice, unknown};
use crate::permission::Permit;
use crate::refused_attempts::Concerned;
use crate::unit_of_work::{Claims, Deciding, Handler};
use crate::{Commands, Context, Error, SignedIn};

/// The name of the operation in events and refused attempts.
const OPERATION_NAME: &str = "signInWithProvider";

/// What became of a sign-in.
#[derive(Clone, Debug)]
pub enum ProviderOutcome {
    /// It is done.
    SignedIn(SignedIn),
    /// There are several accounts to sign in to, at least two: the person says which.
    Choose(Vec<AccountChoice>),
}

impl Commands {
    /// Starts a session for an identity that a provider has proven. The provider's own name for the person decides; the first time, when it has
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

    /// Records that a sign-in to an account was refused. Only then the user whom it concerns is looked up.
    pub(super) async fn note_provider_refusal<T>(
        &self,
        ctx: &Context,
        account: &AccountView,
        identity: &ProviderIdentity,
        result: &Result<T, Error>,
    ) {
        if let Err(Error::Refused { .. }) = result {
            let concerned = self.find_user_of(account.id, identity).await.map_or(Concerned::NoUser, Concerned::User);
            self.note_refusal(ctx, OPERATION_NAME, account.id, concerned, result);
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
            let permit = Permit::by_proof(ctx, OPERATION_NAME, account.id);
            let sign_in = ProviderSignIn { user_id, identity: identity.clone(), choice: choice.copied() };
            self.run_once(Claims::of(&permit).user(user_id), sign_in).await
        })
        .await
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

struct ProviderSignIn {
    /// Looked up before the lock is held. Their link is decided after.
    user_id: UserId,
    identity: ProviderIdentity,
    /// The hash of the token that chose the account, where there was a choice.
    choice: Option<[u8; 32]>,
}

impl Handler<SignedIn> for ProviderSignIn {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<SignedIn, Error> {
        let mut user = work.load::<User>(self.user_id).await?;
        work.decide(&mut user, UserCommand::LinkProvider(self.identity.clone()))?;
        if let Some(token_hash) = self.choice {
            work.use_choice(token_hash, self.user_id);
        }
        work.start_session(&mut user, self.identity.auth_method.clone())
    }
}
