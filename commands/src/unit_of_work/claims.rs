//! What a command asks for before it decides: its locks, and what is looked up under them.

use domain::user::User;
use domain::{EmailAddress, Stream, UserId};
use event_store::{Claim, Lock, Locks, StreamKey};

use crate::idempotency::KeyedRequest;
use crate::permission::Permit;

/// What a command locks until its transaction ends, and what is looked up under these locks, together with what other commands of the same
/// transaction ask for.
#[derive(Clone)]
pub(crate) struct Claims {
    permit: Permit,
    locks: Vec<Claim>,
    needs_settings: bool,
    has_admins: bool,
    /// Streams that the command loads.
    streams: Vec<StreamKey>,
    /// Addresses whose holders the command looks up, normalised.
    addresses: Vec<String>,
}

impl Claims {
    /// Of a permitted command; nothing yet.
    pub(crate) fn of(permit: &Permit) -> Self {
        Self { permit: permit.clone(), locks: vec![], needs_settings: false, has_admins: false, streams: vec![], addresses: vec![] }
    }

    /// A user: every stream about them, and whether they have access.
    pub(crate) fn user(self, user_id: UserId) -> Self {
        self.lock(Lock::User { user_id }.exclusive()).stream::<User>(user_id)
    }

    /// Several users.
    pub(crate) fn users(self, user_ids: &[UserId]) -> Self {
        user_ids.iter().fold(self, |claims, user_id| claims.user(*user_id))
    }

    /// A stream that the command loads, under a lock that it also claims.
    pub(crate) fn stream<S: Stream>(mut self, id: S::Id) -> Self {
        self.streams.push(StreamKey::of::<S>(self.permit.account_id(), id));
        self
    }

    /// Addresses of the account, to take or to free them.
    pub(crate) fn addresses<'a>(self, emails: impl IntoIterator<Item = &'a EmailAddress>) -> Self {
        let account_id = self.permit.account_id();
        emails.into_iter().fold(self, |claims, email| claims.lock(Lock::Address { account_id, email }.exclusive()))
    }

    /// Which live users have these addresses: [`Deciding::holder_of`](super::Deciding::holder_of).
    pub(crate) fn holders<'a>(mut self, emails: impl IntoIterator<Item = &'a EmailAddress>) -> Self {
        self.addresses.extend(emails.into_iter().map(|email| email.normalised().to_owned()));
        self
    }

    /// The set of the account's active admins. A command that changes it gets this claim when that shows: see
    /// [`Deciding::decide`](super::Deciding::decide).
    pub(super) fn admins(mut self) -> Self {
        self.has_admins = true;
        let account_id = self.permit.account_id();
        self.lock(Lock::Admins { account_id }.exclusive())
    }

    /// What the account decides for itself: it is looked up, and no one changes it meanwhile.
    pub(crate) fn settings(mut self) -> Self {
        self.needs_settings = true;
        let lock = self.settings_lock();
        self.lock(lock)
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

    /// The saved views of the account.
    pub(crate) fn saved_views(self) -> Self {
        let account_id = self.permit.account_id();
        self.lock(Lock::SavedViews { account_id }.exclusive())
    }

    /// Any other lock.
    pub(crate) fn lock(mut self, claim: Claim) -> Self {
        self.locks.push(claim);
        self
    }

    /// More claims, where they are needed.
    pub(crate) fn when(self, is_needed: bool, more: impl FnOnce(Self) -> Self) -> Self {
        if is_needed { more(self) } else { self }
    }

    pub(super) const fn permit(&self) -> &Permit {
        &self.permit
    }

    pub(super) const fn needs_settings(&self) -> bool {
        self.needs_settings
    }

    pub(super) const fn has_admins(&self) -> bool {
        self.has_admins
    }

    pub(super) fn stream_keys(&self) -> &[StreamKey] {
        &self.streams
    }

    pub(super) fn normalised_addresses(&self) -> &[String] {
        &self.addresses
    }

    /// How much a transaction grows by the command: by how many rows, roughly. Each is limited in bytes.
    pub(super) fn weight(&self) -> usize {
        1 + self.addresses.len().max(self.streams.len())
    }

    /// All locks of the command, with those of the idempotency key of its request.
    pub(super) fn locks(&self, request: Option<&KeyedRequest>) -> Locks {
        let actor = self.permit.ctx().actor.to_string();
        Locks::new(KeyedRequest::claims(request, self.permit.account_id(), &actor).chain(self.locks.iter().cloned()))
    }

    /// The lock of what the account decides for itself, as commands that read it claim it.
    fn settings_lock(&self) -> Claim {
        Lock::AccountSettings { account_id: self.permit.account_id() }.shared()
    }
}
