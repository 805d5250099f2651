//! The sign-in methods that this server is configured for.

use async_graphql::{Enum, ID, SimpleObject};

/// A sign-in method that the operator has configured.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct AuthMethod {
    /// The id that inputs take, such as `password`.
    id: ID,
    /// The kind of method.
    kind: AuthMethodKind,
    /// The label for people, such as "Email and password".
    label: String,
}

/// The kinds of sign-in methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AuthMethodKind {
    /// An e-mail address and a password. Roster stores only a hash of the password.
    Password,
    /// An OpenID Connect provider.
    OpenIdConnect,
}

impl From<domain::AuthMethodKind> for AuthMethodKind {
    fn from(kind: domain::AuthMethodKind) -> Self {
        match kind {
            domain::AuthMethodKind::Password => Self::Password,
            domain::AuthMethodKind::OpenIdConnect => Self::OpenIdConnect,
        }
    }
}

impl From<&domain::AuthMethod> for AuthMethod {
    fn from(method: &domain::AuthMethod) -> Self {
        Self { id: method.id.as_str().into(), kind: method.kind.into(), label: method.label.clone() }
    }
}

/// The methods with these ids. A method that is no longer configured is left out.
pub(in crate::graphql) fn configured(offered: &[domain::AuthMethod], ids: &[domain::AuthMethodId]) -> Vec<AuthMethod> {
    offered.iter().filter(|method| ids.contains(&method.id)).map(AuthMethod::from).collect()
}
