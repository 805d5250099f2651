//! What Roster adds to `graphql_http`: whom a page acts for, and logging.

mod acting_for;
pub mod telemetry;

pub use acting_for::{ACTING_FOR, ACTING_FOR_ENTRY, ACTING_FOR_PARAMETER, ActingFor, NOBODY, SESSION_CHANGED, session_changed};
