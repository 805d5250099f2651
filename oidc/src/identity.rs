//! Whom a provider has proven.

use domain::ProviderIdentity;

/// Whom a provider has proven. The issuer and the subject together name a person forever; the address may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Who they are there.
    pub identity: ProviderIdentity,
    /// What they are called there, if the provider tells.
    pub name: Option<PersonName>,
}

/// The name of a person, as a provider writes it: not looked at yet, and not for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(pub String);

impl std::fmt::Debug for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonName(…)")
    }
}
