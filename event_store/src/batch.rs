//! Events of one or more streams, before they are written.

use cqrs_es::{Aggregate, DomainEvent};
use domain::{AccountId, Stream};
use serde_json::Value;
use uuid::Uuid;

use crate::sealing::{AssociatedData, seal};
use crate::{Error, Metadata, Person};

/// Events waiting to be appended together: all of them are written, or none.
///
/// Column by column, as one statement takes them.
#[derive(Default)]
pub struct Batch {
    pub(crate) aggregate_types: Vec<String>,
    pub(crate) aggregate_ids: Vec<String>,
    pub(crate) sequences: Vec<i64>,
    pub(crate) event_types: Vec<String>,
    pub(crate) event_versions: Vec<String>,
    pub(crate) payloads: Vec<Value>,
    pub(crate) account_ids: Vec<Uuid>,
    pub(crate) person_ids: Vec<Option<Uuid>>,
    /// Of the events of commands that have named their circumstances: see [`caused_by`](Self::caused_by).
    pub(crate) metadata: Vec<Value>,
    pub(crate) new_keys: NewKeys,
}

#[derive(Default)]
pub(crate) struct NewKeys {
    pub(crate) account_ids: Vec<Uuid>,
    pub(crate) person_ids: Vec<Uuid>,
    pub(crate) wrapped: Vec<Vec<u8>>,
}

impl Batch {
    /// Adds the events that follow `version` in a stream, and seals the personal values in them with
    /// the key of `person`. Returns the version of the stream after them.
    ///
    /// # Errors
    /// When an event holds a personal value, and no person was given or they were erased.
    pub fn add<S: Stream>(
        &mut self,
        account_id: AccountId,
        id: S::Id,
        version: u64,
        events: &[S::Event],
        person: Option<&mut Person>,
    ) -> Result<u64, Error> {
        let aggregate_id = id.to_string();
        let before = i64::try_from(version).expect("a stream is far shorter than 2^63");
        let key = person.as_ref().and_then(|person| person.key.as_ref());
        let person_id = person.as_ref().map(|person| person.id.uuid());
        let mut sequence = before;
        for event in events {
            sequence += 1;
            let data = AssociatedData { account_id, aggregate_type: <S as Aggregate>::TYPE, aggregate_id: &aggregate_id, sequence };
            let mut payload = serde_json::to_value(event).expect("an event has text keys only, so it is JSON");
            seal(&mut payload, key, data)?;
            self.aggregate_types.push(<S as Aggregate>::TYPE.to_owned());
            self.aggregate_ids.push(aggregate_id.clone());
            self.sequences.push(sequence);
            self.event_types.push(event.event_type());
            self.event_versions.push(event.event_version());
            self.payloads.push(payload);
            self.account_ids.push(account_id.uuid());
            self.person_ids.push(person_id);
        }
        if let Some(person) = person
            && let Some(wrapped) = person.wrapped.take()
        {
            self.new_keys.account_ids.push(person.account_id.uuid());
            self.new_keys.person_ids.push(person.id.uuid());
            self.new_keys.wrapped.push(wrapped);
        }
        Ok(sequence.unsigned_abs())
    }

    /// The same events, with the circumstances of the command that decided them.
    #[must_use]
    pub fn caused_by(mut self, metadata: &Metadata) -> Self {
        self.metadata = vec![metadata.to_json(); self.sequences.len()];
        self
    }

    /// Adds the events of the next command, which are written together with these.
    pub fn extend(&mut self, next: Self) {
        self.aggregate_types.extend(next.aggregate_types);
        self.aggregate_ids.extend(next.aggregate_ids);
        self.sequences.extend(next.sequences);
        self.event_types.extend(next.event_types);
        self.event_versions.extend(next.event_versions);
        self.payloads.extend(next.payloads);
        self.account_ids.extend(next.account_ids);
        self.person_ids.extend(next.person_ids);
        self.metadata.extend(next.metadata);
        self.new_keys.account_ids.extend(next.new_keys.account_ids);
        self.new_keys.person_ids.extend(next.new_keys.person_ids);
        self.new_keys.wrapped.extend(next.new_keys.wrapped);
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.sequences.is_empty()
    }
}
