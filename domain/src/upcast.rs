//! Reads what older versions of Roster have written, as if it were written today.

use serde_json::Value;

/// Brings the payload of a stored event from the version in which it was written to the newest one. One that is the newest already, or that
/// this Roster does not know, stays as it is.
///
/// A version is raised, and a step is added here, when a field of an event changes its meaning or shape. The stored event never changes:
/// each step stays forever, and has its golden file (`domain/tests/fixtures`).
pub fn upcast(aggregate_type: &str, event_type: &str, event_version: &str, payload: &mut Value) {
    if let ("delivery", "Sent" | "Failed", "1") = (aggregate_type, event_type, event_version) {
        count_attempts(payload);
    }
}

/// Version 1 did not count attempts. A mail whose outcome is known was tried at least once.
fn count_attempts(payload: &mut Value) {
    let fields = payload.as_object_mut().and_then(|event| event.values_mut().next()).and_then(Value::as_object_mut);
    if let Some(fields) = fields {
        fields.entry("attempts").or_insert_with(|| 1.into());
    }
}
