//! What happened to an export.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::AccountId;

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

/// What can be taken out of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exported {
    /// What happened.
    History,
    /// Who its users are.
    Users,
}

impl Exported {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Users => "users",
        }
    }
}

/// The form of what is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// A JSON object on each line.
    Ndjson,
    /// A table.
    Csv,
}

impl ExportFormat {
    /// As it is stored and typed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }
}

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
