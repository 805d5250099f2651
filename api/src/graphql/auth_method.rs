//! The ways to sign in that this Roster is configured for.

use async_graphql::{Enum, ID, SimpleObject};

/// A way to sign in, as configured by the operator.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct AuthMethod {
    /// What inputs take, such as `password`.
    id: ID,
    /// What it is made of.
    kind: AuthMethodKind,
    /// What people read, such as "Email and password".
    label: String,
}

/// What a way to sign in is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AuthMethodKind {
    /// E-mail and a password that Roster keeps a hash of.
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

/// The configured methods among some ids. One that is configured no more is left out.
pub(super) fn configured(offered: &[domain::AuthMethod], ids: &[domain::AuthMethodId]) -> Vec<AuthMethod> {
    offered.iter().filter(|method| ids.contains(&method.id)).map(AuthMethod::from).collect()
}
