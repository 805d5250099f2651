use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use domain::UserId;
use domain::session::SessionEvent;
use event_store::{EventStore, RecordedEvent};
use projections::{AnyEvent, Reason, decided_at, unreadable};

use super::actor::Actor;
use super::people::People;
use crate::graphql::cursor::event_cursor;
use crate::graphql::user::User;
use crate::wire::{Change, EventType, changes, stored_type, summary, summary_of_unreadable};

/// Something that any_event. It never changes.
pub(in crate::graphql) struct Event {
    recorded: RecordedEvent,
    user_id: Option<UserId>,
    any_event: Result<AnyEvent, Reason>,
    people: People,
}

impl Event {
    /// Reads what was recorded. What cannot be read is shown as such, and reported once.
    pub(super) fn read(recorded: RecordedEvent, people: People, store: &EventStore) -> Self {
        let any_event = AnyEvent::read(&recorded);
        if let Err(reason) = any_event {
            store.report_unreadable(unreadable(&recorded, reason));
        }
        let user_id = subject(&recorded);
        Self { recorded, user_id, any_event, people }
    }

    /// Whether it is of one of these types: by what it is shown as, or by what it is stored as.
    pub(super) fn is_of(&self, types: &[EventType]) -> bool {
        let RecordedEvent { aggregate_type, event_type, .. } = &self.recorded;
        let is_stored_as = |kind: &EventType| kind.stored().and_then(|stored| stored.split_once('/')) == Some((aggregate_type, event_type));
        types.iter().any(|kind| *kind == EventType::of(&self.any_event) || is_stored_as(kind))
    }

    pub(super) const fn user_id(&self) -> Option<UserId> {
        self.user_id
    }
}

/// Something that any_event. It never changes.
#[Object]
impl Event {
    /// Its id: no other event has it.
    pub(in crate::graphql) async fn id(&self) -> ID {
        format!("{}:{}", self.recorded.aggregate_id, self.recorded.sequence).into()
    }

    /// The place after it, for `after`.
    async fn cursor(&self, ctx: &Context<'_>) -> String {
        event_cursor(ctx, self.recorded.account_id, self.recorded.cursor)
    }

    /// What any_event.
    #[graphql(name = "type")]
    async fn event_type(&self) -> EventType {
        EventType::of(&self.any_event)
    }

    /// As what it is stored: `<kind of stream>.<event>.v<version>`, such as `user.Invited.v1`. An export has the same after `roster.`.
    async fn stored_type(&self) -> String {
        stored_type(&self.recorded)
    }

    /// Why this Roster cannot read it; null for every event that it can read.
    async fn unreadable(&self) -> Option<String> {
        self.any_event.as_ref().err().map(Reason::to_string)
    }

    /// When it was decided.
    async fn at(&self) -> DateTime<Utc> {
        decided_at(&self.recorded)
    }

    /// When the database recorded it, by the database's clock.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded.recorded_at
    }

    /// Who has done it.
    async fn actor(&self) -> Actor {
        Actor::read(self.recorded.account_id, self.recorded.metadata.get("actor").map(String::as_str), self.people.clone())
    }

    /// The HTTP request that brought it about; null when it was none.
    async fn request_id(&self) -> Option<&str> {
        self.recorded.metadata.get("request_id").map(String::as_str)
    }

    /// Whom it any_event to, as they are now; null for what any_event to the account, and for who may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        self.people.find(ctx, self.recorded.account_id, self.user_id?).await.transpose()
    }

    /// From which address somebody signed in, where it is known and they were not erased; null for everything else.
    async fn address(&self) -> Option<String> {
        address(self.any_event.as_ref().ok()?)
    }

    /// One English sentence. The user is not named in it: `user` says who it is.
    async fn summary(&self) -> String {
        self.any_event.as_ref().map_or_else(|reason| summary_of_unreadable(&self.recorded, *reason), summary)
    }

    /// The fields of the user, or of the account, that it has changed, as far as it tells.
    async fn changes(&self) -> Vec<Change> {
        self.any_event.as_ref().map_or_else(|_| vec![], changes)
    }
}

/// Whom an event speaks of.
pub(crate) fn subject(recorded: &RecordedEvent) -> Option<UserId> {
    if recorded.aggregate_type == "user" { recorded.aggregate_id.parse().ok() } else { recorded.person_id }
}

/// From which address somebody signed in, where it is known and they were not erased.
pub(crate) fn address(any_event: &AnyEvent) -> Option<String> {
    match any_event {
        AnyEvent::Session(SessionEvent::Started { address: Some(address), .. }) => address.known().map(ToString::to_string),
        _ => None,
    }
}
