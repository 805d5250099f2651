//! `acceptInvitation`: an invited person joins with a password, and is signed in.

use domain::user::{self, User, UserCommand};
use domain::{Name, Proof, Refusal, UserId};
use projections::accounts::find_account;
use secrecy::SecretString;

use crate::passwords::Chooser;
use crate::permission::Permit;
use crate::preview_invitation::Invited;
use crate::unit_of_work::{Claims, Deciding, Handler};
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
        // Deciding once before hashing: a refused request costs no hash.
        domain::Stream::decide(&invited.stream.state, UserCommand::Accept(accept.clone()))?;
        let hash = self.passwords.hash(ctx, &password).await?;
        self.run_acceptance(ctx, &invited, accept, Some(hash)).await
    }

    /// Accepts an invitation, with the hash of the password where it is accepted with one.
    pub(crate) async fn run_acceptance(
        &self,
        ctx: &Context,
        invited: &Invited,
        accept: user::AcceptInvitation,
        hash: Option<String>,
    ) -> Result<SignedIn, Error> {
        let permit = Permit::by_proof(ctx, "acceptInvitation", invited.view.account_id);
        self.run(Claims::of(&permit).user(invited.view.id), Accept { user_id: invited.view.id, command: accept, hash }).await
    }
}

struct Accept {
    user_id: UserId,
    command: user::AcceptInvitation,
    hash: Option<String>,
}

impl Handler<SignedIn> for Accept {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<SignedIn, Error> {
        let mut user = work.load::<User>(self.user_id).await?;
        work.decide(&mut user, UserCommand::Accept(self.command.clone()))?;
        if let Some(hash) = &self.hash {
            work.set_password(self.user_id, hash);
        }
        work.start_session(&mut user, self.command.proof.auth_method())
    }
}
