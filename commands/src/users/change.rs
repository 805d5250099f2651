//! What updating, resending, deleting and leaving have in common: one user changes.

use domain::user::{User, UserCommand, UserEvent};
use domain::{EmailAddress, UserId};

use super::Changed;
use crate::Error;
use crate::idempotency::KeyedRequest;
use crate::permission::Permit;
use crate::unit_of_work::{Claims, Deciding, Handler, Idempotency};

/// A change of one user, ready to be decided.
pub(super) struct Change {
    pub(super) user_id: UserId,
    /// The version that the caller saw, if it matters to them.
    pub(super) expected_version: Option<u64>,
    pub(super) request: Option<KeyedRequest>,
    /// The address that may become free.
    pub(super) frees: Option<EmailAddress>,
    /// Whether it only changes the actor's own name, which needs no right over admins.
    pub(super) is_own_name: bool,
    /// What depends on the settings of the account is filled in under their lock.
    pub(super) command: UserCommand,
}

impl Change {
    pub(super) fn claims(&self, permit: &Permit) -> Claims {
        let depends_on_settings = match &self.command {
            UserCommand::Update(update) => update.auth_methods.is_some(),
            UserCommand::Resend(_) => true,
            _ => false,
        };
        let claims = Claims::of(permit).user(self.user_id).addresses(&self.frees);
        claims.when(depends_on_settings, Claims::settings)
    }
}

impl Handler<Changed> for Change {
    fn idempotency(&self) -> Option<Idempotency<'_, Changed>> {
        Idempotency::upon_user(self.request.as_ref())
    }

    async fn decide(&self, work: &mut Deciding<'_>) -> Result<Changed, Error> {
        let mut command = self.command.clone();
        match (&mut command, work.settings()) {
            (UserCommand::Update(update), Some(settings)) => update.offered = settings.offered.clone(),
            (UserCommand::Resend(resend), Some(settings)) => resend.lifetime = settings.lifetime,
            _ => {}
        }
        let mut user = work.load::<User>(self.user_id).await?.at_version(self.expected_version)?;
        if !self.is_own_name {
            work.authorize_role(self.user_id, user.state.role())?;
        }
        let events = work.decide(&mut user, command)?;
        // At an activation too: a user who was deactivated by an older Roster still has keys.
        if events.iter().any(|event| matches!(event, UserEvent::Deactivated {} | UserEvent::Activated {})) {
            work.revoke_api_keys(&[self.user_id]).await?;
        }
        let caused = u64::try_from(events.len()).expect("a command causes a few events");
        Ok(Changed { caused, ..user.changed(work.account_id()) })
    }
}
