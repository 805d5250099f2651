//! Passwords: how they are hashed and chosen; a new one for a user who knows the old one, or reads the mail to their address.
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

use domain::AuthMethodId;
use domain::user::{User, UserCommand};

use crate::unit_of_work::{Deciding, LoadedStream};
use crate::{Error, SignedIn};

pub use change_password::ChangePassword;
pub(crate) use choosing::Chooser;
pub(crate) use hashing::Passwords;
pub use request_reset::RequestPasswordReset;
pub(crate) use request_reset::ResetRequests;
pub use reset_password::{PasswordResetPreview, ResetPassword};

/// Decides a new password of a user whose lock is held: their sessions and their links for a new password end, and a new session starts.
/// Their API keys end too, unless they are kept.
async fn set_password(work: &mut Deciding<'_>, mut user: LoadedStream<User>, hash: &str, keeps_api_keys: bool) -> Result<SignedIn, Error> {
    work.decide(&mut user, UserCommand::SetPassword)?;
    work.set_password(user.id(), hash);
    let signed_in = work.start_session(&mut user, AuthMethodId::password())?;
    if !keeps_api_keys {
        work.revoke_api_keys(&[user.id()]).await?;
    }
    Ok(signed_in)
}
