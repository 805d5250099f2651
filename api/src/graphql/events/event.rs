use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use domain::UserId;
use domain::session::SessionEvent;
use event_store::{Cursor, RecordedEvent};
use projections::{AnyEvent, BatchedEvent, Reason, decided_at};

use super::actor::Actor;
use super::changes::{Change, changes};
use super::event_type::EventType;
use super::people::find_user;
use super::summary::{summary, summary_of_unreadable};
use crate::graphql::cursor::event_cursor;
use crate::graphql::user::User;

/// An event of an account.
pub(in crate::graphql) struct Event(BatchedEvent);

impl Event {
    pub(super) const fn new(event: BatchedEvent) -> Self {
        Self(event)
    }

    /// Whether it is of one of these types: by what it is shown as, or by what it is stored as.
    pub(super) fn is_of(&self, types: &[EventType]) -> bool {
        let RecordedEvent { aggregate_type, event_type, .. } = self.recorded();
        let is_stored_as = |kind: &EventType| kind.stored().and_then(|stored| stored.split_once('/')) == Some((aggregate_type, event_type));
        types.iter().any(|kind| *kind == EventType::of(self.read()) || is_stored_as(kind))
    }

    pub(super) fn user_id(&self) -> Option<UserId> {
        self.0.read().subject()
    }

    /// The cursor after it.
    pub(super) fn position(&self) -> Cursor {
        self.recorded().cursor
    }

    fn recorded(&self) -> &RecordedEvent {
        &self.0.read().recorded
    }

    fn read(&self) -> &Result<AnyEvent, Reason> {
        &self.0.read().event
    }
}

/// Something that happened in the account. Events never change.
#[Object]
impl Event {
    /// Its id: no other event has it.
    pub(in crate::graphql) async fn id(&self) -> ID {
        format!("{}:{}", self.recorded().aggregate_id, self.recorded().sequence).into()
    }

    /// The cursor of this event. Pass it as `after` to continue after the event.
    async fn cursor(&self, ctx: &Context<'_>) -> String {
        event_cursor(ctx, self.recorded().account_id, self.recorded().cursor)
    }

    /// What happened.
    #[graphql(name = "type")]
    async fn event_type(&self) -> EventType {
        EventType::of(self.read())
    }

    /// As what it is stored: `<kind of stream>.<event>.v<version>`, such as `user.Invited.v1`. An export has the same after `roster.`.
    async fn stored_type(&self) -> String {
        stored_type(self.recorded())
    }

    /// Why this Roster cannot read it; null for every event that it can read.
    async fn unreadable(&self) -> Option<String> {
        self.read().as_ref().err().map(Reason::to_string)
    }

    /// When it was decided.
    async fn at(&self) -> DateTime<Utc> {
        decided_at(self.recorded())
    }

    /// When the database recorded it, by the database's clock.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded().recorded_at
    }

    /// Who did it.
    async fn actor(&self) -> Actor {
        Actor::new(self.0.read().actor(), Arc::clone(self.0.people()))
    }

    /// The HTTP request that brought it about; null when it was none.
    async fn request_id(&self) -> Option<&str> {
        self.recorded().metadata.get("request_id").map(String::as_str)
    }

    /// The user to whom it happened, as they are now. Null for events of the account, and for callers who may not see the user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        find_user(ctx, self.0.people(), self.user_id()?).await.transpose()
    }

    /// From which address somebody signed in, where it is known and they were not erased; null for everything else.
    async fn address(&self) -> Option<String> {
        address(self.read().as_ref().ok()?)
    }

    /// One English sentence. The user is not named in it: `user` says who it is.
    async fn summary(&self) -> String {
        self.read().as_ref().map_or_else(|reason| summary_of_unreadable(self.recorded(), *reason), summary)
    }

    /// The fields of the user, or of the account, that it has changed, as far as it tells.
    async fn changes(&self) -> Vec<Change> {
        self.read().as_ref().map_or_else(|_| vec![], changes)
    }
}

/// As what an event is stored: `<kind of stream>.<event>.v<version>`.
pub(crate) fn stored_type(recorded: &RecordedEvent) -> String {
    format!("{}.{}.v{}", recorded.aggregate_type, recorded.event_type, recorded.event_version)
}

/// From which address somebody signed in, where it is known and they were not erased.
pub(crate) fn address(any_event: &AnyEvent) -> Option<String> {
    match any_event {
        AnyEvent::Session(SessionEvent::Started { address: Some(address), .. }) => address.known().map(ToString::to_string),
        _ => None,
    }
}
