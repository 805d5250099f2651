//! How a user has proved who they are.

use std::fmt;

use crate::{AuthMethodId, EmailAddress};

/// How a user has proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// With the password of the user, or by choosing one.
    Password,
    /// By signing in at a provider.
    Provider(ProviderIdentity),
}

impl Proof {
    /// The way to sign in that it belongs to.
    #[must_use]
    pub fn auth_method(&self) -> AuthMethodId {
        match self {
            Self::Password => AuthMethodId::password(),
            Self::Provider(identity) => identity.auth_method.clone(),
        }
    }
}

/// Who a user is to a provider, as the provider has signed it.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderIdentity {
    /// The configured provider.
    pub auth_method: AuthMethodId,
    /// The issuer, as its tokens name it.
    pub issuer: String,
    /// The issuer's own name for the person: it never changes, and belongs to no one else.
    pub subject: String,
    /// Their address there, if the provider says it and it is one.
    pub email: Option<EmailAddress>,
    /// Whether the provider says that the address is theirs.
    pub email_verified: bool,
}

impl ProviderIdentity {
    /// The address, if the provider vouches for it.
    #[must_use]
    pub fn verified_email(&self) -> Option<&EmailAddress> {
        self.email.as_ref().filter(|_| self.email_verified)
    }
}

impl fmt::Debug for ProviderIdentity {
    /// Without what speaks of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderIdentity").field("auth_method", &self.auth_method).field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
