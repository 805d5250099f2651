//! A stream that a command loaded, and decides on.

use domain::user::User;
use domain::{AccountId, Refusal, Stream, UserId};
use event_store::Person;

use crate::Changed;

/// A stream as it is in this unit of work.
#[derive(Clone)]
pub(crate) struct LoadedStream<S: Stream> {
    pub(super) id: S::Id,
    /// What its events add up to.
    pub(crate) state: S,
    /// How many events it has.
    pub(crate) version: u64,
    /// The user that it is about, with the key that seals personal values.
    pub(crate) person: Option<Person>,
    /// The user that it belongs to, where its events have no key of a user.
    pub(super) owner: Option<UserId>,
}

impl<S: Stream> LoadedStream<S> {
    pub(super) fn new(id: S::Id, loaded: event_store::Loaded<S>) -> Self {
        let event_store::Loaded { state, version, person } = loaded;
        Self { id, state, version, person, owner: None }
    }

    /// A stream without events. `person` is the user that it is about.
    pub(crate) fn start(id: S::Id, person: Option<Person>) -> Self {
        Self { id, state: S::default(), version: 0, person, owner: None }
    }

    /// The same stream, known to belong to this user.
    pub(crate) fn owned_by(self, user_id: UserId) -> Self {
        Self { owner: Some(user_id), ..self }
    }

    /// The same stream, if it exists and has the version that the caller saw. No version means any.
    pub(crate) fn at_version(self, expected: Option<u64>) -> Result<Self, Refusal> {
        match (self.version, expected) {
            (0, _) => Err(Refusal::NotFound),
            (current, Some(expected)) if current != expected => Err(Refusal::VersionConflict { current }),
            _ => Ok(self),
        }
    }
}

impl LoadedStream<User> {
    pub(crate) const fn id(&self) -> UserId {
        self.id
    }

    /// What is answered about a user who changed.
    pub(crate) const fn changed(&self, account_id: AccountId) -> Changed {
        Changed { account_id, user_id: self.id, version: self.version, caused: 0 }
    }
}
