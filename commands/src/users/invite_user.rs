//! `inviteUser`: a person is invited, and the mail waits to be sent.

use domain::user::{self, Status, User, UserCommand};
use domain::{AccountId, EmailAddress, InvitationHours, InvitationId, Operation, Refusal, Role, UserId};
use event_store::{Loaded, Lock};
use projections::users::find_live_user_by_email;
use serde::Serialize;
use uuid::Uuid;

use super::{Changed, parse_auth_methods};
use crate::idempotency::KeyedRequest;
use crate::settings::Settings;
use crate::{Commands, Context, Error};

/// Who is invited, and as what.
#[derive(Clone, Debug, Serialize)]
pub struct InviteUser {
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// The ids of the ways in which they may sign in.
    pub auth_methods: Vec<String>,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Invites a person into an account; the link goes out at once and works for as long as the account says.
    ///
    /// # Errors
    /// [`Error::Forbidden`] also for a key that may not make admins. Refusals: of the values, `AlreadyInvited` and `AlreadyMember` with that user,
    /// `InvitationLimitReached`, `IdempotencyKeyReused`.
    pub async fn invite_user(&self, ctx: &Context, account_id: AccountId, input: &InviteUser) -> Result<Changed, Error> {
        self.authorize(ctx, "inviteUser", Operation::InviteUser, account_id, None)?;
        self.authorize_role(ctx, "inviteUser", account_id, None, input.role)?;
        let invite = user::InviteUser {
            account_id,
            email: EmailAddress::parse_new(&input.email).map_err(Refusal::from)?,
            role: input.role,
            auth_methods: parse_auth_methods(&input.auth_methods)?,
            offered: self.offered(),
            lifetime: InvitationHours::default(),
            invitation_id: InvitationId::new(Uuid::now_v7()),
            at: ctx.at,
        };
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        self.retrying(|| self.invite_user_once(ctx, &invite, request.as_ref())).await
    }

    async fn invite_user_once(&self, ctx: &Context, invite: &user::InviteUser, request: Option<&KeyedRequest>) -> Result<Changed, Error> {
        const OPERATION: &str = "inviteUser";
        let (account_id, actor) = (invite.account_id, ctx.actor.to_string());
        let claims = [Lock::AccountSettings { account_id }.shared(), Lock::Address { account_id, email: &invite.email }.exclusive()];
        let claims = KeyedRequest::claims(request, account_id, &actor).chain(claims);
        let mut work = self.begin(ctx, OPERATION, account_id, claims).await?;
        if let Some(request) = request
            && let Some(done) = request.recall(work.connection(), account_id, &actor, OPERATION, ctx.at).await?
        {
            return Ok(done.to_user(account_id));
        }
        let Settings { offered, lifetime } = work.settings(self, account_id).await?;
        let invite = user::InviteUser { offered, lifetime, ..invite.clone() };
        if let Some(existing) = find_live_user_by_email(work.connection(), account_id, &invite.email).await? {
            let refusal = if existing.status == Status::Invited { Refusal::AlreadyInvited } else { Refusal::AlreadyMember };
            return Err(Error::Refused { refusal, user: Some(existing.id) });
        }
        let user_id = UserId::new(Uuid::now_v7());
        let mut user = self.new_user(account_id, user_id)?;
        work.decide(account_id, user_id, &mut user, UserCommand::Invite(invite))?;
        let changed = Changed { account_id, user_id, version: user.version };
        work.append().await?;
        if let Some(request) = request {
            request.remember(work.connection(), account_id, &actor, OPERATION, changed.into(), ctx.at).await?;
        }
        work.commit().await?;
        Ok(changed)
    }

    /// The empty stream of a person who is new, with a key of their own.
    pub(crate) fn new_user(&self, account_id: AccountId, user_id: UserId) -> Result<Loaded<User>, Error> {
        let person = self.store.new_person(account_id, user_id)?;
        Ok(Loaded { state: User::default(), version: 0, person: Some(person) })
    }
}
