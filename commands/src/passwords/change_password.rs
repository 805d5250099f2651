//! `changePassword`: a signed-in user who knows the old password chooses a new one.

use domain::user::User;
use domain::{AuthMethodId, NewPassword, Operation, Refusal, UserId};
use projections::accounts::find_account;
use projections::users::find_user;
use secrecy::{ExposeSecret, SecretString};

use super::{Chooser, set_password};
use crate::credentials::find_password;
use crate::permission::Permit;
use crate::refused_attempts::Concerned;
use crate::unit_of_work::{Claims, Deciding, Handler};
use crate::{Commands, Context, Error, SignedIn};

/// Which password is replaced by which.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The password until now.
    pub current_password: SecretString,
    /// The password to sign in with from now on.
    pub new_password: SecretString,
    /// Whether the actor's API keys go on; otherwise they are revoked.
    pub keep_api_keys: bool,
}

impl Commands {
    /// Sets another password for the actor. Every session ends, the one that asks too, and a new one begins; links for a new password
    /// are dead; API keys end unless they are kept.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for a program with an API key. Refusals:
    /// `WeakPassword`, `WrongPassword`, also where there was none yet, `TooManyAttempts`, `AuthMethodNotAllowed`, `AccessDeactivated`.
    pub async fn change_password(&self, ctx: &Context, input: &ChangePassword) -> Result<SignedIn, Error> {
        let (permit, user_id) = self.authorize_oneself(ctx, "changePassword", Operation::ChangePassword)?;
        let changed = self.compare_and_change_password(&permit, user_id, input).await;
        // A wrong current password is a guess, as in a sign-in. A new one that is too weak is not one.
        if let Err(Error::Refused { refusal: Refusal::WrongPassword | Refusal::TooManyAttempts { .. }, .. }) = changed {
            self.note_refusal(ctx, "changePassword", permit.account_id(), Concerned::User(user_id), &changed);
        }
        changed
    }

    async fn compare_and_change_password(&self, permit: &Permit, user_id: UserId, input: &ChangePassword) -> Result<SignedIn, Error> {
        let (ctx, account_id) = (permit.ctx(), permit.account_id());
        self.limits.change_password(ctx, user_id)?;
        let account = find_account(&self.pool, account_id).await?.ok_or(Error::Unauthenticated)?;
        let user = find_user(&self.pool, account_id, user_id).await?.ok_or(Error::Unauthenticated)?;
        let password = AuthMethodId::password();
        if !user.auth_methods.contains(&password) || !self.offered_by(&account).contains(&password) {
            return Err(Refusal::AuthMethodNotAllowed.into());
        }
        // The strength of the new password tells nothing about the old one, so a request that is refused for it costs no hash.
        let new = self.passwords.judge(ctx, input.new_password.clone(), Chooser::member(&user, &account).known()).await?;
        let mut hash = None;
        loop {
            let old = find_password(&self.pool, account_id, user_id).await?;
            let current = NewPassword::to_verify(input.current_password.expose_secret());
            if !self.passwords.verify(ctx, current, old.clone()).await? {
                return Err(Refusal::WrongPassword.into());
            }
            let new_hash = match hash.take() {
                Some(hash) => hash,
                None => self.passwords.hash(ctx, &new).await?,
            };
            let change = Change { user_id, compared: old, hash: new_hash.clone(), keeps_api_keys: input.keep_api_keys };
            let changed = self.run(Claims::of(permit).user(user_id), change).await?;
            // None where another change came first: what is the old password now is asked again. So this ends.
            match changed {
                Some(signed_in) => return Ok(signed_in),
                None => hash = Some(new_hash),
            }
        }
    }
}

struct Change {
    user_id: UserId,
    /// The stored hash that the current password was compared with.
    compared: Option<String>,
    hash: String,
    keeps_api_keys: bool,
}

impl Handler<Option<SignedIn>> for Change {
    /// `None` when the stored hash is not the one any more that was compared.
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<Option<SignedIn>, Error> {
        if work.reading()?.find_password(self.user_id).await? != self.compared {
            return Ok(None);
        }
        let user = work.load::<User>(self.user_id).await?;
        Ok(Some(set_password(work, user, &self.hash, self.keeps_api_keys).await?))
    }
}
