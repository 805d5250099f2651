//! Whom a provider has proven.

use std::fmt;

use domain::AuthMethodId;

/// Whom a provider has proven. The issuer and the subject together name a person for ever; the address may change.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderIdentity {
    /// The provider.
    pub auth_method: AuthMethodId,
    /// The provider's own name for itself.
    pub issuer: String,
    /// The provider's name for the person, never given to another.
    pub subject: String,
    /// Their address, if the provider tells.
    pub email: Option<String>,
    /// Whether the provider has seen that the address is theirs.
    pub email_verified: bool,
    /// What they are called, if the provider tells.
    pub name: Option<String>,
}

impl fmt::Debug for ProviderIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderIdentity").field("auth_method", &self.auth_method).finish_non_exhaustive()
    }
}
