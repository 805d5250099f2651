//! Sessions: how they start, and how they are ended by the session itself, from elsewhere, or all at once.

mod end_session;
mod end_sessions;
mod sign_out;
mod start;

pub use end_sessions::EndSessions;
