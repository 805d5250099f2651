//! Passwords: how they are hashed and chosen; another one for whoever knows the old one, or reads the mail to the address.
//!
//! A password that is set ends every session, every API key and every link for a new one, whichever way it was set. Only who knows the
//! old one may keep their keys. Start reading at
//! `reset_password.rs`.

mod change_password;
mod choosing;
mod hashing;
mod request_reset;
mod reset_password;
pub(crate) mod resets;
mod turns;

use domain::user::{User, UserCommand};
use domain::{AccountId, AuthMethodId, UserId};
use event_store::Loaded;

use crate::sessions::start_session;
use crate::unit_of_work::UnitOfWork;
use crate::{Context, Error, SignedIn};

pub use change_password::ChangePassword;
pub(crate) use choosing::Chooser;
pub(crate) use hashing::Passwords;
pub use request_reset::RequestPasswordReset;
pub(crate) use request_reset::ResetRequests;
pub use reset_password::{PasswordResetPreview, ResetPassword};

/// Sets the password of a user whose lock is held: their sessions end, their links for a new password are dead, and whoever set it
/// is signed in. Their API keys end too, unless they are kept. Commits.
async fn set_password(
    mut work: UnitOfWork<'_>,
    ctx: &Context,
    (account_id, user_id): (AccountId, UserId),
    mut user: Loaded<User>,
    hash: &str,
    keeps_api_keys: bool,
) -> Result<SignedIn, Error> {
    work.decide(account_id, user_id, &mut user, UserCommand::SetPassword)?;
    let signed_in = start_session(&mut work, ctx, account_id, user_id, &mut user, AuthMethodId::password())?;
    if !keeps_api_keys {
        work.revoke_api_keys(account_id, user_id, ctx.at).await?;
    }
    work.changes().secrets().set_password(user_id, hash);
    work.append().await?;
    work.commit().await?;
    Ok(signed_in)
}
