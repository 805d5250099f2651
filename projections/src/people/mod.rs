//! Everything that readers see of one person: their user, their links to providers, their sessions and their API keys.
//!
//! Commands and rebuilds do the same: they apply events to a [`Person`] and write what has changed ([`write_changes`]). A command begins
//! with the stored rows that its events concern, a rebuild with none.

mod read;
mod write;

use std::collections::BTreeMap;

use domain::{AccountId, UserId};

pub(crate) use read::{Concerned, read_people};
pub(crate) use write::{TokenHashes, write_changes};

use crate::api_keys::{self, ApiKeys};
use crate::origin::Origin;
use crate::sessions::{self, Sessions};
use crate::users::{Links, Past, UserRow, links};
use crate::{AnyEvent, Reason};

/// The rows of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) user: Option<UserRow>,
    /// What has ended: of a command, in this command.
    pub(crate) past: Past,
    pub(crate) links: Links,
    pub(crate) sessions: Sessions,
    pub(crate) api_keys: ApiKeys,
}

/// A person in their account.
pub(crate) type PersonKey = (AccountId, UserId);

/// Some people.
pub(crate) type People = BTreeMap<PersonKey, Person>;

impl Person {
    /// Applies an event that concerns this person.
    ///
    /// # Errors
    /// When the event changes a user who does not exist. Then nothing is applied.
    pub(crate) fn apply(&mut self, origin: &Origin, event: &AnyEvent) -> Result<(), Reason> {
        UserRow::apply(&mut self.user, &mut self.past, origin, event)?;
        links::apply(&mut self.links, origin, event);
        sessions::apply(&mut self.sessions, self.user.as_ref(), origin, event);
        api_keys::apply(&mut self.api_keys, origin, event);
        Ok(())
    }
}
