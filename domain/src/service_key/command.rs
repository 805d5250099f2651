//! What can be asked of a service key.

use chrono::{DateTime, Utc};

use crate::{AccountId, ApiKeyLifetime, ApiScopes, Name};

/// A command to one service key's stream.
#[derive(Clone, Debug)]
pub enum ServiceKeyCommand {
    /// Begins the stream.
    Create(CreateServiceKey),
    /// Ends it.
    Revoke,
}

/// Creates a service key.
#[derive(Clone, Debug)]
pub struct CreateServiceKey {
    /// The account for which it acts.
    pub account_id: AccountId,
    /// What the program is called.
    pub name: Name,
    /// What it may be used for.
    pub scopes: ApiScopes,
    /// How long it works.
    pub lifetime: ApiKeyLifetime,
    /// Now.
    pub at: DateTime<Utc>,
}
