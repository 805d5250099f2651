//! What the events of people add up to.

use std::collections::BTreeMap;

use domain::user::UserEvent;
use domain::{AccountId, UserId};
use event_store::{Cursor, EventStore, RecordedEvent, UnreadableEvent};
use sqlx::PgConnection;

use crate::origin::Origin;
use crate::people::{Person, PersonKey};
use crate::users::Version;
use crate::{AnyEvent, Error, Reason, unreadable};

/// The rows of one person, now and in the past.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub(super) person: Person,
    /// The versions, as far as they are written.
    pub(super) versions: Vec<Version>,
    /// The events of the person that could not be read. Then the rest is only what the other events add up to.
    pub(super) unreadable: Vec<UnreadableEvent>,
}

/// The rows of some people.
pub(super) type Histories = BTreeMap<PersonKey, History>;

/// Applies events in the order of the feed; versions begin only up to a position. Events that cannot be read are listed, and change
/// nothing.
pub(super) fn fold(events: Vec<RecordedEvent>, versions_until: Cursor) -> Histories {
    let mut histories = Histories::new();
    for mut event in events {
        let Some(id) = event.person_id else { continue };
        let history = histories.entry((event.account_id, id)).or_default();
        let applied = AnyEvent::take(&mut event).and_then(|happened| history.apply(&event, &happened, versions_until));
        match applied {
            Ok(()) => {}
            // What follows an invitation that cannot be read is not reported.
            Err(Reason::OutOfOrder) if !history.unreadable.is_empty() => {}
            Err(reason) => history.unreadable.push(unreadable(&event, reason)),
        }
    }
    histories
}

/// The versions of one user up to a position, and the cursors of the events that could not be read.
pub(crate) async fn versions_of(
    store: &EventStore,
    connection: &mut PgConnection,
    account_id: AccountId,
    id: UserId,
    until: Cursor,
) -> Result<(Vec<Version>, Vec<Cursor>), Error> {
    let events = store.read_events_of_people(connection, &[(account_id, id)]).await?;
    let history = fold(events, until).remove(&(account_id, id)).unwrap_or_default();
    Ok((history.versions, history.unreadable.iter().map(|event| event.cursor).collect()))
}

impl History {
    fn apply(&mut self, event: &RecordedEvent, happened: &AnyEvent, versions_until: Cursor) -> Result<(), Reason> {
        let has_changed = self.person.apply(&Origin::of(event)?, happened)?;
        if has_changed && event.cursor <= versions_until {
            self.begin_version(event.cursor);
        }
        if let AnyEvent::User(UserEvent::Erased {}) = happened {
            self.versions.iter_mut().for_each(|version| version.user.redact());
        }
        Ok(())
    }

    fn begin_version(&mut self, from: Cursor) {
        if let Some(last) = self.versions.last_mut() {
            last.until = Some(from);
        }
        self.versions.extend(self.person.user.clone().map(|user| Version { from, until: None, user }));
    }
}
