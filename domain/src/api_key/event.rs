//! What happened to an API key.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, ApiScopes, Name, Personal, UserId};

/// What happened to an API key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiKeyEvent {
    /// It was made; never its secret.
    Created {
        /// Its account.
        account_id: AccountId,
        /// Its owner, for whom it acts.
        user_id: UserId,
        /// What its owner calls it.
        name: Personal<Name>,
        /// What it may be used for.
        scopes: ApiScopes,
        /// When it expires.
        expires_at: DateTime<Utc>,
    },
    /// It was taken out of use before its time.
    Revoked {},
}
