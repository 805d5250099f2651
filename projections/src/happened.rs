//! What was recorded, as the domain knows it.

use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::api_key::ApiKeyEvent;
use domain::delivery::DeliveryEvent;
use domain::export::ExportEvent;
use domain::session::SessionEvent;
use domain::user::UserEvent;
use event_store::RecordedEvent;
use serde_json::Value;

/// What happened, in whichever stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// To a user.
    User(UserEvent),
    /// To an account.
    Account(AccountEvent),
    /// To a session.
    Session(SessionEvent),
    /// To an API key.
    ApiKey(ApiKeyEvent),
    /// To a mail.
    Delivery(DeliveryEvent),
    /// To an export.
    Export(ExportEvent),
}

/// An event that this Roster does not know: a newer one has written it, or it was never written by any.
#[derive(Debug, thiserror::Error)]
#[error("{place}, {kind}, is not known to this Roster ({reason})")]
pub struct UnknownEvent {
    place: String,
    kind: String,
    reason: String,
}

impl Happened {
    /// Reads what was recorded, also by an older Roster.
    ///
    /// # Errors
    /// When this Roster does not know it.
    pub fn read(recorded: &RecordedEvent) -> Result<Self, UnknownEvent> {
        Self::of(recorded, recorded.payload.clone())
    }

    /// The same, without a copy: the payload is taken out of what was recorded.
    ///
    /// # Errors
    /// When this Roster does not know it.
    pub(crate) fn take(recorded: &mut RecordedEvent) -> Result<Self, UnknownEvent> {
        let payload = std::mem::take(&mut recorded.payload);
        Self::of(recorded, payload)
    }

    fn of(recorded: &RecordedEvent, mut payload: Value) -> Result<Self, UnknownEvent> {
        domain::upcast(&recorded.aggregate_type, &recorded.event_type, &recorded.event_version, &mut payload);
        let read = match recorded.aggregate_type.as_str() {
            "user" => serde_json::from_value(payload).map(Self::User),
            "account" => serde_json::from_value(payload).map(Self::Account),
            "session" => serde_json::from_value(payload).map(Self::Session),
            "api_key" => serde_json::from_value(payload).map(Self::ApiKey),
            "delivery" => serde_json::from_value(payload).map(Self::Delivery),
            "export" => serde_json::from_value(payload).map(Self::Export),
            _ => return Err(UnknownEvent::new(recorded, "there is no such kind of stream")),
        };
        let happened = read.map_err(|error| UnknownEvent::new(recorded, &error.to_string()))?;
        let newest = happened.version();
        // Versions are whole numbers.
        if recorded.event_version.parse::<u32>().ok() > newest.parse().ok() {
            return Err(UnknownEvent::new(recorded, &format!("the newest known version is {newest}")));
        }
        Ok(happened)
    }

    fn version(&self) -> String {
        use cqrs_es::DomainEvent;
        match self {
            Self::User(event) => event.event_version(),
            Self::Account(event) => event.event_version(),
            Self::Session(event) => event.event_version(),
            Self::ApiKey(event) => event.event_version(),
            Self::Delivery(event) => event.event_version(),
            Self::Export(event) => event.event_version(),
        }
    }
}

impl UnknownEvent {
    fn new(recorded: &RecordedEvent, reason: &str) -> Self {
        let RecordedEvent { aggregate_type, aggregate_id, sequence, event_type, event_version, .. } = recorded;
        Self {
            place: format!("event {sequence} of {aggregate_type} {aggregate_id}"),
            kind: format!("{event_type} in version {event_version}"),
            reason: reason.to_owned(),
        }
    }
}

/// The clock of the decision that led to an event.
#[must_use]
pub fn decided_at(recorded: &RecordedEvent) -> DateTime<Utc> {
    recorded.metadata.get("at").and_then(|at| at.parse().ok()).unwrap_or(recorded.recorded_at)
}
