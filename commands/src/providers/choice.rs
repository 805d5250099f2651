//! One address in several accounts: whoever has proven it chooses.

use chrono::{DateTime, TimeDelta, Utc};
use domain::user::Status;
use domain::{AccountId, AuthMethodId, EmailAddress, ProviderIdentity, Refusal};
use projections::accounts::{AccountView, find_account};
use projections::memberships::{Membership, list_memberships};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attempt::hash;
use super::sign_in::unknown;
use crate::{Commands, Context, Error, SignedIn};

/// How long a choice is open, in minutes.
const MINUTES: i64 = 10;

/// An account that can be chosen.
#[derive(Clone, Debug)]
pub struct AccountChoice {
    /// The account.
    pub account: AccountView,
    /// What chooses it, for ten minutes and for the browser that was at the provider.
    pub token: SecretString,
}

/// What a token of a choice says: signed, so that nobody else can say it. Whom it speaks of holds it themselves.
#[derive(Serialize, Deserialize)]
struct Chosen {
    account: Uuid,
    browser: [u8; 32],
    until: DateTime<Utc>,
    auth_method: AuthMethodId,
    issuer: String,
    subject: String,
    email: Option<String>,
}

impl Commands {
    /// Starts a session in the account that was chosen, with a token of [`AccountChoice`] and what the browser keeps.
    ///
    /// # Errors
    /// Refusals: `ProviderSignInFailed` for another browser, another token or a late one, and those of
    /// [`sign_in_with_provider`](Self::sign_in_with_provider).
    pub async fn sign_in_to_choice(&self, ctx: &Context, token: &str, browser: &str) -> Result<SignedIn, Error> {
        let chosen = self.tokens.read_choice(token).and_then(|bytes| serde_json::from_slice::<Chosen>(&bytes).ok());
        let chosen = chosen.filter(|chosen| chosen.browser == hash(browser) && ctx.at < chosen.until);
        let Chosen { account, auth_method, issuer, subject, email, .. } = chosen.ok_or(Refusal::ProviderSignInFailed)?;
        let email = email.and_then(|email| EmailAddress::parse(&email).ok());
        let identity = ProviderIdentity { auth_method, issuer, subject, email_verified: email.is_some(), email };
        let account = find_account(&self.pool, AccountId::new(account)).await?.ok_or(Refusal::ProviderSignInFailed)?;
        self.sign_in_to(ctx, &account, &identity).await
    }

    /// The accounts where a person could sign in.
    pub(super) async fn accounts_to_choose_from(&self, ctx: &Context, identity: &ProviderIdentity) -> Result<Vec<AccountView>, Error> {
        let ProviderIdentity { auth_method, issuer, subject, .. } = identity;
        let memberships = list_memberships(&self.pool, auth_method, issuer, subject, identity.verified_email()).await?;
        let is_open =
            |m: &Membership| m.status == Status::Active && m.allows && !m.is_other && self.offered_by(&m.account).contains(auth_method);
        let (open, closed): (Vec<_>, Vec<_>) = memberships.into_iter().partition(is_open);
        if !open.is_empty() {
            return Ok(open.into_iter().map(|membership| membership.account).collect());
        }
        // Only who has proven the address is told why.
        let Some(membership) = closed.iter().min_by_key(|membership| membership.status != Status::Invited) else {
            return Err(unknown(identity).into());
        };
        let refused = Err(match membership {
            Membership { status: Status::Invited, .. } => Refusal::InvitationNotAccepted,
            Membership { status: Status::Inactive | Status::Deleted, .. } => Refusal::AccessDeactivated,
            Membership { is_other: true, .. } => Refusal::ProviderAccountDiffers,
            _ => Refusal::AuthMethodNotAllowed,
        }
        .into());
        self.note_provider_refusal(ctx, &membership.account, identity, &refused).await;
        refused
    }

    /// A token for each account.
    pub(super) fn choices(
        &self,
        ctx: &Context,
        identity: &ProviderIdentity,
        accounts: Vec<AccountView>,
        browser: &str,
    ) -> Vec<AccountChoice> {
        let choice = |account: AccountView| {
            let chosen = Chosen {
                account: account.id.uuid(),
                browser: hash(browser),
                until: ctx.at + TimeDelta::minutes(MINUTES),
                auth_method: identity.auth_method.clone(),
                issuer: identity.issuer.clone(),
                subject: identity.subject.clone(),
                email: identity.verified_email().map(|email| email.as_given().to_owned()),
            };
            let bytes = serde_json::to_vec(&chosen).expect("texts and numbers are JSON");
            AccountChoice { account, token: self.tokens.choice(&bytes) }
        };
        accounts.into_iter().map(choice).collect()
    }
}
