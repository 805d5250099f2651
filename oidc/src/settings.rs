//! What an operator says about a provider.

use std::fmt;

use domain::{AuthMethod, AuthMethodId, AuthMethodKind};
use reqwest::Url;
use secrecy::SecretString;

use super::http_client::is_private;

/// How many characters a label may have: it stands on a button.
const LABEL_LENGTH: usize = 60;

/// One provider, as configured.
#[derive(Clone)]
pub struct ProviderSettings {
    pub(super) id: AuthMethodId,
    pub(super) label: String,
    /// As the provider writes it: with or without a slash at the end, that is another issuer.
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) client_secret: Option<SecretString>,
    pub(super) scopes: Vec<String>,
    pub(super) prompt: Option<String>,
    /// Certificates (PEM) that are trusted besides the public ones.
    pub(super) authorities: Option<Vec<u8>>,
}

/// What is wrong with the configured providers. Never repeats a secret.
#[derive(Debug, thiserror::Error)]
pub enum ProviderSettingsError {
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file of the providers is not as it must be.
    #[error("{path}, line {line}: {problem}")]
    Syntax {
        /// The file.
        path: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// The id can name no way to sign in.
    #[error("the provider id {id:?} must have 1 to 32 lower-case letters, digits and hyphens")]
    Id {
        /// The id.
        id: String,
    },
    /// The id names something else already.
    #[error("a provider cannot have the id {id}: it means signing in with e-mail and password")]
    ReservedId {
        /// The id.
        id: AuthMethodId,
    },
    /// Two providers have one id.
    #[error("two providers have the id {id}")]
    DuplicateId {
        /// The id.
        id: AuthMethodId,
    },
    /// Nothing to show on a button.
    #[error("the label of the provider {id} must have 1 to {LABEL_LENGTH} characters")]
    Label {
        /// The provider.
        id: AuthMethodId,
    },
    /// Not an address to ask.
    #[error("the issuer of the provider {id} must look like https://id.example.com, as the provider writes it, without ? and #")]
    Issuer {
        /// The provider.
        id: AuthMethodId,
    },
    /// An address of another machine, without TLS.
    #[error("the issuer of the provider {id} must begin with https:// (http:// is for providers on this machine only)")]
    PlainIssuer {
        /// The provider.
        id: AuthMethodId,
    },
    /// Nothing that the provider knows us by.
    #[error("the provider {id} needs the client_id that it knows Roster by")]
    ClientId {
        /// The provider.
        id: AuthMethodId,
    },
    /// An empty secret, or two.
    #[error("the provider {id} needs a client_secret or a client_secret_file that is not empty; a public client has neither")]
    ClientSecret {
        /// The provider.
        id: AuthMethodId,
    },
    /// Scopes without the one that makes it OpenID Connect.
    #[error("the scopes of the provider {id} must contain \"openid\" and \"email\"")]
    Scopes {
        /// The provider.
        id: AuthMethodId,
    },
    /// Another prompt than those that make sense here.
    #[error("the prompt of the provider {id} must be \"select_account\", \"login\" or \"consent\"")]
    Prompt {
        /// The provider.
        id: AuthMethodId,
    },
    /// The file holds no usable certificate.
    #[error("the ca_file of the provider {id} contains no usable PEM certificate")]
    Authority {
        /// The provider.
        id: AuthMethodId,
    },
}

impl ProviderSettings {
    /// A provider by what it cannot do without.
    ///
    /// # Errors
    /// When the id is reserved, the label or the client id empty or too long, or the issuer no address that can be trusted.
    pub fn parse(id: &str, label: &str, issuer: &str, client_id: &str) -> Result<Self, ProviderSettingsError> {
        let id = AuthMethodId::parse(id).map_err(|_| ProviderSettingsError::Id { id: id.to_owned() })?;
        let label = label.trim();
        if id == AuthMethodId::password() {
            return Err(ProviderSettingsError::ReservedId { id });
        }
        if !(1..=LABEL_LENGTH).contains(&label.chars().count()) || label.contains(char::is_control) {
            return Err(ProviderSettingsError::Label { id });
        }
        check_issuer(issuer, &id)?;
        if client_id.trim().is_empty() {
            return Err(ProviderSettingsError::ClientId { id });
        }
        Ok(Self {
            id,
            label: label.to_owned(),
            issuer: issuer.to_owned(),
            client_id: client_id.trim().to_owned(),
            client_secret: None,
            scopes: ["openid", "email", "profile"].map(str::to_owned).to_vec(),
            prompt: None,
            authorities: None,
        })
    }

    /// Google, which asks everybody which of their accounts they mean.
    ///
    /// # Errors
    /// When the client id or the secret is empty.
    pub fn google(client_id: &str, client_secret: SecretString) -> Result<Self, ProviderSettingsError> {
        let google = Self::parse("google", "Google", "https://accounts.google.com", client_id)?;
        Self { prompt: Some("select_account".to_owned()), ..google }.with_secret(client_secret)
    }

    /// The same with the secret that the provider gave us.
    ///
    /// # Errors
    /// When it is empty.
    pub fn with_secret(self, client_secret: SecretString) -> Result<Self, ProviderSettingsError> {
        use secrecy::ExposeSecret;
        if client_secret.expose_secret().is_empty() {
            return Err(ProviderSettingsError::ClientSecret { id: self.id });
        }
        Ok(Self { client_secret: Some(client_secret), ..self })
    }

    /// The way to sign in that this provider is.
    #[must_use]
    pub fn auth_method(&self) -> AuthMethod {
        AuthMethod { id: self.id.clone(), kind: AuthMethodKind::OpenIdConnect, label: self.label.clone() }
    }
}

/// Refuses providers of which two have one id.
///
/// # Errors
/// Naming the id.
pub fn require_distinct(providers: &[ProviderSettings]) -> Result<(), ProviderSettingsError> {
    let twice = |(index, one): &(usize, &ProviderSettings)| providers[..*index].iter().any(|other| other.id == one.id);
    match providers.iter().enumerate().find(twice) {
        Some((_, provider)) => Err(ProviderSettingsError::DuplicateId { id: provider.id.clone() }),
        None => Ok(()),
    }
}

fn check_issuer(issuer: &str, id: &AuthMethodId) -> Result<(), ProviderSettingsError> {
    let unusable = || ProviderSettingsError::Issuer { id: id.clone() };
    let url: Url = issuer.parse().map_err(|_| unusable())?;
    if url.scheme() == "http" && !is_private(&url) {
        return Err(ProviderSettingsError::PlainIssuer { id: id.clone() });
    }
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if is_bare && is_private(&url) && issuer.trim() == issuer { Ok(()) } else { Err(unusable()) }
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, label, issuer, .. } = self;
        f.debug_struct("ProviderSettings").field("id", id).field("label", label).field("issuer", issuer).finish_non_exhaustive()
    }
}
