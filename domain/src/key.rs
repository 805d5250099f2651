//! What API keys and service keys have in common: each is created once and revoked once. That it expires is not an event: the look-up of each
//! request compares the time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, ApiKeyLifetime, ApiScopes, Name, Refusal};

/// A command to one key's stream. `Owner` is for whom the key acts, besides its account.
#[derive(Clone, Debug)]
pub enum KeyCommand<Owner> {
    /// Begins the stream.
    Create(CreateKey<Owner>),
    /// Ends it.
    Revoke,
}

/// Creates a key.
#[derive(Clone, Debug)]
pub struct CreateKey<Owner> {
    /// Its account.
    pub account_id: AccountId,
    /// The user for whom an API key acts.
    pub owner: Owner,
    /// What its owner calls it, or the name of the program.
    pub name: Name,
    /// What it may be used for.
    pub scopes: ApiScopes,
    /// How long it works.
    pub lifetime: ApiKeyLifetime,
    /// Now.
    pub at: DateTime<Utc>,
}

impl<Owner> CreateKey<Owner> {
    pub(crate) fn expires_at(&self) -> DateTime<Utc> {
        self.at + self.lifetime.lifetime()
    }
}

/// A key, as far as decisions need to know it, with what its last event repeats of the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyState<Repeated> {
    #[default]
    NotCreated,
    Created(Repeated),
    Revoked,
}

impl<Repeated: Clone> KeyState<Repeated> {
    pub(crate) fn decide<Owner, Event>(
        &self,
        command: KeyCommand<Owner>,
        created: impl FnOnce(CreateKey<Owner>) -> Event,
        revoked: impl FnOnce(Repeated) -> Event,
    ) -> Result<Vec<Event>, Refusal> {
        match (command, self) {
            (KeyCommand::Create(create), Self::NotCreated) => Ok(vec![created(create)]),
            (KeyCommand::Revoke, Self::Created(repeated)) => Ok(vec![revoked(repeated.clone())]),
            (KeyCommand::Revoke, Self::NotCreated) => Err(Refusal::NotFound),
            (KeyCommand::Create(_), Self::Created(_) | Self::Revoked) | (KeyCommand::Revoke, Self::Revoked) => Ok(vec![]),
        }
    }
}
