//! `resetPassword`: a user with a mailed link chooses a new password, and is signed in.

use chrono::{DateTime, Utc};
use domain::user::{Status, User};
use domain::{AuthMethodId, PasswordResetId, Refusal, UserId};
use projections::accounts::{AccountView, find_account};
use projections::users::{UserView, find_user};
use secrecy::SecretString;

use super::resets::find_open_reset;
use super::{Chooser, set_password};
use crate::permission::Permit;
use crate::unit_of_work::{Claims, Deciding, Handler};
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
        // Only now: a refused request costs no hash.
        let hash = self.passwords.hash(ctx, &password).await?;
        let permit = Permit::by_proof(ctx, "resetPassword", user.account_id);
        // Another use of the link, a deactivation and a deletion hold the same lock: the link is looked up under it.
        self.run(Claims::of(&permit).user(user.id), UseLink { id, user_id: user.id, hash }).await
    }

    /// The account and the user of a link that works now. Looking consumes nothing, because mail scanners look.
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

struct UseLink {
    id: PasswordResetId,
    user_id: UserId,
    hash: String,
}

impl Handler<SignedIn> for UseLink {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<SignedIn, Error> {
        let at = work.ctx().at;
        if !work.reading()?.has_open_reset(self.user_id, self.id, at).await? {
            return Err(Refusal::InvalidResetLink.into());
        }
        let user = work.load::<User>(self.user_id).await?;
        set_password(work, user, &self.hash, false).await
    }
}
