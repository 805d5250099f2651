//! What the holder of an invitation link may know before accepting.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};

use super::auth_method::AuthMethod;
use super::user::Role;

/// What an invitation is about. Looking at it consumes nothing.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct InvitationPreview {
    /// The name of the account to join.
    pub(super) account_name: String,
    /// The account's part of every link.
    pub(super) account_slug: String,
    /// The invited address, the only one that the invitation works for.
    pub(super) email: String,
    /// The role that waits.
    pub(super) role: Role,
    /// The ways in which it can be accepted.
    pub(super) auth_methods: Vec<AuthMethod>,
    /// From this instant on the link is dead.
    pub(super) expires_at: DateTime<Utc>,
}
