//! A line of the history in NDJSON: a `CloudEvent` (specification 1.0, JSON format).

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{AccountId, ExportId};
use event_store::{Cursors, Horizon, StoredEvent};
use projections::Reason;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire::{stored_type, write_event_cursor};

/// The version of the specification.
const SPECVERSION: &str = "1.0";
/// The type of the last line.
const COMPLETED: &str = "roster.export.Completed.v1";

/// A line of the history: an event of an account, or that the export is complete.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Something that happened.
    Event(CloudEvent<EventData>),
    /// The last line. A file without it was cut off.
    Completed(CloudEvent<CompletedData>),
}

/// A `CloudEvent` of Roster's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CloudEvent<Data> {
    /// `1.0`.
    pub specversion: String,
    /// No other event of the source has it: `<stream id>:<sequence>`.
    pub id: String,
    /// The account, as `urn:uuid:<id>`.
    pub source: String,
    /// `roster.<kind of stream>.<event>.v<version of its shape>`, such as `roster.user.Invited.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of the person whom it speaks of, if it speaks of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When the database recorded it: RFC 3339 in UTC, with microseconds.
    pub time: String,
    /// `application/json`.
    pub datacontenttype: String,
    /// The place after it in the account's history, as `Event.cursor` of the API gives it.
    pub cursor: String,
    /// What happened.
    pub data: Data,
}

/// What happened, as the store holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventData {
    /// Where it stands in its stream.
    pub stream: StreamPlace,
    /// Actor, request id, cause, and the clock of the decision.
    pub metadata: BTreeMap<String, String>,
    /// The payload as it is stored: `{"sealed": "…"}` stands for what is personal, whether or not it can still be opened.
    pub sealed: Value,
    /// The payload, opened: `{"personal": …}`, with null for what was erased. Absent from exports that stay sealed, and where it does not
    /// open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<Value>,
    /// Why the Roster that exported it cannot read this event; absent from all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
}

/// Where an event stands in its stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamPlace {
    /// The kind of stream, such as `user`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of the stream.
    pub id: String,
    /// Which event of the stream, from 1.
    pub sequence: i64,
}

/// That everything was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletedData {
    /// How many events the export has, this line not among them.
    pub events: u64,
    /// The place up to which everything has left that the filter lets through.
    pub until: String,
    /// Every event that was recorded up to this instant is in the export, as far as the filter lets it through. `None`, and null, when that
    /// could not be told.
    #[serde(default, rename = "completeUntil")]
    pub complete_until: Option<String>,
}

/// A line that is not from an export of a history.
#[derive(Debug, thiserror::Error)]
pub enum InvalidLine {
    /// It is no JSON, or of another shape.
    #[error("this is not a CloudEvent of a history")]
    Json(#[from] serde_json::Error),
    /// It is of another version of the specification.
    #[error("this is a CloudEvent of the version {0}, not 1.0")]
    Version(String),
}

impl Line {
    /// An event of the store.
    pub(super) fn of(cursors: &Cursors, event: StoredEvent, stays_sealed: bool, unreadable: Option<Reason>) -> Self {
        let StoredEvent { opened, sealed } = event;
        Self::Event(CloudEvent {
            specversion: SPECVERSION.to_owned(),
            id: format!("{}:{}", opened.aggregate_id, opened.sequence),
            source: source(opened.account_id),
            kind: format!("roster.{}", stored_type(&opened)),
            subject: opened.person_id.map(|id| id.to_string()),
            time: written(opened.recorded_at),
            datacontenttype: "application/json".to_owned(),
            cursor: write_event_cursor(cursors, opened.account_id, opened.cursor),
            data: EventData {
                stream: StreamPlace { kind: opened.aggregate_type, id: opened.aggregate_id, sequence: opened.sequence },
                metadata: opened.metadata.into_iter().collect(),
                sealed,
                plain: opened.payload.ok().filter(|_| !stays_sealed),
                unreadable: unreadable.map(|reason| reason.to_string()),
            },
        })
    }

    /// The last line of an export that has reached a place.
    pub(super) fn completed(
        cursors: &Cursors,
        (id, account_id): (ExportId, AccountId),
        events: u64,
        horizon: &Horizon,
        at: DateTime<Utc>,
    ) -> Self {
        let until = write_event_cursor(cursors, account_id, horizon.end);
        let complete_until = horizon.complete_until.map(written);
        Self::Completed(CloudEvent {
            specversion: SPECVERSION.to_owned(),
            id: format!("{id}:completed"),
            source: source(account_id),
            kind: COMPLETED.to_owned(),
            subject: None,
            time: written(at),
            datacontenttype: "application/json".to_owned(),
            cursor: until.clone(),
            data: CompletedData { events, until, complete_until },
        })
    }

    /// Reads a line of an export.
    ///
    /// # Errors
    /// When it is not such a line.
    pub fn parse(text: &str) -> Result<Self, InvalidLine> {
        #[derive(Deserialize)]
        struct Head {
            #[serde(rename = "type")]
            kind: String,
        }
        let Head { kind } = serde_json::from_str(text)?;
        if kind == COMPLETED { read(text).map(Self::Completed) } else { read(text).map(Self::Event) }
    }

    /// Writes it, with the end of the line.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let written = match self {
            Self::Event(event) => serde_json::to_writer(&mut *out, event),
            Self::Completed(event) => serde_json::to_writer(&mut *out, event),
        };
        written.expect("texts and JSON values are written into memory");
        out.push(b'\n');
    }
}

fn read<Data: DeserializeOwned>(text: &str) -> Result<CloudEvent<Data>, InvalidLine> {
    let event: CloudEvent<Data> = serde_json::from_str(text)?;
    if event.specversion == SPECVERSION { Ok(event) } else { Err(InvalidLine::Version(event.specversion)) }
}

fn source(account_id: AccountId) -> String {
    format!("urn:uuid:{account_id}")
}

/// An instant as exports write it.
pub(super) fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use event_store::{Cursor, EventStore, MasterKeys};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn event() -> Value {
        json!({
            "specversion": "1.0", "id": "a:1", "source": "urn:uuid:b", "type": "roster.user.Invited.v1", "subject": "c",
            "time": "2026-11-24T09:30:00.123456Z", "datacontenttype": "application/json", "cursor": "d",
            "data": {
                "stream": { "type": "user", "id": "a", "sequence": 1 }, "metadata": { "actor": "operator" },
                "sealed": { "Invited": { "email": { "sealed": "…" } } }, "plain": { "Invited": { "email": { "personal": null } } }
            }
        })
    }

    #[test]
    fn a_line_is_written_as_it_was_read() {
        let completed = Line::completed(
            EventStore::new(&MasterKeys::generate().expect("randomness")).cursors(),
            (ExportId::new(Uuid::from_u128(1)), AccountId::new(Uuid::from_u128(2))),
            7,
            &Horizon { at: DateTime::UNIX_EPOCH, end: Cursor::default(), complete_until: Some(DateTime::UNIX_EPOCH) },
            DateTime::UNIX_EPOCH,
        );
        let mut written = vec![];
        completed.write(&mut written);
        let text = String::from_utf8(written).expect("text");
        assert_eq!(Line::parse(text.trim_end()).expect("reads"), completed);
        assert!(text.contains(r#""type":"roster.export.Completed.v1""#) && text.ends_with("}\n"), "{text}");

        let mut sealed = event();
        sealed["data"].as_object_mut().expect("an object").remove("plain");
        sealed.as_object_mut().expect("an object").remove("subject");
        let mut unreadable = event();
        unreadable["data"].as_object_mut().expect("an object").remove("plain");
        unreadable["data"]["unreadable"] = "the key does not open".into();
        for json in [event(), sealed, unreadable] {
            let line = Line::parse(&json.to_string()).expect("reads");
            let mut written = vec![];
            line.write(&mut written);
            assert_eq!(serde_json::from_slice::<Value>(&written).expect("JSON"), json);
        }
    }

    #[test]
    fn the_names_of_attributes_are_those_that_the_specification_allows() {
        let is_allowed = |name: &String| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let event = serde_json::from_value::<CloudEvent<EventData>>(event()).expect("reads");
        let written = serde_json::to_value(&event).expect("JSON");
        assert!(written.as_object().expect("an object").keys().all(is_allowed), "{written}");
    }

    #[test]
    fn what_is_no_line_of_ours_is_refused() {
        let mut newer = event();
        newer["specversion"] = "2.0".into();
        let mut cut = event().to_string();
        cut.truncate(200);
        for text in ["", "{}", "[]", r#"{"type":"roster.export.Completed.v1"}"#, cut.as_str()] {
            assert!(matches!(Line::parse(text), Err(InvalidLine::Json(_))), "{text}");
        }
        assert!(matches!(Line::parse(&newer.to_string()), Err(InvalidLine::Version(version)) if version == "2.0"));
    }
}
