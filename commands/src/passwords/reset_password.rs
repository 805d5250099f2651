//! `resetPassword`: whoever reads the mail to an address chooses a new password, and is signed in.

use chrono::{DateTime, Utc};
use domain::user::{Status, User};
use domain::{AuthMethodId, PasswordResetId, Refusal};
use event_store::Lock;
use projections::accounts::{AccountView, find_account};
use projections::users::{UserView, find_user};
use secrecy::SecretString;

use super::resets::find_open_reset;
use super::{Chooser, set_password};
use crate::{Commands, Context, Error, SignedIn};

/// How a link for a new password is used.
#[derive(Clone, Debug)]
pub struct ResetPassword {
    /// What the link ends with.
    pub token: String,
    /// The password to sign in with from now on.
    pub new_password: SecretString,
}

/// What the holder of a working link may know before using it.
#[derive(Clone, Debug)]
pub struct PasswordResetPreview {
    /// The account to sign in to.
    pub account: AccountView,
    /// Who chooses a new password.
    pub user: UserView,
}

impl Commands {
    /// Sets a new password with a mailed link, which works for an hour and once; every session and API key ends, every other
    /// link is dead, and a new session begins.
    ///
    /// # Errors
    /// Refusals: `TooManyAttempts`, `InvalidResetLink`, `WeakPassword`, which leaves the link open, and `AuthMethodNotAllowed`.
    pub async fn reset_password(&self, ctx: &Context, input: &ResetPassword) -> Result<SignedIn, Error> {
        self.limits.use_link(ctx)?;
        let (id, PasswordResetPreview { account, user }) = self.find_reset(&input.token, ctx.at).await?;
        if !self.offered_by(&account).contains(&AuthMethodId::password()) {
            return Err(Refusal::AuthMethodNotAllowed.into());
        }
        let password = self.passwords.judge(ctx, input.new_password.clone(), Chooser::member(&user, &account).known()).await?;
        // Only now: whoever is refused costs no hash.
        let hash = self.passwords.hash(ctx, &password).await?;
        self.retrying(|| self.reset_password_once(ctx, id, &user, &hash)).await
    }

    /// Whoever else uses the link, deactivates or deletes the user holds the same lock: the link is looked for under it.
    async fn reset_password_once(&self, ctx: &Context, id: PasswordResetId, view: &UserView, hash: &str) -> Result<SignedIn, Error> {
        let &UserView { account_id, id: user_id, .. } = view;
        let mut work = self.begin(ctx, "resetPassword", account_id, [Lock::User { user_id }.exclusive()]).await?;
        find_open_reset(work.connection(), user_id, id, ctx.at).await?.ok_or(Refusal::InvalidResetLink)?;
        let user = work.load::<User>(account_id, user_id).await?;
        set_password(work, ctx, (account_id, user_id), user, hash, false).await
    }

    /// Whose link it is, if it works now. Looking consumes nothing: mail scanners look.
    ///
    /// # Errors
    /// Refusals: `TooManyAttempts`, `InvalidResetLink`.
    pub async fn preview_password_reset(&self, ctx: &Context, token: &str) -> Result<PasswordResetPreview, Error> {
        self.limits.use_link(ctx)?;
        Ok(self.find_reset(token, ctx.at).await?.1)
    }

    async fn find_reset(&self, token: &str, at: DateTime<Utc>) -> Result<(PasswordResetId, PasswordResetPreview), Error> {
        let (user_id, id) = self.tokens.read_password_reset(token).ok_or(Refusal::InvalidResetLink)?;
        let account_id = find_open_reset(&self.pool, user_id, id, at).await?.ok_or(Refusal::InvalidResetLink)?;
        let user = find_user(&self.pool, account_id, user_id).await?.filter(|user| user.status == Status::Active);
        let account = find_account(&self.pool, account_id).await?;
        let (user, account) = user.zip(account).ok_or(Refusal::InvalidResetLink)?;
        Ok((id, PasswordResetPreview { account, user }))
    }
}
