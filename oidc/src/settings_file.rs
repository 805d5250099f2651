//! The file in which an operator describes providers.

use std::fs;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;

use super::settings::{ProviderSettings, ProviderSettingsError, require_distinct};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvidersFile {
    #[serde(default)]
    provider: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    label: String,
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    client_secret_file: Option<PathBuf>,
    scopes: Option<Vec<String>>,
    prompt: Option<String>,
    ca_file: Option<PathBuf>,
}

/// Reads a TOML file with a `[[provider]]` for each. The files that it names lie beside it, unless their paths are absolute.
///
/// # Errors
/// When a file cannot be read, a key is unknown or missing, or a value is not as it must be. No secret is in the error.
pub fn read_providers(path: &Path) -> Result<Vec<ProviderSettings>, ProviderSettingsError> {
    let text = String::from_utf8(read(path)?).map_err(|_| syntax(path, "", None, "is not UTF-8"))?;
    let parsed: ProvidersFile = toml::from_str(&text).map_err(|error| {
        let offset = error.span().map(|span| span.start);
        // Other messages repeat the value, which may be a secret.
        let named = ["unknown field", "missing field", "duplicate key"].iter().any(|known| error.message().starts_with(known));
        syntax(path, &text, offset, if named { error.message() } else { "this is not understood" })
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let providers = parsed.provider.into_iter().map(|entry| entry.parse(folder)).collect::<Result<Vec<_>, _>>()?;
    require_distinct(&providers)?;
    Ok(providers)
}

impl Entry {
    fn parse(self, folder: &Path) -> Result<ProviderSettings, ProviderSettingsError> {
        let settings = ProviderSettings::parse(&self.id, &self.label, &self.issuer, &self.client_id)?;
        let id = settings.id.clone();
        let secret = match (self.client_secret, self.client_secret_file) {
            (None, None) => None,
            (Some(secret), None) => Some(SecretString::from(secret)),
            (None, Some(file)) => {
                let secret = String::from_utf8(read(&folder.join(file))?);
                let secret = secret.map_err(|_| ProviderSettingsError::ClientSecret { id: id.clone() })?;
                Some(SecretString::from(secret.trim()))
            }
            (Some(_), Some(_)) => return Err(ProviderSettingsError::ClientSecret { id }),
        };
        let mut settings = match secret {
            Some(secret) => settings.with_secret(secret)?,
            None => settings,
        };
        if let Some(scopes) = self.scopes {
            let names = |scope: &str| scopes.iter().any(|named| named == scope);
            if !(names("openid") && names("email")) {
                return Err(ProviderSettingsError::Scopes { id });
            }
            settings.scopes = scopes;
        }
        if self.prompt.as_deref().is_some_and(|prompt| !["select_account", "login", "consent"].contains(&prompt)) {
            return Err(ProviderSettingsError::Prompt { id });
        }
        settings.prompt = self.prompt;
        if let Some(file) = self.ca_file {
            let authorities = read(&folder.join(file))?;
            // An empty bundle would be taken, and then trust no new authority.
            if !authorities.windows(27).any(|window| window == b"-----BEGIN CERTIFICATE-----") {
                return Err(ProviderSettingsError::Authority { id });
            }
            settings.authorities = Some(authorities);
        }
        Ok(settings)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ProviderSettingsError> {
    fs::read(path).map_err(|source| ProviderSettingsError::File { path: path.display().to_string(), source })
}

fn syntax(path: &Path, text: &str, offset: Option<usize>, problem: &str) -> ProviderSettingsError {
    let before = text.get(..offset.unwrap_or_default()).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    ProviderSettingsError::Syntax { path: path.display().to_string(), line, problem: problem.to_owned() }
}
