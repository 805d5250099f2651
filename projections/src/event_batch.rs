//! Events that are shown together.

use std::sync::Arc;

use domain::user::is_undoable;
use domain::{AccountId, ActorName, UserId};
use event_store::{EventStore, RecordedEvent};

use crate::named_people::NamedPeople;
use crate::{AnyEvent, EventHistories, Reason, unreadable};

/// Some events of one account, each read once, with the people whom they name.
#[derive(Debug)]
pub struct EventBatch {
    events: Vec<ReadEvent>,
    people: Arc<NamedPeople>,
    histories: EventHistories,
}

/// A recorded event, and what it says.
#[derive(Debug)]
pub struct ReadEvent {
    /// The event as it was recorded. Its payload was taken out.
    pub recorded: RecordedEvent,
    /// What it says, or why this Roster cannot read it.
    pub event: Result<AnyEvent, Reason>,
}

/// An event of a batch.
#[derive(Clone, Debug)]
pub struct BatchedEvent {
    batch: Arc<EventBatch>,
    index: usize,
}

impl EventBatch {
    /// Reads the events, and reports those that cannot be read.
    pub fn read(store: &EventStore, account_id: AccountId, recorded: Vec<RecordedEvent>) -> Arc<Self> {
        let events: Vec<_> = recorded.into_iter().map(|recorded| ReadEvent::new(store, recorded)).collect();
        let actors = events.iter().filter_map(ReadEvent::actor);
        let people = Arc::new(NamedPeople::new(account_id, actors, events.iter().filter_map(ReadEvent::subject)));
        let undoable = |event: &&ReadEvent| matches!(&event.event, Ok(AnyEvent::User(user_event)) if is_undoable(user_event));
        let histories = EventHistories::new(account_id, events.iter().filter(undoable).filter_map(ReadEvent::subject));
        Arc::new(Self { events, people, histories })
    }

    /// The event at this index, if the batch has as many.
    #[must_use]
    pub fn get(self: &Arc<Self>, index: usize) -> Option<BatchedEvent> {
        (index < self.events.len()).then(|| BatchedEvent { batch: Arc::clone(self), index })
    }

    /// All events.
    pub fn events(self: &Arc<Self>) -> impl Iterator<Item = BatchedEvent> {
        (0..self.events.len()).map(|index| BatchedEvent { batch: Arc::clone(self), index })
    }
}

impl BatchedEvent {
    /// The event.
    #[must_use]
    pub fn read(&self) -> &ReadEvent {
        &self.batch.events[self.index]
    }

    /// The people whom its batch names.
    #[must_use]
    pub fn people(&self) -> &Arc<NamedPeople> {
        &self.batch.people
    }

    /// The whole streams of the users whose changes in the batch could be undone.
    #[must_use]
    pub fn histories(&self) -> &EventHistories {
        &self.batch.histories
    }
}

impl ReadEvent {
    fn new(store: &EventStore, mut recorded: RecordedEvent) -> Self {
        let event = AnyEvent::take(&mut recorded);
        if let Err(reason) = event {
            store.report_unreadable(unreadable(&recorded, reason));
        }
        Self { recorded, event }
    }

    /// The actor. `None` when the metadata names none that this Roster knows.
    #[must_use]
    pub fn actor(&self) -> Option<ActorName> {
        self.recorded.metadata.get("actor")?.parse().ok()
    }

    /// The user to whom it happened.
    #[must_use]
    pub fn subject(&self) -> Option<UserId> {
        subject(&self.recorded)
    }
}

/// The user to whom an event happened.
#[must_use]
pub fn subject(recorded: &RecordedEvent) -> Option<UserId> {
    if recorded.aggregate_type == "user" { recorded.aggregate_id.parse().ok() } else { recorded.person_id }
}
