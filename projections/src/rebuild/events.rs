//! What the events of people add up to.

use std::collections::BTreeMap;

use event_store::{RecordedEvent, UnreadableEvent};

use crate::origin::{Mark, Origin};
use crate::people::{Person, PersonKey};
use crate::users::has_recorded_rank;
use crate::{AnyEvent, Reason, unreadable};

/// The rows of one person, now and in the past.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub(crate) person: Person,
    /// The events of the person that could not be read. Then the rest is only what the other events add up to.
    pub(crate) unreadable: Vec<UnreadableEvent>,
    /// The position of the last event.
    pub(crate) last: Option<Mark>,
}

/// The rows of some people.
pub(crate) type Histories = BTreeMap<PersonKey, History>;

/// Applies events in the order of the feed. Events that cannot be read are listed, and change nothing.
pub(crate) fn fold(events: Vec<RecordedEvent>) -> Histories {
    let mut histories = Histories::new();
    for mut event in events {
        let Some(id) = event.person_id else { continue };
        let history = histories.entry((event.account_id, id)).or_default();
        let rank = history.next_rank(&event);
        match AnyEvent::take(&mut event).and_then(|happened| history.person.apply(&Origin::of(&event, rank)?, &happened)) {
            Ok(()) => {}
            // What follows an invitation that cannot be read is not reported.
            Err(Reason::OutOfOrder) if !history.unreadable.is_empty() => {}
            Err(reason) => history.unreadable.push(unreadable(&event, reason)),
        }
    }
    histories
}

impl History {
    /// The rank of the next event within its transaction.
    fn next_rank(&mut self, event: &RecordedEvent) -> i32 {
        let transaction = event.cursor.transaction();
        let before = self.last.filter(|last| last.transaction == transaction).map_or(0, |last| last.rank);
        let rank = before + i32::from(has_recorded_rank(event));
        self.last = Some(Mark { transaction, rank });
        rank
    }
}
