//! What Roster adds to `graphql_http`: who the caller is, whom a page acts for, and whether this process can serve.

mod acting_for;
mod authenticator;
pub(crate) mod forward_auth;
pub(crate) mod logos;
mod not_identified;
pub mod readiness;
pub mod session_cookie;

pub use acting_for::{ACTING_FOR, ACTING_FOR_ENTRY, ACTING_FOR_PARAMETER, ActingFor, NO_ONE, SESSION_CHANGED, session_changed};
pub use authenticator::SessionAuthenticator;
pub(crate) use not_identified::not_identified;
