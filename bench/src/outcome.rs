//! How everything here can fail: with a sentence for the person at the terminal.

/// A result, or why it is missing.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
