//! What happened to an account.

use serde::{Deserialize, Serialize};

use crate::{Name, Slug};

/// What happened to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountEvent {
    /// It was opened.
    Opened {
        /// What people read.
        name: Name,
        /// Its part of every link.
        slug: Slug,
    },
}
