//! The languages in which Roster writes to people.

use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;

text_enum!(
    /// A language, by its code (BCP 47).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Language {
        /// English.
        #[default]
        En = "en",
        /// German.
        De = "de",
    }
);

impl Language {
    /// The word that people read, in English.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "German",
        }
    }
}
