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
use projections::users::project_user;

use crate::api_keys::project_api_key_revocations;
use crate::providers::end_choices;
use crate::sign_in::NewSession;
use crate::unit_of_work::UnitOfWork;
use crate::{Context, Error, SignedIn, credentials};

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
    let events = work.decide(account_id, user_id, &mut user, UserCommand::SetPassword)?;
    let session = NewSession::start(&mut work, ctx, account_id, user_id, &mut user, AuthMethodId::password())?;
    let ended_keys = if keeps_api_keys { vec![] } else { work.revoke_api_keys(account_id, user_id, ctx.at).await? };
    work.remember().await?;
    project_api_key_revocations(&mut work, account_id, &ended_keys, ctx.at).await?;
    project_user(work.connection(), account_id, user_id, &events, user.version, ctx.at).await?;
    credentials::set_password(work.connection(), account_id, user_id, hash, ctx.at).await?;
    resets::delete_resets(work.connection(), account_id, user_id).await?;
    end_choices(work.connection(), user_id).await?;
    let signed_in = session.write(&mut work, ctx).await?;
    work.commit().await?;
    Ok(signed_in)
}
