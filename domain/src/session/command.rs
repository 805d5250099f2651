//! What can be asked of a session.

use chrono::{DateTime, Utc};

use super::EndReason;
use crate::{AccountId, AuthMethodId, Client, UserId};

/// A command to one session's stream.
#[derive(Clone, Debug)]
pub enum SessionCommand {
    /// Begins the stream: a user has proved who they are.
    Start(StartSession),
    /// Ends it.
    End(EndReason),
}

/// Starts a session for a user who has proved who they are.
#[derive(Clone, Debug)]
pub struct StartSession {
    /// Their account.
    pub account_id: AccountId,
    /// The user.
    pub user_id: UserId,
    /// How they proved it.
    pub auth_method: AuthMethodId,
    /// Whether the user has access now.
    pub user_is_active: bool,
    /// Whether the user may sign in this way.
    pub method_is_allowed: bool,
    /// When the session expires.
    pub expires_at: DateTime<Utc>,
    /// Where the request comes from.
    pub client: Client,
}
