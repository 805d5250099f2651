//! Sessions that are ended: by whoever asks through them, from elsewhere, or all at once.

mod end_session;
mod end_sessions;
mod sign_out;
mod start;

pub use end_sessions::EndSessions;
pub(crate) use start::start_session;
