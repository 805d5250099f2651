//! The short name of an account in addresses of pages.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// First path segments that belong to the server itself.
const RESERVED: &[&str] = &[
    "account",
    "admin",
    "api",
    "api-keys",
    "assets",
    "audit-log",
    "auth",
    "docs",
    "forgot-password",
    "graphiql",
    "graphql",
    "healthz",
    "history",
    "login",
    "mail-previews",
    "mailbox",
    "metrics",
    "overview",
    "password",
    "profile",
    "readyz",
    "service-keys",
    "sign-in",
    "sign-out",
    "static",
    "users",
    "welcome",
];

/// An account's short name: 2 to 40 of `a-z`, `0-9` and single inner hyphens; unique in a Roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// Why a text is no slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSlug {
    /// Characters or lengths outside of the rule.
    #[error("a short name has 2 to 40 lower-case letters, digits and single hyphens between them")]
    Shape,
    /// A word that the server uses as a path of its own.
    #[error("this short name is reserved")]
    Reserved,
}

impl Slug {
    /// Reads a slug; capitals are folded to lower case.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidSlug> {
        let slug = Self::shaped(text)?;
        if RESERVED.contains(&slug.as_str()) { Err(InvalidSlug::Reserved) } else { Ok(slug) }
    }

    fn shaped(text: &str) -> Result<Self, InvalidSlug> {
        let slug = text.trim().to_ascii_lowercase();
        let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let is_slug = (2..=40).contains(&slug.len()) && slug.split('-').all(part);
        if is_slug { Ok(Self(slug)) } else { Err(InvalidSlug::Shape) }
    }

    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was taken before a word was reserved stays readable.
impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::shaped(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_lower_case_words_joined_by_hyphens() {
        assert_eq!(Slug::parse("Acme-2").map(|s| s.0), Ok("acme-2".to_owned()));
        for bad in ["", "a", "-a", "a-", "a--b", "a b", "ä1", "a/b", &"a".repeat(41)] {
            assert_eq!(Slug::parse(bad), Err(InvalidSlug::Shape), "{bad:?}");
        }
    }

    #[test]
    fn paths_of_the_server_are_reserved() {
        for path in ["GraphQL", "users", "audit-log"] {
            assert_eq!(Slug::parse(path), Err(InvalidSlug::Reserved), "{path}");
        }
        let taken_before = serde_json::from_value::<Slug>(serde_json::json!("users"));
        assert_eq!(taken_before.map(|slug| slug.0).ok().as_deref(), Some("users"));
    }
}
