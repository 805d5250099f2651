//! Languages.

use async_graphql::Enum;

/// A language in which Roster writes to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Language")]
pub(crate) enum Language {
    /// Texts are in English.
    En,
    /// Texts are in German.
    De,
}
