//! `signIn`: e-mail and password against a session.

use domain::user::User;
use domain::{AccountId, AuthMethodId, EmailAddress, NewPassword, Refusal, Slug, UserId};
use projections::accounts::{find_account, find_account_by_slug, list_accounts};
use secrecy::SecretString;
use uuid::Uuid;

use crate::credentials::{Credentials, find_credentials, replace_hash};
use crate::limits::{AccountTried, Admission};
use crate::passwords::Passwords;
use crate::permission::Permit;
use crate::refused_attempts::Concerned;
use crate::unit_of_work::{Claims, Deciding, Handler};
use crate::{Commands, Context, Error, SessionToken};

/// Who signs in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The account's slug; may be left out where one account exists.
    pub account: Option<String>,
    /// The address.
    pub email: String,
    /// The password.
    pub password: SecretString,
}

/// A new session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub account_id: AccountId,
    /// Who.
    pub user_id: UserId,
    /// What proves it from now on.
    pub token: SessionToken,
    /// How long it lasts, in seconds.
    pub lasts_seconds: i64,
}

impl Commands {
    /// Starts a session for a caller who knows the password of an address.
    ///
    /// An unknown account, an unknown address and a wrong password take the same time and get the
    /// same answer. A user whose attempts others have used up can still sign in from
    /// an address where they have signed in before.
    ///
    /// # Errors
    /// Refusals: `InvalidCredentials`, `AccountRequired`, `TooManyAttempts`, and for a caller who knows the password
    /// `AccessDeactivated` and `AuthMethodNotAllowed`.
    pub async fn sign_in(&self, ctx: &Context, input: &SignIn) -> Result<SignedIn, Error> {
        let account_id = self.account_to_sign_in_to(input.account.as_deref()).await?;
        let signed_in = self.sign_in_to_account(ctx, account_id, input).await;
        if let Some(account_id) = account_id {
            let concerned = EmailAddress::parse(&input.email).map_or(Concerned::NoUser, Concerned::Holder);
            self.note_refusal(ctx, "signIn", account_id, concerned, &signed_in);
        }
        signed_in
    }

    async fn sign_in_to_account(&self, ctx: &Context, account_id: Option<AccountId>, input: &SignIn) -> Result<SignedIn, Error> {
        let tried = AccountTried::new(account_id, input.account.as_deref());
        let admission = self.limits.sign_in(ctx, tried, &input.email)?;
        // Where there is no such account, the same is looked up.
        let account_id = account_id.unwrap_or(AccountId::new(Uuid::nil()));
        loop {
            if let Some(signed_in) = self.compare_and_sign_in(ctx, account_id, input, &admission).await? {
                return Ok(signed_in);
            }
        }
    }

    /// None where the password was changed while it was compared: what it is now is asked again. So this ends.
    async fn compare_and_sign_in(
        &self,
        ctx: &Context,
        account_id: AccountId,
        input: &SignIn,
        admission: &Admission,
    ) -> Result<Option<SignedIn>, Error> {
        use secrecy::ExposeSecret;
        let found = match EmailAddress::parse(&input.email) {
            Ok(email) => find_credentials(&self.pool, account_id, &email).await?,
            Err(_) => None,
        };
        let mut hash = found.as_ref().and_then(|credentials| credentials.password_hash.clone());
        let mut wrong = Refusal::InvalidCredentials;
        if let Admission::Familiar(refusal) = admission {
            let user_id = found.as_ref().map_or(UserId::new(Uuid::nil()), |credentials| credentials.user_id);
            let is_familiar = self.has_signed_in_from_there(ctx, account_id, user_id).await?;
            (hash, wrong) = (hash.filter(|_| is_familiar), refusal.clone());
        }
        let password = NewPassword::to_verify(input.password.expose_secret());
        let verified = self.passwords.verify(ctx, password.clone(), hash.clone()).await?;
        let Some(Credentials { user_id, is_active: true, .. }) = found.filter(|_| verified) else {
            let refusal = if verified { Refusal::AccessDeactivated } else { wrong };
            return Err(refusal.into());
        };
        let account = find_account(&self.pool, account_id).await?.ok_or(Refusal::InvalidCredentials)?;
        if !self.offered_by(&account).contains(&AuthMethodId::password()) {
            return Err(Refusal::AuthMethodNotAllowed.into());
        }
        let permit = Permit::by_proof(ctx, "signIn", account_id);
        // A command that sets another password holds the same lock: no session starts with the old one after that.
        let signed_in = self.run(Claims::of(&permit).user(user_id), StartSession { user_id, compared: hash.clone() }).await?;
        if let Some(outdated) = hash.filter(|hash| signed_in.is_some() && Passwords::is_outdated(hash)) {
            // The caller is signed in and not told when this fails: the next sign-in tries again.
            let _ = self.rehash(ctx, account_id, user_id, &outdated, password).await;
        }
        Ok(signed_in)
    }

    /// Stores a hash of a password that is as strong as hashes are today. That is no event: the password is the same.
    async fn rehash(
        &self,
        ctx: &Context,
        account_id: AccountId,
        user_id: UserId,
        outdated: &str,
        password: SecretString,
    ) -> Result<(), Error> {
        let hash = self.passwords.hash_verified(ctx, password).await?;
        Ok(replace_hash(&self.pool, account_id, user_id, outdated, &hash).await?)
    }

    /// The account that is meant by a slug or, where there is only one, by none.
    pub(crate) async fn account_to_sign_in_to(&self, slug: Option<&str>) -> Result<Option<AccountId>, Error> {
        let Some(slug) = slug else {
            let accounts = list_accounts(&self.pool, 2).await?;
            return match accounts.as_slice() {
                [] => Ok(None),
                [only] => Ok(Some(only.id)),
                _ => Err(Refusal::AccountRequired.into()),
            };
        };
        let Ok(slug) = Slug::parse(slug) else { return Ok(None) };
        Ok(find_account_by_slug(&self.pool, &slug).await?.map(|account| account.id))
    }
}

/// A sign-in whose password was compared with a stored hash.
struct StartSession {
    user_id: UserId,
    compared: Option<String>,
}

impl Handler<Option<SignedIn>> for StartSession {
    /// `None` when the stored hash is not the one any more that was compared.
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<Option<SignedIn>, Error> {
        if work.reading()?.find_password(self.user_id).await? != self.compared {
            return Ok(None);
        }
        let mut user = work.load::<User>(self.user_id).await?;
        Ok(Some(work.start_session(&mut user, AuthMethodId::password())?))
    }
}
