//! What updating, resending and deleting have in common: one user changes.

use domain::user::{User, UserCommand, UserEvent};
use domain::{AccountId, EmailAddress, Refusal, UserId};
use event_store::{Claim, Loaded, Lock};

use super::Changed;
use crate::idempotency::KeyedRequest;
use crate::{Commands, Context, Error};

/// A change of one user that is permitted, ready to be decided.
pub(super) struct Change<'a> {
    pub(super) operation: &'static str,
    pub(super) account_id: AccountId,
    pub(super) user_id: UserId,
    /// The version that the caller saw, if it minds.
    pub(super) expected_version: Option<u64>,
    pub(super) request: Option<KeyedRequest>,
    /// The address that may become free by it.
    pub(super) frees: Option<&'a EmailAddress>,
    /// Whether the set of active admins may change by it.
    pub(super) touches_admins: bool,
    /// Whether it is about the actor's own name alone, which needs no right over admins.
    pub(super) is_own_name: bool,
    /// What the account decides about it is looked up under its lock.
    pub(super) command: UserCommand,
}

impl Change<'_> {
    fn claims<'a>(&'a self, actor: &'a str) -> impl Iterator<Item = Claim<'a>> {
        let &Self { account_id, user_id, .. } = self;
        let goes_by_settings = match &self.command {
            UserCommand::Update(update) => update.auth_methods.is_some(),
            UserCommand::Resend(_) => true,
            _ => false,
        };
        KeyedRequest::claims(self.request.as_ref(), account_id, actor)
            .chain(goes_by_settings.then_some(Lock::AccountSettings { account_id }.shared()))
            .chain(self.frees.map(|email| Lock::Address { account_id, email }.exclusive()))
            .chain(self.touches_admins.then_some(Lock::Admins { account_id }.exclusive()))
            .chain([Lock::User { user_id }.exclusive()])
    }
}

impl Commands {
    /// Changes one user, as the actor is permitted to: events, read model, mail, credentials and key in one transaction.
    pub(super) async fn change_user(&self, ctx: &Context, change: Change<'_>) -> Result<Changed, Error> {
        self.retrying(|| self.change_user_once(ctx, &change)).await
    }

    async fn change_user_once(&self, ctx: &Context, change: &Change<'_>) -> Result<Changed, Error> {
        let &Change { operation, account_id, user_id, .. } = change;
        let actor = ctx.actor.to_string();
        let mut work = self.begin(ctx, operation, account_id, change.claims(&actor)).await?;
        if let Some(request) = &change.request
            && let Some(done) = request.recall(work.connection(), account_id, &actor, operation, ctx.at).await?
        {
            return Ok(done.to_user(account_id));
        }
        let mut command = change.command.clone();
        match &mut command {
            UserCommand::Update(update) if update.auth_methods.is_some() => {
                update.offered = work.settings(self, account_id).await?.offered;
            }
            UserCommand::Resend(resend) => resend.lifetime = work.settings(self, account_id).await?.lifetime,
            _ => {}
        }
        let mut user = found(work.load::<User>(account_id, user_id).await?, change.expected_version)?;
        if !change.is_own_name {
            self.authorize_role(ctx, operation, account_id, Some(user_id), user.state.role())?;
        }
        let events = work.decide(account_id, user_id, &mut user, command)?;
        let changed = Changed { account_id, user_id, version: user.version };
        let changes_access = events.iter().any(|event| matches!(event, UserEvent::Deactivated {} | UserEvent::Activated {}));
        // At an activation too: one that was deactivated by an older Roster still has them.
        if changes_access {
            work.revoke_api_keys(account_id, user_id, ctx.at).await?;
        }
        work.append().await?;
        if let Some(request) = &change.request {
            request.remember(work.connection(), account_id, &actor, operation, changed.into(), ctx.at).await?;
        }
        work.commit().await?;
        Ok(changed)
    }
}

/// A user who exists, at the version that the caller saw if it minds.
pub(super) fn found(user: Loaded<User>, expected_version: Option<u64>) -> Result<Loaded<User>, Refusal> {
    match (user.version, expected_version) {
        (0, _) => Err(Refusal::NotFound),
        (current, Some(expected)) if current != expected => Err(Refusal::VersionConflict { current }),
        _ => Ok(user),
    }
}
