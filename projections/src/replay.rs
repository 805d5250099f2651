//! The users of an account from its events alone, without any table: to see for oneself.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::UserId;
use event_store::{RecordedEvent, UnreadableEvent};

use crate::origin::Origin;
use crate::users::{Past, UserRow, UserView, concerned_user};
use crate::{AnyEvent, Error, Reason, unreadable};

/// The users of one account, as its events make them, applied one by one from the oldest on.
#[derive(Debug, Default)]
pub struct Replay {
    users: BTreeMap<UserId, Option<UserRow>>,
    sequences: HashMap<(String, String), i64>,
    events: u64,
    unreadable: Vec<UnreadableEvent>,
}

impl Replay {
    /// Applies the next event. One that cannot be read changes nothing, and is listed in [`unreadable`](Self::unreadable).
    ///
    /// # Errors
    /// When one before it is missing: nothing is guessed.
    pub fn apply(&mut self, event: &RecordedEvent) -> Result<(), Error> {
        let last = self.sequences.entry((event.aggregate_type.clone(), event.aggregate_id.clone())).or_default();
        if event.sequence != *last + 1 {
            let RecordedEvent { aggregate_type, aggregate_id, sequence, .. } = event;
            return Err(Error::NotWhole(format!("event {sequence} of {aggregate_type} {aggregate_id} comes after event {last}")));
        }
        *last = event.sequence;
        self.events += 1;
        if let Err(reason) = self.apply_to_user(event) {
            let found = unreadable(event, reason);
            // What follows an invitation that cannot be read is not reported.
            let is_known = reason == Reason::OutOfOrder && self.unreadable.iter().any(|known| known.user_id == found.user_id);
            if !is_known {
                self.unreadable.push(found);
            }
        }
        Ok(())
    }

    fn apply_to_user(&mut self, event: &RecordedEvent) -> Result<(), Reason> {
        let happened = AnyEvent::read(event)?;
        let origin = Origin::of(event, 0)?;
        if let Some(id) = concerned_user(&origin, &happened) {
            UserRow::apply(self.users.entry(id).or_default(), &mut Past::default(), &origin, &happened)?;
        }
        Ok(())
    }

    /// The events that could not be read. The users whom they speak of are listed without them, or not at all.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableEvent] {
        &self.unreadable
    }

    /// How many events were applied.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// The users, deleted ones too, the newest first.
    #[must_use]
    pub fn into_users(self) -> Vec<UserView> {
        let view = |user: UserRow| UserView::try_from(user.into_listed()).expect("a fold writes what a view reads");
        let mut users: Vec<_> = self.users.into_values().flatten().map(view).collect();
        users.sort_by_key(|user| std::cmp::Reverse((user.created_at, user.id)));
        users
    }
}

/// Whether an event was recorded later than an instant: there a replay until the instant ends, as the list as of the instant does.
#[must_use]
pub fn is_later(event: &RecordedEvent, until: Option<DateTime<Utc>>) -> bool {
    until.is_some_and(|until| event.recorded_at > until)
}
