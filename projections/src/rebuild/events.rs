//! Everything that readers see of one person, as the events of theirs add up to it.

use std::collections::BTreeMap;

use domain::api_key::ApiKeyEvent;
use domain::session::SessionEvent;
use domain::user::UserEvent;
use domain::{AccountId, Personal, UserId};
use event_store::{Cursor, EventStore, RecordedEvent, UnreadableEvent};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Time;
use crate::users::past::who;
use crate::users::{FoldedUser, Version};
use crate::{AnyEvent, Error, Reason, decided_at, unreadable};

/// Who somebody is to a provider: a row of `provider_links`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) linked_at: Time,
}

/// A row of `sessions`, as far as events have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) auth_method: String,
    pub(super) started_at: Time,
    pub(super) expires_at: Time,
    pub(super) ended_at: Option<Time>,
    pub(super) address: Option<String>,
    pub(super) user_agent: Option<String>,
}

impl Session {
    /// When it is over, by its end or by its time, whichever comes first: as the index `sessions_by_end` has it.
    pub(super) fn is_over_at(&self) -> Time {
        self.ended_at.map_or(self.expires_at, |ended_at| ended_at.min(self.expires_at))
    }
}

/// A row of `api_keys`, as far as events have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApiKey {
    pub(super) name: String,
    pub(super) scopes: Vec<String>,
    pub(super) created_at: Time,
    pub(super) expires_at: Time,
    pub(super) revoked_at: Option<Time>,
}

/// Everything that readers see of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) user: Option<FoldedUser>,
    pub(super) links: BTreeMap<String, Link>,
    pub(super) sessions: BTreeMap<Uuid, Session>,
    pub(super) api_keys: BTreeMap<Uuid, ApiKey>,
    /// The versions, as far as they are written.
    pub(super) versions: Vec<Version>,
    /// What could not be read of them. Then the rest is only what the other events say.
    pub(super) unreadable: Vec<UnreadableEvent>,
}

/// Some people, each in their account.
pub(super) type People = BTreeMap<(AccountId, UserId), Person>;

/// Adds up events in the order of the feed; versions only up to a place. Events that cannot be read are listed, and add nothing.
pub(super) fn fold(events: Vec<RecordedEvent>, versions_until: Cursor) -> People {
    let mut people = People::new();
    for mut event in events {
        let Some(id) = event.person_id else { continue };
        let person = people.entry((event.account_id, id)).or_default();
        let heard = AnyEvent::take(&mut event).and_then(|happened| person.hear(&event, &happened, id, versions_until));
        match heard {
            Ok(()) => {}
            // What follows an invitation that cannot be read is no news.
            Err(Reason::OutOfOrder) if !person.unreadable.is_empty() => {}
            Err(reason) => person.unreadable.push(unreadable(&event, reason)),
        }
    }
    people
}

/// The versions of one user up to a place, and the cursors of the events that could not be read.
///
/// # Errors
/// When the database is lost.
pub(crate) async fn versions_of(
    store: &EventStore,
    connection: &mut PgConnection,
    account_id: AccountId,
    id: UserId,
    until: Cursor,
) -> Result<(Vec<Version>, Vec<Cursor>), Error> {
    let events = store.read_events_of_people(connection, &[(account_id, id)]).await?;
    let person = fold(events, until).remove(&(account_id, id)).unwrap_or_default();
    Ok((person.versions, person.unreadable.iter().map(|event| event.cursor).collect()))
}

impl Person {
    fn hear(&mut self, event: &RecordedEvent, happened: &AnyEvent, id: UserId, versions_until: Cursor) -> Result<(), Reason> {
        let at = decided_at(event);
        if who(event, happened)?.is_some() {
            let shows = match &mut self.user {
                Some(user) => user.apply(happened, event.sequence, at),
                none => {
                    *none = Some(FoldedUser::first(event, happened, id)?);
                    true
                }
            };
            if shows && event.cursor <= versions_until {
                self.begin_version(event.cursor);
            }
        }
        match happened {
            AnyEvent::User(own) => self.hear_of_user(own, at),
            AnyEvent::Session(session) => self.hear_of_session(row_id(event)?, session, at),
            AnyEvent::ApiKey(key) => self.hear_of_key(row_id(event)?, key, at),
            AnyEvent::Account(_) | AnyEvent::ServiceKey(_) | AnyEvent::Delivery(_) | AnyEvent::Export(_) => {}
        }
        Ok(())
    }

    fn begin_version(&mut self, from: Cursor) {
        if let Some(last) = self.versions.last_mut() {
            last.until = Some(from);
        }
        self.versions.extend(self.user.clone().map(|user| Version { from, until: None, user }));
    }

    fn hear_of_user(&mut self, event: &UserEvent, at: Time) {
        match event {
            UserEvent::ProviderLinked { auth_method, issuer, subject: Personal::Known(subject) } => {
                let link = Link { issuer: issuer.clone(), subject: subject.clone(), linked_at: at };
                self.links.insert(auth_method.as_str().to_owned(), link);
            }
            UserEvent::AuthMethodsChanged { to, .. } => {
                let allowed = |method: &str| to.iter().any(|id| id.as_str() == method);
                self.links.retain(|method, _| allowed(method));
                for session in self.sessions.values_mut().filter(|session| session.ended_at.is_none() && !allowed(&session.auth_method)) {
                    session.ended_at = Some(at);
                }
            }
            UserEvent::Deleted {} | UserEvent::Left {} => self.links.clear(),
            UserEvent::Erased {} => {
                // What was read before the key was destroyed is told no more.
                for version in &mut self.versions {
                    version.user.view.email.clear();
                    version.user.view.email_normalised.clear();
                    version.user.view.name = None;
                    version.user.view.delivery.detail = None;
                }
                self.links.clear();
                for session in self.sessions.values_mut() {
                    (session.address, session.user_agent) = (None, None);
                }
                for key in self.api_keys.values_mut() {
                    key.name.clear();
                }
            }
            _ => {}
        }
    }

    fn hear_of_session(&mut self, id: Uuid, event: &SessionEvent, at: Time) {
        match event {
            SessionEvent::Started { auth_method, expires_at, address, user_agent, .. } => {
                let session = Session {
                    auth_method: auth_method.as_str().to_owned(),
                    started_at: self.user.as_ref().and_then(|user| user.view.last_active_at).unwrap_or(at),
                    expires_at: *expires_at,
                    ended_at: None,
                    address: address.as_ref().and_then(Personal::known).map(ToString::to_string),
                    user_agent: user_agent.as_ref().and_then(Personal::known).cloned(),
                };
                self.sessions.insert(id, session);
            }
            SessionEvent::Ended { .. } => {
                if let Some(session) = self.sessions.get_mut(&id) {
                    session.ended_at = Some(at);
                }
            }
        }
    }

    fn hear_of_key(&mut self, id: Uuid, event: &ApiKeyEvent, at: Time) {
        match event {
            ApiKeyEvent::Created { name, scopes, expires_at, .. } => {
                let key = ApiKey {
                    name: name.known().map_or_else(String::new, |name| name.as_str().to_owned()),
                    scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
                    created_at: at,
                    expires_at: *expires_at,
                    revoked_at: None,
                };
                self.api_keys.insert(id, key);
            }
            ApiKeyEvent::Revoked {} => {
                if let Some(key) = self.api_keys.get_mut(&id) {
                    key.revoked_at = Some(at);
                }
            }
        }
    }
}

fn row_id(event: &RecordedEvent) -> Result<Uuid, Reason> {
    event.aggregate_id.parse().map_err(|_| Reason::InvalidStreamId)
}
