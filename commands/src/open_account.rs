//! `openAccount`: the first account and its admin; and the operator's way to open more.

use chrono::{DateTime, Utc};
use domain::account::{Account, AccountCommand};
use domain::user::{self, User, UserCommand};
use domain::{AccountId, AuthMethodId, EmailAddress, InvitationHours, InvitationId, Name, Proof, Refusal, Role, Slug, UserId, account};
use event_store::Lock;
use projections::accounts::list_accounts;
use secrecy::SecretString;
use uuid::Uuid;

use crate::passwords::Chooser;
use crate::permission::{Permit, require_operator};
use crate::unit_of_work::{Claims, Deciding, Handler, LoadedStream};
use crate::{Changed, Commands, Context, Error, SignedIn, WelcomeToken};

/// The first account, and who opens it.
#[derive(Clone, Debug)]
pub struct OpenAccount {
    /// What the welcome link ends with.
    pub token: String,
    /// The account's name.
    pub name: String,
    /// Its part of every link.
    pub slug: String,
    /// The address of its first admin.
    pub email: String,
    /// The password of its first admin.
    pub password: SecretString,
}

/// An account that the operator opens for another person.
#[derive(Clone, Debug)]
pub struct OpenAccountForAdmin {
    /// The account's name.
    pub name: String,
    /// Its part of every link.
    pub slug: String,
    /// Who is invited to be its first admin.
    pub admin_email: String,
}

/// An account and its first admin, as they are about to be.
struct Opening {
    account_id: AccountId,
    open: account::OpenAccount,
    user_id: UserId,
    invite: user::InviteUser,
}

impl Commands {
    /// The token for the link that opens the first account, while there is none.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn welcome_token(&self, at: DateTime<Utc>) -> Result<Option<WelcomeToken>, Error> {
        Ok(if list_accounts(&self.pool, 1).await?.is_empty() { Some(self.tokens.welcome(at)) } else { None })
    }

    /// Whether a link opens the first account now; none does as soon as an account exists. Looking consumes nothing.
    ///
    /// # Errors
    /// Refusal: `TooManyAttempts`.
    pub async fn opens_first_account(&self, ctx: &Context, token: &str) -> Result<bool, Error> {
        self.limits.use_link(ctx)?;
        Ok(self.tokens.is_welcome(token, ctx.at) && list_accounts(&self.pool, 1).await?.is_empty())
    }

    /// Opens the first account, makes the caller with the welcome link its admin, and signs them in.
    ///
    /// # Errors
    /// Refusals: `TooManyAttempts`, `InvalidWelcomeLink`, and those of the values.
    pub async fn open_account(&self, ctx: &Context, input: &OpenAccount) -> Result<SignedIn, Error> {
        if !self.opens_first_account(ctx, &input.token).await? {
            return Err(Refusal::InvalidWelcomeLink.into());
        }
        let opening = self.opening(ctx, &input.name, &input.slug, &input.email)?;
        let chooser = Chooser { email: &input.email, name: None, account_name: &input.name, account_slug: &input.slug };
        let password = self.passwords.judge(ctx, input.password.clone(), chooser.known()).await?;
        let hash = self.passwords.hash(ctx, &password).await?;
        let permit = Permit::by_proof(ctx, "openAccount", opening.account_id);
        self.run(Claims::of(&permit).lock(Lock::FirstAccount.exclusive()), OpenFirst { opening, hash }).await
    }

    /// Opens an account and invites its first admin by mail.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everyone except the operator; refusals: `SlugTaken`, and those of the
    /// values.
    pub async fn open_account_for_admin(&self, ctx: &Context, input: &OpenAccountForAdmin) -> Result<Changed, Error> {
        require_operator(ctx)?;
        let opening = self.opening(ctx, &input.name, &input.slug, &input.admin_email)?;
        let permit = Permit::for_operator(ctx, "openAccount", opening.account_id)?;
        self.run(Claims::of(&permit).lock(Lock::FirstAccount.exclusive()), opening).await
    }

    fn opening(&self, ctx: &Context, name: &str, slug: &str, email: &str) -> Result<Opening, Refusal> {
        let account_id = AccountId::new(Uuid::now_v7());
        let invite = user::InviteUser {
            account_id,
            email: EmailAddress::parse_new(email)?,
            role: Role::Admin,
            auth_methods: self.offered(),
            offered: self.offered(),
            lifetime: InvitationHours::default(),
            invitation_id: InvitationId::new(Uuid::now_v7()),
            at: ctx.at,
        };
        let open = account::OpenAccount { name: Name::parse(name)?, slug: Slug::parse(slug)? };
        Ok(Opening { account_id, open, user_id: UserId::new(Uuid::now_v7()), invite })
    }
}

impl Opening {
    /// Decides that there is an account, and that its admin is invited.
    fn decide_opening(&self, work: &mut Deciding<'_>) -> Result<LoadedStream<User>, Error> {
        let mut account = LoadedStream::<Account>::start(self.account_id, None);
        work.decide(&mut account, AccountCommand::Open(self.open.clone()))?;
        let mut user = work.start_user(self.user_id)?;
        work.decide(&mut user, UserCommand::Invite(self.invite.clone()))?;
        Ok(user)
    }
}

/// The operator opens an account: its admin is invited by mail.
impl Handler<Changed> for Opening {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<Changed, Error> {
        Ok(self.decide_opening(work)?.changed(self.account_id))
    }
}

/// The first account opens: its admin is here, with a password.
struct OpenFirst {
    opening: Opening,
    hash: String,
}

impl Handler<SignedIn> for OpenFirst {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<SignedIn, Error> {
        if work.reading()?.has_accounts().await? {
            return Err(Refusal::InvalidWelcomeLink.into());
        }
        let mut user = self.opening.decide_opening(work)?;
        let user::InviteUser { invitation_id, at, .. } = self.opening.invite;
        let accept = user::AcceptInvitation { invitation_id, proof: Proof::Password, name: None, at };
        work.decide(&mut user, UserCommand::Accept(accept))?;
        work.set_password(user.id(), &self.hash);
        work.start_session(&mut user, AuthMethodId::password())
    }
}
