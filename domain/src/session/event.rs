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
        /// Who.
        user_id: UserId,
        /// How.
        auth_method: AuthMethodId,
        /// From this instant on it is over.
        expires_at: DateTime<Utc>,
        /// The address that they came from, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<Personal<IpAddr>>,
        /// What their program says of itself, where it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_agent: Option<Personal<String>>,
    },
    /// It was ended before its time.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

/// Why a session ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The user signed out.
    SignedOut,
    /// It was ended from elsewhere: by the user, or by an admin.
    Ended,
}
