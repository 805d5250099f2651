use std::borrow::Cow;

use axum::extract::ws::{CloseFrame, Message};

/// Why a socket is closed, as the subprotocol numbers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: Cow<'static, str>,
}

impl Close {
    pub(super) const LEFT: Self = Self::new(1000, "Closed");
    pub(super) const GOING_AWAY: Self = Self::new(1001, "The server is stopping: connect again");
    pub(super) const BROKEN: Self = Self::new(1002, "Protocol error");
    pub(super) const SILENT: Self = Self::new(1008, "No sign of life");
    pub(super) const TOO_LARGE: Self = Self::new(1009, "Message too large");
    pub(super) const UNAVAILABLE: Self = Self::new(1013, "Unavailable: connect again in a few seconds");
    pub(super) const INVALID_MESSAGE: Self = Self::new(4400, "Invalid message");
    pub(super) const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    pub(super) const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    pub(super) const ACCESS_ENDED: Self = Self::new(4403, "Forbidden: the session has ended or its rights have changed");
    pub(super) const SUBPROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    pub(super) const INIT_TIMEOUT: Self = Self::new(4408, "Connection initialisation timeout");
    pub(super) const SUBSCRIBER_EXISTS: Self = Self::new(4409, "Subscriber already exists");
    pub(super) const TOO_MANY_INITS: Self = Self::new(4429, "Too many initialisation requests");
    pub(super) const INTERNAL: Self = Self::new(4500, "Internal server error");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// The application refuses the caller. Its code comes first, for programs.
    pub(super) fn refused(code: &str, message: &str) -> Self {
        // A control frame holds 125 bytes, two of them the code.
        const MAX_BYTES: usize = 123;
        let mut reason = format!("{code}: {message}");
        reason.truncate(reason.floor_char_boundary(MAX_BYTES));
        Self { code: Self::FORBIDDEN.code, reason: Cow::Owned(reason) }
    }
}

impl From<Close> for Message {
    fn from(close: Close) -> Self {
        Self::Close(Some(CloseFrame { code: close.code, reason: close.reason.as_ref().into() }))
    }
}
