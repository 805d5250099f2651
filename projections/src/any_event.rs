//! What was recorded, as the domain knows it.

use chrono::{DateTime, Utc};
use cqrs_es::DomainEvent;
use domain::account::AccountEvent;
use domain::api_key::ApiKeyEvent;
use domain::delivery::DeliveryEvent;
use domain::export::ExportEvent;
use domain::saved_view::SavedViewEvent;
use domain::service_key::ServiceKeyEvent;
use domain::session::SessionEvent;
use domain::user::UserEvent;
use event_store::{RecordedEvent, Unreadable, UnreadableEvent};
use serde_json::Value;

/// Why a recorded event cannot be read. It holds nothing personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The store could not open it.
    #[error(transparent)]
    Store(#[from] Unreadable),
    /// Nothing is known of such streams.
    #[error("this Roster knows no such kind of stream: a newer one may have written it")]
    UnknownStream,
    /// Nothing is known of such events.
    #[error("this Roster knows no such event: a newer one may have written it")]
    UnknownType,
    /// The version is newer than the newest known one.
    #[error("a newer Roster has written it: the newest version that this one reads is {0}")]
    NewerVersion(&'static str),
    /// The payload is not of the shape of its type and version.
    #[error("its payload is damaged")]
    Damaged,
    /// The event that its stream begins with is missing, or cannot be read either.
    #[error("the event that its stream begins with is missing, or cannot be read")]
    OutOfOrder,
    /// The id of its stream is not an id.
    #[error("its stream has an id that is not one")]
    InvalidStreamId,
}

/// The names of all events of a kind of stream, and their newest versions.
struct Kinds {
    stream: &'static str,
    types: &'static [&'static str],
    versions: &'static [&'static str],
}

/// Defines [`AnyEvent`]: each kind of stream, with its events.
macro_rules! any_event {
    ($($(#[$meta:meta])* $kind:ident($event:ident) = $stream:literal),+ $(,)?) => {
        /// An event of any stream.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum AnyEvent {
            $($(#[$meta])* $kind($event)),+
        }

        const KINDS: &[Kinds] = &[$(Kinds { stream: $stream, types: $event::TYPES, versions: $event::VERSIONS }),+];

        impl AnyEvent {
            fn parse(stream: &str, payload: Value) -> Result<Self, Reason> {
                let parsed = match stream {
                    $($stream => serde_json::from_value(payload).map(Self::$kind),)+
                    _ => return Err(Reason::UnknownStream),
                };
                // What the parser says could hold what is personal.
                parsed.map_err(|_| Reason::Damaged)
            }

            fn event_type(&self) -> String {
                match self {
                    $(Self::$kind(event) => event.event_type()),+
                }
            }
        }

        $(
            impl From<$event> for AnyEvent {
                fn from(event: $event) -> Self {
                    Self::$kind(event)
                }
            }
        )+
    };
}
any_event!(
    /// To a user.
    User(UserEvent) = "user",
    /// To an account.
    Account(AccountEvent) = "account",
    /// To a session.
    Session(SessionEvent) = "session",
    /// To an API key.
    ApiKey(ApiKeyEvent) = "api_key",
    /// To a service key.
    ServiceKey(ServiceKeyEvent) = "service_key",
    /// To a saved view.
    SavedView(SavedViewEvent) = "saved_view",
    /// To a mail.
    Delivery(DeliveryEvent) = "delivery",
    /// To an export.
    Export(ExportEvent) = "export",
);

impl AnyEvent {
    /// Reads what was recorded, also by an older Roster.
    ///
    /// # Errors
    /// Why this Roster cannot.
    pub fn read(recorded: &RecordedEvent) -> Result<Self, Reason> {
        let payload = recorded.payload.clone()?;
        Self::of(recorded, payload)
    }

    /// The same, without a copy: the payload is taken out of what was recorded.
    ///
    /// # Errors
    /// Why this Roster cannot.
    pub(crate) fn take(recorded: &mut RecordedEvent) -> Result<Self, Reason> {
        let payload = std::mem::replace(&mut recorded.payload, Ok(Value::Null))?;
        Self::of(recorded, payload)
    }

    fn of(recorded: &RecordedEvent, mut payload: Value) -> Result<Self, Reason> {
        let RecordedEvent { aggregate_type, event_type, event_version, .. } = recorded;
        let newest = newest_version(aggregate_type, event_type)?;
        match (event_version.parse::<u32>(), newest.parse::<u32>()) {
            (Ok(version), Ok(newest)) if version <= newest => {}
            _ => return Err(Reason::NewerVersion(newest)),
        }
        domain::upcast(aggregate_type, event_type, event_version, &mut payload);
        let any_event = Self::parse(aggregate_type, payload)?;
        if any_event.event_type() == *event_type { Ok(any_event) } else { Err(Reason::Damaged) }
    }
}

fn newest_version(aggregate_type: &str, event_type: &str) -> Result<&'static str, Reason> {
    let kinds = KINDS.iter().find(|kinds| kinds.stream == aggregate_type).ok_or(Reason::UnknownStream)?;
    let known = kinds.types.iter().zip(kinds.versions).find(|(name, _)| **name == event_type);
    known.map(|(_, newest)| *newest).ok_or(Reason::UnknownType)
}

/// Every kind and version of event that this Roster reads, such as `user/Invited/1`.
#[must_use]
pub fn readable_kinds() -> Vec<String> {
    let versions = |newest: &str| 1..=newest.parse::<u32>().expect("versions are whole numbers");
    let kind = |stream, (name, newest): (&&str, &&str)| {
        versions(newest).map(move |version| format!("{stream}/{name}/{version}")).collect::<Vec<_>>()
    };
    KINDS.iter().flat_map(|kinds| kinds.types.iter().zip(kinds.versions).flat_map(|known| kind(kinds.stream, known))).collect()
}

/// Names an unreadable event, with the reason.
#[must_use]
pub fn unreadable(recorded: &RecordedEvent, reason: Reason) -> UnreadableEvent {
    UnreadableEvent::new(recorded, reason.to_string())
}

/// The clock of the decision that led to an event.
#[must_use]
pub fn decided_at(recorded: &RecordedEvent) -> DateTime<Utc> {
    recorded.metadata.get("at").and_then(|at| at.parse().ok()).unwrap_or(recorded.recorded_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_up_to_the_newest_is_readable() {
        let kinds = readable_kinds();
        for kind in ["user/Invited/1", "delivery/Sent/1", "delivery/Sent/2", "export/Requested/1"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind}");
        }
        assert!(!kinds.iter().any(|known| known == "delivery/Sent/3" || known == "user/Invited/2"), "{kinds:?}");
    }
}
