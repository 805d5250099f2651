//! Which providers people may sign in with.

use std::path::PathBuf;

use clap::Args;
use domain::{AuthMethod, AuthMethodId, AuthMethodKind};
use secrecy::SecretString;

use super::Failure;
use oidc::{ProviderSettings, read_providers, require_distinct};

/// The OpenID Connect providers.
#[derive(Args, Clone)]
pub(super) struct ProviderArgs {
    /// The client id of this Roster server at Google, to let users sign in with Google. Requires ROSTER_GOOGLE_CLIENT_SECRET
    #[arg(long, env = "ROSTER_GOOGLE_CLIENT_ID", value_name = "ID", help_heading = "Sign-in with providers")]
    google_client_id: Option<String>,
    /// The client secret from Google. Prefer the variable: other users of this machine can see arguments
    #[arg(
        long,
        env = "ROSTER_GOOGLE_CLIENT_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        help_heading = "Sign-in with providers"
    )]
    google_client_secret: Option<String>,
    /// A TOML file of OpenID Connect providers, with one [[provider]] for each
    ///
    /// Each provider has an id (used in inputs), a label (for the button), an issuer (its address) and a client_id; most also need a client_secret or a
    /// client_secret_file. Optional: scopes, prompt and ca_file. Register {public URL}/sign-in/callback/{id} as the redirect URI. Example:
    ///
    ///   [[provider]]
    ///   id = "company"
    ///   label = "Company account"
    ///   issuer = "https://id.example.com/realms/staff"
    ///   client_id = "roster"
    ///   client_secret_file = "/run/secrets/company"
    #[arg(long, env = "ROSTER_PROVIDERS_FILE", value_name = "FILE", verbatim_doc_comment, help_heading = "Sign-in with providers")]
    providers: Option<PathBuf>,
}

impl ProviderArgs {
    /// All configured providers.
    pub(super) fn read(&self) -> Result<Vec<ProviderSettings>, Failure> {
        let mut providers = self.google()?.into_iter().collect::<Vec<_>>();
        if let Some(file) = &self.providers {
            providers.extend(read_providers(file).map_err(|error| crate::chain::chain(&error))?);
        }
        require_distinct(&providers)?;
        Ok(providers)
    }

    fn google(&self) -> Result<Option<ProviderSettings>, Failure> {
        match (&self.google_client_id, &self.google_client_secret) {
            (Some(id), Some(secret)) => Ok(Some(ProviderSettings::google(id, SecretString::from(secret.as_str()))?)),
            (None, None) => Ok(None),
            _ => Err("set both ROSTER_GOOGLE_CLIENT_ID and ROSTER_GOOGLE_CLIENT_SECRET, or neither".into()),
        }
    }
}

/// The sign-in methods: a password, and each provider.
pub(super) fn auth_methods(providers: &[ProviderSettings]) -> Vec<AuthMethod> {
    let password = AuthMethod { id: AuthMethodId::password(), kind: AuthMethodKind::Password, label: "Email and password".to_owned() };
    std::iter::once(password).chain(providers.iter().map(ProviderSettings::auth_method)).collect()
}
