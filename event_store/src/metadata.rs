//! The metadata of an event: who, through which request, why, when.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{Actor, OperationId};
use serde_json::{Value, json};

/// The circumstances of one command, the same for all of its events.
///
/// Stored flat, text to text, so that postgres-es reads it as its own metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Who asked.
    pub actor: Actor,
    /// Through which HTTP request, if it was one.
    pub request_id: Option<String>,
    /// What it was done for: the operation, such as `inviteUser`, or the event that asked for it.
    pub cause: String,
    /// Groups the events of one call, also when it was repeated to continue; `None` for commands that are not grouped.
    pub operation_id: Option<OperationId>,
    /// The event or the operation that is undone, such as `operation/<id>`.
    pub undoes: Option<String>,
    /// The clock that the decision saw.
    pub at: DateTime<Utc>,
}

impl Metadata {
    pub(crate) fn to_json(&self) -> Value {
        let mut json = json!({
            "actor": self.actor.to_string(),
            "cause": self.cause,
            "at": self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        });
        if let Some(request_id) = &self.request_id {
            json["request_id"] = request_id.as_str().into();
        }
        if let Some(operation_id) = self.operation_id {
            json["operation_id"] = operation_id.to_string().into();
        }
        if let Some(undoes) = &self.undoes {
            json["undoes"] = undoes.as_str().into();
        }
        json
    }
}
