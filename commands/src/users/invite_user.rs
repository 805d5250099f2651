//! `inviteUser`: a person is invited, and the mail waits to be sent.

use domain::user::{self, UserCommand};
use domain::{AccountId, EmailAddress, InvitationHours, InvitationId, Operation, Refusal, Role, UserId};
use serde::Serialize;
use uuid::Uuid;

use super::{Changed, parse_auth_methods};
use crate::idempotency::KeyedRequest;
use crate::unit_of_work::{Claims, Deciding, Handler, Idempotency, Settings};
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
        let permit = self.authorize(ctx, "inviteUser", Operation::InviteUser, account_id, None)?;
        self.authorize_role(&permit, None, input.role)?;
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
        let claims = Claims::of(&permit).settings().addresses([&invite.email]).holders([&invite.email]);
        self.run(claims, Invite { invite, request }).await
    }
}

struct Invite {
    /// What depends on the settings of the account is filled in under their lock.
    invite: user::InviteUser,
    request: Option<KeyedRequest>,
}

impl Handler<Changed> for Invite {
    fn idempotency(&self) -> Option<Idempotency<'_, Changed>> {
        Idempotency::upon_user(self.request.as_ref())
    }

    async fn decide(&self, work: &mut Deciding<'_>) -> Result<Changed, Error> {
        let account_id = work.account_id();
        let Settings { offered, lifetime } = work.claimed_settings();
        let invite = user::InviteUser { offered, lifetime, ..self.invite.clone() };
        if let Some(holder) = work.holder_of(&invite.email)? {
            let refusal = if holder.is_invited { Refusal::AlreadyInvited } else { Refusal::AlreadyMember };
            return Err(Error::Refused { refusal, user: Some(holder.id) });
        }
        let mut user = work.start_user(UserId::new(Uuid::now_v7()))?;
        work.decide(&mut user, UserCommand::Invite(invite))?;
        Ok(user.changed(account_id))
    }
}
