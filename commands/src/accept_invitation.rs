//! `acceptInvitation`: an invited person joins with a password, and is signed in.

use domain::user::{self, User, UserCommand};
use domain::{Name, Proof, Refusal};
use event_store::Lock;
use projections::accounts::find_account;
use secrecy::SecretString;

use crate::passwords::Chooser;
use crate::preview_invitation::Invited;
use crate::sessions::start_session;
use crate::{Commands, Context, Error, SignedIn};

/// How an invitation is accepted.
#[derive(Clone, Debug)]
pub struct AcceptInvitation {
    /// What the link ends with.
    pub token: String,
    /// The password to sign in with from now on.
    pub password: SecretString,
    /// What they want to be called.
    pub name: Option<String>,
}

impl Commands {
    /// Accepts an invitation with a password and starts a session.
    ///
    /// # Errors
    /// Refusals: `TooManyAttempts`, those of the link, `WeakPassword`, `InvalidName`, `AuthMethodNotAllowed`.
    pub async fn accept_invitation(&self, ctx: &Context, input: &AcceptInvitation) -> Result<SignedIn, Error> {
        self.limits.use_link(ctx)?;
        let invited = self.find_invited(&input.token, ctx.at).await?;
        let name = input.name.as_deref().map(Name::parse).transpose().map_err(Refusal::from)?;
        let account = find_account(&self.pool, invited.view.account_id).await?.ok_or(Refusal::InvalidInvitationLink)?;
        let known = Chooser::member(&invited.view, &account);
        let chooser = Chooser { name: name.as_ref().map(Name::as_str).or(known.name), ..known };
        let password = self.passwords.judge(ctx, input.password.clone(), chooser.known()).await?;
        let accept = user::AcceptInvitation { invitation_id: invited.invitation_id, proof: Proof::Password, name, at: ctx.at };
        if !self.offered_by(&account).contains(&accept.proof.auth_method()) {
            return Err(Refusal::AuthMethodNotAllowed.into());
        }
        // Deciding once before hashing: whoever is refused costs no hash.
        domain::Stream::decide(&invited.stream.state, UserCommand::Accept(accept.clone()))?;
        let hash = self.passwords.hash(ctx, &password).await?;
        self.retrying(|| self.accept_invitation_once(ctx, &invited, &accept, Some(&hash))).await
    }

    /// Accepts an invitation, with the hash of the password where it is accepted with one.
    pub(crate) async fn accept_invitation_once(
        &self,
        ctx: &Context,
        invited: &Invited,
        accept: &user::AcceptInvitation,
        hash: Option<&str>,
    ) -> Result<SignedIn, Error> {
        let (account_id, user_id) = (invited.view.account_id, invited.view.id);
        let claims = [Lock::Admins { account_id }.exclusive(), Lock::User { user_id }.exclusive()];
        let mut work = self.begin(ctx, "acceptInvitation", account_id, claims).await?;
        let mut user = work.load::<User>(account_id, user_id).await?;
        work.decide(account_id, user_id, &mut user, UserCommand::Accept(accept.clone()))?;
        let signed_in = start_session(&mut work, ctx, account_id, user_id, &mut user, accept.proof.auth_method())?;
        if let Some(hash) = hash {
            work.changes().secrets().set_password(user_id, hash);
        }
        work.append().await?;
        work.commit().await?;
        Ok(signed_in)
    }
}
