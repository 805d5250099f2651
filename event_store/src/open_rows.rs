//! Opens rows of the table `events`: what is sealed in them, and their metadata.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::{AccountId, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::feed::{FeedRow, parse_xid};
use crate::sealing::{AssociatedData, is_sealed, open, redact};
use crate::{Cursor, Error, EventStore, Person, RecordedEvent, StoredEvent, Unreadable};

impl EventStore {
    /// Opens rows. An event that does not open says why, and hides no other.
    pub(crate) fn open_rows(&self, rows: Vec<FeedRow>) -> Result<Vec<RecordedEvent>, Error> {
        let mut persons = HashMap::new();
        rows.into_iter().map(|row| self.open_row(row, &mut persons)).collect()
    }

    /// The same, each with its payload as it is stored.
    pub(crate) fn open_stored_rows(&self, rows: Vec<FeedRow>) -> Result<Vec<StoredEvent>, Error> {
        let mut persons = HashMap::new();
        let stored = rows.into_iter().map(|row| {
            let sealed = row.payload.clone();
            let mut opened = self.open_row(row, &mut persons)?;
            if let Ok(payload) = &mut opened.payload {
                redact(payload);
            }
            Ok(StoredEvent { opened, sealed })
        });
        stored.collect()
    }

    /// Opens one row; each person's key is unwrapped once.
    fn open_row(&self, row: FeedRow, persons: &mut Persons) -> Result<RecordedEvent, Error> {
        let data = AssociatedData {
            account_id: AccountId::new(row.account_id),
            aggregate_type: &row.aggregate_type,
            aggregate_id: &row.aggregate_id,
            sequence: row.sequence,
        };
        let cursor = Cursor { generation: row.generation, xid: parse_xid(&row.xid, &data)?, position: row.position };
        let mut payload = self.open_payload(row.payload, row.person_id.zip(row.wrapped_key), data, persons);
        let (metadata, is_damaged) = flat(row.metadata);
        if is_damaged {
            payload = payload.and(Err(Unreadable::Metadata));
        }
        Ok(RecordedEvent {
            cursor,
            account_id: data.account_id,
            sequence: row.sequence,
            event_type: row.event_type,
            event_version: row.event_version,
            person_id: row.person_id.map(UserId::new),
            payload,
            metadata,
            recorded_at: row.recorded_at,
            aggregate_type: row.aggregate_type,
            aggregate_id: row.aggregate_id,
        })
    }

    fn open_payload(
        &self,
        mut payload: Value,
        key: Option<(Uuid, Vec<u8>)>,
        data: AssociatedData<'_>,
        persons: &mut Persons,
    ) -> Result<Value, Unreadable> {
        let person = match key {
            None => None,
            Some((id, wrapped)) => match persons.entry((data.account_id.uuid(), id)) {
                Entry::Occupied(entry) => Some(entry.into_mut()),
                Entry::Vacant(entry) => Some(entry.insert(self.keys.unwrap(data.account_id, UserId::new(id), &wrapped).ok())),
            },
        };
        let key = match person {
            Some(Some(person)) => person.key.as_ref(),
            Some(None) if is_sealed(&payload) => return Err(Unreadable::Key),
            // Without sealed values the key is not needed.
            Some(None) | None => None,
        };
        open(&mut payload, key, data).map_err(|_| Unreadable::Sealed)?;
        Ok(payload)
    }
}

/// The persons of some rows; `None` where the key does not open.
type Persons = HashMap<(Uuid, Uuid), Option<Person>>;

/// Metadata as it was written: flat, text to text. Answers whether something of it is lost.
fn flat(metadata: Value) -> (HashMap<String, String>, bool) {
    let Value::Object(object) = metadata else { return (HashMap::new(), true) };
    let entries = object.len();
    let text = |(name, value)| if let Value::String(text) = value { Some((name, text)) } else { None };
    let metadata: HashMap<_, _> = object.into_iter().filter_map(text).collect();
    let is_damaged = metadata.len() < entries;
    (metadata, is_damaged)
}
