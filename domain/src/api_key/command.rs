//! What can be asked of an API key.

use chrono::{DateTime, Utc};

use crate::{AccountId, ApiKeyLifetime, ApiScopes, Name, UserId};

/// A command to one API key's stream.
#[derive(Clone, Debug)]
pub enum ApiKeyCommand {
    /// Begins the stream.
    Create(CreateApiKey),
    /// Ends it.
    Revoke,
}

/// Makes an API key.
#[derive(Clone, Debug)]
pub struct CreateApiKey {
    /// Its account.
    pub account_id: AccountId,
    /// Its owner.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: Name,
    /// What it may be used for.
    pub scopes: ApiScopes,
    /// How long it works.
    pub lifetime: ApiKeyLifetime,
    /// Now.
    pub at: DateTime<Utc>,
}
