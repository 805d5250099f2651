//! Ways to sign in. They are configured data, not an enum: an operator adds providers.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::Refusal;

/// The id of a way to sign in, such as `password` or `google`: 1 to 32 of `a-z`, `0-9`, `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AuthMethodId(String);

/// A text that can name no way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a sign-in method has 1 to 32 lower-case letters, digits and hyphens")]
pub struct InvalidAuthMethodId;

impl AuthMethodId {
    /// Reads an id.
    ///
    /// # Errors
    /// When a character or the length is outside of the rule.
    pub fn parse(text: &str) -> Result<Self, InvalidAuthMethodId> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=32).contains(&text.len()) && text.bytes().all(allowed) { Ok(Self(text.to_owned())) } else { Err(InvalidAuthMethodId) }
    }

    /// Signing in with e-mail and password.
    #[must_use]
    pub fn password() -> Self {
        Self("password".to_owned())
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AuthMethodId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AuthMethodId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A configured way to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthMethod {
    /// Its stable id.
    pub id: AuthMethodId,
    /// What it is made of.
    pub kind: AuthMethodKind,
    /// What people read, such as "Email and password".
    pub label: String,
}

/// What a way to sign in is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMethodKind {
    /// E-mail and a password that Roster keeps a hash of.
    Password,
    /// An OpenID Connect provider.
    OpenIdConnect,
}

/// The ways in which one user may sign in: never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthMethods(BTreeSet<AuthMethodId>);

impl AuthMethods {
    /// Collects ids; repeated ones count once.
    ///
    /// # Errors
    /// [`Refusal::AuthMethodsRequired`] when there is none.
    pub fn parse(ids: impl IntoIterator<Item = AuthMethodId>) -> Result<Self, Refusal> {
        let ids: BTreeSet<_> = ids.into_iter().collect();
        if ids.is_empty() { Err(Refusal::AuthMethodsRequired) } else { Ok(Self(ids)) }
    }

    /// These configured ways, narrowed to those that an account chose. Where it has not chosen, or nothing that it chose is
    /// configured any more, all of them: what an operator takes away locks no user out.
    #[must_use]
    pub fn chosen_by(&self, choice: Option<&Self>) -> Self {
        let both: BTreeSet<_> = choice.iter().flat_map(|choice| self.0.intersection(&choice.0)).cloned().collect();
        if both.is_empty() { self.clone() } else { Self(both) }
    }

    /// Refuses ids that are not among the offered ones.
    pub(crate) fn within(&self, offered: &Self) -> Result<(), Refusal> {
        match self.0.difference(&offered.0).next() {
            Some(unknown) => Err(Refusal::AuthMethodNotOffered { id: unknown.clone() }),
            None => Ok(()),
        }
    }

    /// Whether this way is among them.
    #[must_use]
    pub fn contains(&self, id: &AuthMethodId) -> bool {
        self.0.contains(id)
    }

    /// In the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &AuthMethodId> {
        self.0.iter()
    }
}
