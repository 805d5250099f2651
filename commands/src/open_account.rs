//! `openAccount`: the first account and its admin; and the operator's way to open more.

use chrono::{DateTime, Utc};
use domain::account::{Account, AccountCommand};
use domain::user::{self, User, UserCommand};
use domain::{AccountId, AuthMethodId, EmailAddress, InvitationHours, InvitationId, Name, Proof, Refusal, Role, Slug, UserId, account};
use event_store::{Loaded, Lock};
use projections::accounts::list_accounts;
use secrecy::SecretString;
use uuid::Uuid;

use crate::passwords::Chooser;
use crate::permission::operator_only;
use crate::sessions::start_session;
use crate::unit_of_work::UnitOfWork;
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

/// An account that the operator opens for somebody else.
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

    /// Opens the first account, makes whoever holds the welcome link its admin, and signs them in.
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
        self.retrying(|| self.open_account_once(ctx, &opening, &hash)).await
    }

    /// Opens an account and invites its first admin by mail.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody but the operator; refusals: `SlugTaken`, and those of the
    /// values.
    pub async fn open_account_for_admin(&self, ctx: &Context, input: &OpenAccountForAdmin) -> Result<Changed, Error> {
        operator_only(ctx)?;
        let opening = self.opening(ctx, &input.name, &input.slug, &input.admin_email)?;
        self.retrying(|| self.open_account_for_admin_once(ctx, &opening)).await
    }

    async fn open_account_for_admin_once(&self, ctx: &Context, opening: &Opening) -> Result<Changed, Error> {
        let mut work = self.begin(ctx, "openAccount", opening.account_id, [Lock::FirstAccount.exclusive()]).await?;
        let user = self.decide_opening(&mut work, opening)?;
        work.append().await?;
        work.commit().await?;
        Ok(Changed { account_id: opening.account_id, user_id: opening.user_id, version: user.version })
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

    async fn open_account_once(&self, ctx: &Context, opening: &Opening, hash: &str) -> Result<SignedIn, Error> {
        let mut work = self.begin(ctx, "openAccount", opening.account_id, [Lock::FirstAccount.exclusive()]).await?;
        if !list_accounts(work.connection(), 1).await?.is_empty() {
            return Err(Refusal::InvalidWelcomeLink.into());
        }
        let mut user = self.decide_opening(&mut work, opening)?;
        let &Opening { account_id, user_id, .. } = opening;
        let accept = user::AcceptInvitation { invitation_id: opening.invite.invitation_id, proof: Proof::Password, name: None, at: ctx.at };
        work.decide(account_id, user_id, &mut user, UserCommand::Accept(accept))?;
        let signed_in = start_session(&mut work, ctx, account_id, user_id, &mut user, AuthMethodId::password())?;
        work.changes().secrets().set_password(user_id, hash);
        work.append().await?;
        work.commit().await?;
        Ok(signed_in)
    }

    /// Decides that there is an account, and that its admin is invited.
    fn decide_opening(&self, work: &mut UnitOfWork<'_>, opening: &Opening) -> Result<Loaded<User>, Error> {
        let &Opening { account_id, user_id, .. } = opening;
        let mut account = Loaded { state: Account::default(), version: 0, person: None };
        work.decide(account_id, account_id, &mut account, AccountCommand::Open(opening.open.clone()))?;
        let mut user = self.new_user(account_id, user_id)?;
        work.decide(account_id, user_id, &mut user, UserCommand::Invite(opening.invite.clone()))?;
        Ok(user)
    }
}
