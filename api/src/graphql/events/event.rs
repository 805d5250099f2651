use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use domain::UserId;
use event_store::RecordedEvent;
use projections::{AnyEvent, BatchedEvent, Reason, decided_at};

use crate::graphql::cursor::event_cursor;
use crate::graphql::events::actor::Actor;
use crate::graphql::events::people::find_user;
use crate::graphql::events::undo::can_undo;
use crate::graphql::users::user::User;
use crate::graphql::users::viewer_can::Possibility;
use crate::wire::{Change, EventType, address, changes, stored_type, summary, summary_of_unreadable};

/// An event of an account.
pub(in crate::graphql) struct Event(BatchedEvent);

/// The id of an event: that of its stream, and its number there.
pub(in crate::graphql) fn event_id(stream: &str, sequence: u64) -> ID {
    format!("{stream}:{sequence}").into()
}

impl Event {
    pub(super) const fn new(event: BatchedEvent) -> Self {
        Self(event)
    }

    /// Whether the event has one of these types: the shown type or the stored type.
    pub(super) fn is_of(&self, types: &[EventType]) -> bool {
        let RecordedEvent { aggregate_type, event_type, .. } = self.recorded();
        let is_stored_as = |kind: &EventType| kind.stored().and_then(|stored| stored.split_once('/')) == Some((aggregate_type, event_type));
        types.iter().any(|kind| *kind == EventType::of(self.read()) || is_stored_as(kind))
    }

    pub(super) fn user_id(&self) -> Option<UserId> {
        self.0.read().subject()
    }

    /// The id of what this event undid, if it is of this kind.
    fn undone(&self, kind: &str) -> Option<ID> {
        self.recorded().metadata.get("undoes")?.strip_prefix(kind).map(Into::into)
    }

    fn recorded(&self) -> &RecordedEvent {
        &self.0.read().recorded
    }

    fn read(&self) -> &Result<AnyEvent, Reason> {
        &self.0.read().event
    }
}

/// An event: something that happened in the account. Events never change.
#[Object]
impl Event {
    /// The unique id of the event.
    pub(in crate::graphql) async fn id(&self) -> ID {
        event_id(&self.recorded().aggregate_id, self.recorded().sequence.unsigned_abs())
    }

    /// The cursor of the event, for `after`.
    async fn cursor(&self, ctx: &Context<'_>) -> String {
        event_cursor(ctx, self.recorded().account_id, self.recorded().cursor)
    }

    /// The type of the event.
    #[graphql(name = "type")]
    async fn event_type(&self) -> EventType {
        EventType::of(self.read())
    }

    /// The type under which the event is stored: `<stream>.<event>.v<version>`, such as `user.Invited.v1`. Exports prefix it with
    /// `roster.`.
    async fn stored_type(&self) -> String {
        stored_type(self.recorded())
    }

    /// Why this version of Roster cannot read the event. Null for events that it can read.
    async fn unreadable(&self) -> Option<String> {
        self.read().as_ref().err().map(Reason::to_string)
    }

    /// When the event happened, by the clock of the server.
    async fn at(&self) -> DateTime<Utc> {
        decided_at(self.recorded())
    }

    /// When the database recorded the event, by the clock of the database.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded().recorded_at
    }

    /// Who caused the event.
    async fn actor(&self) -> Actor {
        Actor::new(self.0.read().actor(), Arc::clone(self.0.people()))
    }

    /// The id of the HTTP request that caused the event. Null if no request caused it.
    async fn request_id(&self) -> Option<&str> {
        self.recorded().metadata.get("request_id").map(String::as_str)
    }

    /// The id of the operation that caused the event. All events that one call of `updateUsers`, `resendInvitations`, `deleteUsers` or `undo`
    /// caused have the same one. Null for events of other operations.
    async fn operation_id(&self) -> Option<ID> {
        self.recorded().metadata.get("operation_id").map(|id| ID(id.clone()))
    }

    /// The event that was undone by this one: the `eventId` of `undo`. Null if it undid an operation or nothing.
    async fn undoes_event_id(&self) -> Option<ID> {
        self.undone("event/")
    }

    /// The operation that was undone by this event: the `operationId` of `undo`. Null if it undid a single event or nothing.
    async fn undoes_operation_id(&self) -> Option<ID> {
        self.undone("operation/")
    }

    /// Whether the viewer may undo the event now, by the rules of `undo`. Changes of role, sign-in methods, access and name can be undone,
    /// until a later event changes the same field.
    async fn can_undo(&self, ctx: &Context<'_>) -> Result<Possibility> {
        Ok(can_undo(ctx, &self.0).await?.into())
    }

    /// The user whom the event is about, in their current state. Null for events of the account, and if the viewer may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        find_user(ctx, self.0.people(), self.user_id()?).await.transpose()
    }

    /// The IP address of a sign-in, if known. Null for other events, and after the user was erased.
    async fn address(&self) -> Option<String> {
        address(self.read().as_ref().ok()?)
    }

    /// One English sentence that describes the event without naming the user; `user` identifies them.
    async fn summary(&self) -> String {
        let summary = self.read().as_ref().map_or_else(|reason| summary_of_unreadable(self.recorded(), *reason), summary);
        if self.recorded().metadata.contains_key("undoes") { format!("{summary} This undid an earlier change.") } else { summary }
    }

    /// The fields of the user or the account that the event changed, as far as the event contains them.
    async fn changes(&self) -> Vec<Change> {
        self.read().as_ref().map_or_else(|_| vec![], changes)
    }
}
