//! What happened to an export.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::AccountId;
use crate::text_enum::text_enum;

/// What happened to an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportEvent {
    /// It was requested by an actor who may export.
    Requested {
        /// The account that it is taken out of.
        account_id: AccountId,
        /// What is taken out.
        what: Exported,
        /// Its format.
        format: ExportFormat,
        /// Which part of it.
        filter: ExportFilter,
        /// Whether personal values stay sealed.
        sealed: bool,
    },
}

text_enum!(
    /// What can be taken out of an account.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Exported {
        /// What happened.
        History = "history",
        /// Who its users are.
        Users = "users",
    }
);

text_enum!(
    /// The form of what is taken out. As it is stored and typed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    ExportFormat {
        /// A JSON object on each line.
        Ndjson = "ndjson",
        /// A table.
        Csv = "csv",
    }
);

/// Which part is exported: the names of the filters, each with the values that it admits. It holds nothing personal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExportFilter(BTreeMap<String, Vec<String>>);

impl ExportFilter {
    /// Narrows it to values, which must not be personal. Without values it adds no filter.
    #[must_use]
    pub fn narrowed(mut self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        let values: Vec<_> = values.into_iter().collect();
        if !values.is_empty() {
            self.0.insert(name.to_owned(), values);
        }
        self
    }

    /// Says that it was narrowed by a value that may be personal, and does not hold it.
    #[must_use]
    pub fn narrowed_in_private(mut self, name: &str) -> Self {
        self.0.insert(name.to_owned(), vec![]);
        self
    }

    /// The names of what narrows it, in the order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
