//! What happened to a service key.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, ApiScopes, Name};

/// What happened to a service key. Its name is that of a program, and in plain text, as the account's name is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceKeyEvent {
    /// It was created; never its secret.
    Created {
        /// The account for which it acts.
        account_id: AccountId,
        /// What the program is called.
        name: Name,
        /// What it may be used for.
        scopes: ApiScopes,
        /// When it expires.
        expires_at: DateTime<Utc>,
    },
    /// It was revoked before its time.
    Revoked {
        /// What the program is called.
        name: Name,
    },
}
