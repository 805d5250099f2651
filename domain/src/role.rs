//! What a user is in their account.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;

text_enum!(
    /// A user's role, the weakest first. What each may do is decided in one table: [`crate::permitted`].
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Role {
        /// Reads the product only.
        #[default]
        Viewer = "viewer",
        /// Works with the product; no rights over users.
        Editor = "editor",
        /// Everything, users included.
        Admin = "admin",
    }
);

/// A text that is not a role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such role: choose admin, editor or viewer")]
pub struct UnknownRole;

impl Role {
    /// The word that people read: `Viewer`, `Editor`, `Admin`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Viewer => "Viewer",
            Self::Editor => "Editor",
            Self::Admin => "Admin",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str().eq_ignore_ascii_case(text)).ok_or(UnknownRole)
    }
}
