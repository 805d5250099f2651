//! Sessions that are ended: by whoever asks through them, from elsewhere, or all at once.

mod end_session;
mod end_sessions;
mod sign_out;

pub use end_sessions::EndSessions;
