//! A browser on its way to a provider and back. It comes back once, within minutes, and it must be the same one.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{AuthMethodId, AuthMethodKind, InvitationId, Refusal, Slug, UserId};
use event_store::KeyId;
use projections::accounts::find_account;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::tokens::random;
use crate::{Commands, Context, Error};

/// How long a browser may stay away, in minutes.
const MINUTES: i64 = 10;

/// Where a sign-in with a provider leads.
#[derive(Clone, Debug)]
pub enum Destination {
    /// To the account with this short name, if there is one.
    Account(String),
    /// To an invitation, by what its link ends with.
    Invitation(SecretString),
    /// To whichever account it turns out to be.
    Anywhere,
}

/// What ties the provider's answer to the question. Roster stores only the hash of the state, and derives the others from it.
#[derive(Clone, Debug)]
pub struct SignInProofs {
    /// Comes back with the browser.
    pub state: SecretString,
    /// Comes back inside of what the provider signs.
    pub nonce: SecretString,
    /// Is shown to the provider when it is asked who it was (PKCE).
    pub verifier: SecretString,
}

/// A browser that is about to be sent to a provider.
#[derive(Clone, Debug)]
pub struct BegunSignIn {
    /// What goes along.
    pub proofs: SignInProofs,
    /// What the browser keeps meanwhile, and shows when it comes back.
    pub browser: SecretString,
    /// How long that is, in seconds.
    pub lasts_seconds: i64,
}

/// A browser that came back.
#[derive(Clone, Debug)]
pub struct ReturnedSignIn {
    /// What went along.
    pub proofs: SignInProofs,
    /// Where it was to lead.
    pub destination: Destination,
}

impl Commands {
    /// Begins a sign-in with a provider; `browser` is what the browser keeps from an earlier one, if it does.
    ///
    /// # Errors
    /// Refusals: `TooManyAttempts`; `AuthMethodNotOffered` where there is no such provider; for an invitation those of its link, and
    /// `AuthMethodNotAllowed`.
    pub async fn begin_provider_sign_in(
        &self,
        ctx: &Context,
        auth_method: &AuthMethodId,
        destination: &Destination,
        browser: Option<&str>,
    ) -> Result<BegunSignIn, Error> {
        self.limits.begin_provider_sign_in(ctx)?;
        let is_provider = |method: &&domain::AuthMethod| method.kind == AuthMethodKind::OpenIdConnect && method.id == *auth_method;
        if self.auth_methods.iter().find(is_provider).is_none() {
            return Err(Refusal::AuthMethodNotOffered { id: auth_method.clone() }.into());
        }
        let (mut slug, mut invitation) = (None, None);
        match destination {
            // A text that is no short name is treated like an unknown account.
            Destination::Account(account) => slug = Some(Slug::parse(account).map(|slug| slug.as_str().to_owned()).unwrap_or_default()),
            Destination::Invitation(token) => invitation = Some(self.invited_to_use(auth_method, token.expose_secret(), ctx.at).await?),
            Destination::Anywhere => {}
        }
        let browser = match browser.filter(|text| is_ours(text)) {
            Some(text) => text.to_owned().into(),
            None => random("")?,
        };
        let state = random("")?;
        let (state_hash, browser_hash) = (hash(state.expose_secret()), hash(browser.expose_secret()));
        let key_id = self.tokens.provider_key_id();
        let proofs = self.proofs(key_id, state).expect("the current master key is given");
        let insert = sqlx::query!(
            r#"
            insert into provider_sign_ins (state_hash, browser_hash, auth_method, account_slug, user_id, invitation_id, expires_at, key_id)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            "#,
            state_hash.as_slice(),
            browser_hash.as_slice(),
            auth_method.as_str(),
            slug,
            invitation.map(|(user_id, _): (UserId, InvitationId)| user_id.uuid()),
            invitation.map(|(_, id)| id.uuid()),
            ctx.at + TimeDelta::minutes(MINUTES),
            key_id.as_bytes(),
        );
        insert.execute(&self.pool).await?;
        let lasts_seconds = TimeDelta::minutes(MINUTES).num_seconds();
        Ok(BegunSignIn { proofs, browser, lasts_seconds })
    }

    /// Ends what [`begin_provider_sign_in`](Self::begin_provider_sign_in) began, once. A browser that comes without the state or
    /// without what it keeps, too late, or from another provider, ends nothing.
    ///
    /// # Errors
    /// Refusal: `ProviderSignInFailed`.
    pub async fn return_from_provider(
        &self,
        ctx: &Context,
        auth_method: &AuthMethodId,
        state: &str,
        browser: &str,
    ) -> Result<ReturnedSignIn, Error> {
        let (state_hash, browser_hash) = (hash(state), hash(browser));
        let delete = sqlx::query!(
            r#"
            delete from provider_sign_ins
            where state_hash = $1 and browser_hash = $2 and auth_method = $3 and expires_at > $4 and choice_id is null
            returning account_slug, user_id, invitation_id, key_id
            "#,
            state_hash.as_slice(),
            browser_hash.as_slice(),
            auth_method.as_str(),
            ctx.at,
        );
        let row = delete.fetch_optional(&self.pool).await?.ok_or(Refusal::ProviderSignInFailed)?;
        let destination = match (row.account_slug, row.user_id.zip(row.invitation_id)) {
            (_, Some((user_id, invitation_id))) => {
                let token = self.tokens.invitation(UserId::new(user_id), InvitationId::new(invitation_id));
                Destination::Invitation(token.expose().into())
            }
            (Some(slug), None) => Destination::Account(slug),
            (None, None) => Destination::Anywhere,
        };
        // Without a name the row is from before there were names, and so of minutes ago.
        let key_id = row.key_id.as_deref().and_then(KeyId::parse).unwrap_or_else(|| self.tokens.provider_key_id());
        let proofs = self.proofs(key_id, state.to_owned().into()).ok_or(Refusal::ProviderSignInFailed)?;
        Ok(ReturnedSignIn { proofs, destination })
    }

    /// What belongs to a state, from the master key of this name; `None` when it is not given.
    fn proofs(&self, key_id: KeyId, state: SecretString) -> Option<SignInProofs> {
        let derived = |purpose| self.tokens.provider_proof(key_id, purpose, state.expose_secret());
        Some(SignInProofs { nonce: derived("nonce")?, verifier: derived("verifier")?, state })
    }

    /// The user and the invitation of a link, if it can be accepted with this provider now.
    async fn invited_to_use(&self, auth_method: &AuthMethodId, token: &str, at: DateTime<Utc>) -> Result<(UserId, InvitationId), Error> {
        let invited = self.find_invited(token, at).await?;
        let account = find_account(&self.pool, invited.view.account_id).await?.ok_or(Refusal::InvalidInvitationLink)?;
        if !invited.stream.state.may_use(auth_method) || !self.offered_by(&account).contains(auth_method) {
            return Err(Refusal::AuthMethodNotAllowed.into());
        }
        Ok((invited.view.id, invited.invitation_id))
    }
}

/// What is stored of a secret, and looked up.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether a text is made as we make them.
fn is_ours(text: &str) -> bool {
    BASE64_URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}
