//! What happened to a session.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, AuthMethodId, Personal, UserId};

/// What happened to a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionEvent {
    /// A user signed in.
    Started {
        /// Their account.
        account_id: AccountId,
        /// The user.
        user_id: UserId,
        /// The way to sign in.
        auth_method: AuthMethodId,
        /// When it expires.
        expires_at: DateTime<Utc>,
        /// The address that they came from, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<Personal<IpAddr>>,
        /// The user agent, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_agent: Option<Personal<String>>,
    },
    /// It was ended before it expired.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

/// Why a session ended before it expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The user signed out.
    SignedOut,
    /// It was ended from elsewhere: by the user, or by an admin.
    Ended,
}
