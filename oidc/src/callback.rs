//! What a browser comes back with.

use openidconnect::AuthorizationCode;
use serde::Deserialize;

use super::error::{ProviderError, known_code};

/// The query with which a provider sends a browser back. Each value may be there once: reading it fails otherwise.
#[derive(Clone, Default, Deserialize)]
pub struct Callback {
    /// What the provider gives tokens for.
    pub code: Option<String>,
    /// What we sent along.
    pub state: Option<String>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl Callback {
    /// The code, if this is the answer of the provider that was asked. An error counts only if it comes from there, too.
    pub(super) fn code(&self, issuer: &str, says_issuer: bool) -> Result<AuthorizationCode, ProviderError> {
        match self.iss.as_deref() {
            Some(said) if said != issuer => return Err(ProviderError::IssuerMismatch),
            None if says_issuer => return Err(ProviderError::IssuerMissing),
            _ => {}
        }
        match (self.error.as_deref(), &self.code) {
            (Some("access_denied" | "login_required" | "consent_required" | "interaction_required" | "account_selection_required"), _) => {
                Err(ProviderError::Declined)
            }
            (Some("temporarily_unavailable" | "server_error"), _) => {
                Err(ProviderError::Unreachable { reason: "it says that it has a problem".to_owned() })
            }
            (Some(other), _) => Err(ProviderError::Refused { code: known_code(other) }),
            (None, Some(code)) if !code.is_empty() => Ok(AuthorizationCode::new(code.clone())),
            (None, _) => Err(ProviderError::NoCode),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example";

    fn code(query: &[(&str, &str)], says_issuer: bool) -> Result<String, ProviderError> {
        let mut callback = Callback::default();
        for (name, value) in query {
            let value = Some((*value).to_owned());
            match *name {
                "code" => callback.code = value,
                "iss" => callback.iss = value,
                _ => callback.error = value,
            }
        }
        callback.code(ISSUER, says_issuer).map(|code| code.secret().clone())
    }

    #[test]
    fn an_answer_must_come_from_the_provider_that_was_asked() {
        assert_eq!(code(&[("code", "c"), ("iss", ISSUER)], true).as_deref(), Ok("c"));
        assert_eq!(code(&[("code", "c")], false).as_deref(), Ok("c"), "older providers do not say");
        assert_eq!(code(&[("code", "c")], true), Err(ProviderError::IssuerMissing));
        for other in ["https://evil.example", "https://id.example/", "HTTPS://id.example", ""] {
            for promised in [true, false] {
                assert_eq!(code(&[("code", "c"), ("iss", other)], promised), Err(ProviderError::IssuerMismatch), "{other}");
                assert_eq!(code(&[("error", "access_denied"), ("iss", other)], promised), Err(ProviderError::IssuerMismatch), "{other}");
            }
        }
    }

    #[test]
    fn an_error_is_repeated_only_if_it_is_made_like_one() {
        assert_eq!(code(&[("error", "access_denied")], false), Err(ProviderError::Declined));
        assert_eq!(code(&[("error", "access_denied"), ("code", "c")], false), Err(ProviderError::Declined));
        assert_eq!(code(&[("error", "invalid_scope")], false), Err(ProviderError::Refused { code: "invalid_scope".to_owned() }));
        for odd in ["<script>", "Call +1 555", "", &"a".repeat(65)] {
            assert_eq!(code(&[("error", odd)], false), Err(ProviderError::Refused { code: "unknown".to_owned() }));
        }
        assert_eq!(code(&[], false), Err(ProviderError::NoCode));
        assert_eq!(code(&[("code", "")], false), Err(ProviderError::NoCode));
    }
}
