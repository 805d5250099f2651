//! The first state: a command that waits for its locks, and looks up what it was told before.

use domain::{AuthMethods, EmailAddress, InvitationHours, Refusal, UserId};
use event_store::{Claim, Lock, Locks};
use projections::accounts::{AccountView, find_account};

use super::{Deciding, Transaction};
use crate::idempotency::{Done, KeyedRequest};
use crate::permission::Permit;
use crate::{Commands, Error};

/// What a command locks until its transaction ends, and what it looks up under these locks.
pub(crate) struct Claims<'a> {
    permit: &'a Permit,
    locks: Vec<Claim<'a>>,
    needs_settings: bool,
}

/// What an account decides for itself.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The ways to sign in that it offers.
    pub(crate) offered: AuthMethods,
    /// How long its invitations work.
    pub(crate) lifetime: InvitationHours,
}

impl<'a> Claims<'a> {
    /// Of a permitted command; nothing yet.
    pub(crate) const fn of(permit: &'a Permit) -> Self {
        Self { permit, locks: vec![], needs_settings: false }
    }

    pub(super) const fn permit(&self) -> &'a Permit {
        self.permit
    }

    /// A user: every stream about them, and whether they have access.
    pub(crate) fn user(self, user_id: UserId) -> Self {
        self.lock(Lock::User { user_id }.exclusive())
    }

    /// Several users.
    pub(crate) fn users(self, user_ids: &[UserId]) -> Self {
        user_ids.iter().fold(self, |claims, user_id| claims.user(*user_id))
    }

    /// Addresses of the account, to take or to free them.
    pub(crate) fn addresses(self, emails: impl IntoIterator<Item = &'a EmailAddress>) -> Self {
        let account_id = self.permit.account_id();
        emails.into_iter().fold(self, |claims, email| claims.lock(Lock::Address { account_id, email }.exclusive()))
    }

    /// The set of the account's active admins.
    pub(crate) fn admins(self) -> Self {
        let account_id = self.permit.account_id();
        self.lock(Lock::Admins { account_id }.exclusive())
    }

    /// What the account decides for itself: it is looked up, and no one changes it meanwhile.
    pub(crate) fn settings(mut self) -> Self {
        self.needs_settings = true;
        let account_id = self.permit.account_id();
        self.lock(Lock::AccountSettings { account_id }.shared())
    }

    /// The refused attempts of the account.
    pub(crate) fn refused_attempts(self) -> Self {
        let account_id = self.permit.account_id();
        self.lock(Lock::RefusedAttempts { account_id }.exclusive())
    }

    /// The service keys of the account.
    pub(crate) fn service_keys(self) -> Self {
        let account_id = self.permit.account_id();
        self.lock(Lock::ServiceKeys { account_id }.exclusive())
    }

    /// Any other lock.
    pub(crate) fn lock(mut self, claim: Claim<'a>) -> Self {
        self.locks.push(claim);
        self
    }

    /// More claims, where they are needed.
    pub(crate) fn when(self, is_needed: bool, more: impl FnOnce(Self) -> Self) -> Self {
        if is_needed { more(self) } else { self }
    }
}

/// A command that holds its locks.
pub(super) struct Locking<'a> {
    transaction: Transaction<'a>,
    needs_settings: bool,
}

impl<'a> Locking<'a> {
    /// Waits until no other command has what this one claims, then begins the transaction and takes the locks in one statement.
    pub(super) async fn begin(commands: &'a Commands, claims: &Claims<'a>, request: Option<&'a KeyedRequest>) -> Result<Self, Error> {
        let permit = claims.permit;
        let (account_id, actor) = (permit.account_id(), permit.ctx().actor.to_string());
        let locks = Locks::new(KeyedRequest::claims(request, account_id, &actor).chain(claims.locks.iter().copied()));
        let permits = commands.queues.wait(account_id, &locks).await?;
        let mut database = commands.pool.begin().await?;
        locks.take(&mut database).await?;
        let transaction = Transaction { commands, permit, request, database, _permits: permits };
        Ok(Self { transaction, needs_settings: claims.needs_settings })
    }

    /// What the same request did before, if it came before.
    ///
    /// # Errors
    /// Refusal: `IdempotencyKeyReused`.
    pub(super) async fn find_record(&mut self) -> Result<Option<Done>, Error> {
        let Transaction { permit, request, database, .. } = &mut self.transaction;
        match request {
            Some(request) => request.find(database, permit).await,
            None => Ok(None),
        }
    }

    /// Looks up what the handler decides by; `is_repeated` when the same request came before.
    pub(super) async fn deciding(mut self, is_repeated: bool) -> Result<Deciding<'a>, Error> {
        let settings = if self.needs_settings { Some(self.find_settings().await?) } else { None };
        Ok(Deciding::new(self.transaction, settings, is_repeated))
    }

    async fn find_settings(&mut self) -> Result<Settings, Error> {
        let Transaction { commands, permit, database, .. } = &mut self.transaction;
        let account = find_account(&mut **database, permit.account_id()).await?.ok_or(Refusal::NotFound)?;
        Ok(Settings { offered: commands.offered_by(&account), lifetime: account.invitation_hours })
    }
}

impl Commands {
    /// The ways to sign in that an account offers: its choice among the configured ones.
    #[must_use]
    pub fn offered_by(&self, account: &AccountView) -> AuthMethods {
        self.offered().chosen_by(account.auth_methods.as_ref())
    }
}
