//! What updating, resending and deleting have in common: one user changes.

use domain::user::{Status, User, UserCommand, UserEvent};
use domain::{AccountId, AuthMethodId, EmailAddress, Refusal, UserId};
use event_store::{Claim, Loaded, Lock};
use projections::users::project_user;

use super::Changed;
use crate::api_keys::project_api_key_revocations;
use crate::idempotency::KeyedRequest;
use crate::passwords::resets::delete_resets;
use crate::providers::end_choices;
use crate::unit_of_work::UnitOfWork;
use crate::{Commands, Context, Error, credentials};

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
        let had_access = user.state.status() == Some(Status::Active);
        let events = work.decide(account_id, user_id, &mut user, command)?;
        let changed = Changed { account_id, user_id, version: user.version };
        let changes_access = events.iter().any(|event| matches!(event, UserEvent::Deactivated {} | UserEvent::Activated {}));
        // At an activation too: one that was deactivated by an older Roster still has them.
        let ended_keys = if changes_access { work.revoke_api_keys(account_id, user_id, ctx.at).await? } else { vec![] };
        work.remember().await?;
        project_api_key_revocations(&mut work, account_id, &ended_keys, ctx.at).await?;
        if !events.is_empty() {
            project_user(work.connection(), account_id, user_id, &events, user.version, ctx.at).await?;
        }
        for event in &events {
            end_what_goes_with(&mut work, changed, event).await?;
        }
        work.mail(ctx, changed, &events, had_access).await?;
        if let Some(request) = &change.request {
            request.remember(work.connection(), account_id, &actor, operation, changed.into(), ctx.at).await?;
        }
        if events.iter().any(|event| matches!(event, UserEvent::InvitationResent { .. })) {
            self.count_invitations(work.connection(), ctx, 1).await?;
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

/// Ends the password and the links for new ones with what ends them. Whatever is allowed again later starts over, so that no old
/// password and no old link comes back with it.
async fn end_what_goes_with(work: &mut UnitOfWork<'_>, changed: Changed, event: &UserEvent) -> Result<(), Error> {
    let Changed { account_id, user_id, .. } = changed;
    let (ends_password, ends_resets) = match event {
        UserEvent::AuthMethodsChanged { to, .. } => {
            let ends = !to.contains(&AuthMethodId::password());
            (ends, ends)
        }
        UserEvent::Deleted {} | UserEvent::Left {} => (true, true),
        UserEvent::Deactivated {} => (false, true),
        _ => (false, false),
    };
    if event.ends_sessions() {
        end_choices(work.connection(), user_id).await?;
    }
    if ends_password {
        credentials::delete_password(work.connection(), account_id, user_id).await?;
    }
    if ends_resets {
        delete_resets(work.connection(), account_id, user_id).await?;
    }
    Ok(())
}
