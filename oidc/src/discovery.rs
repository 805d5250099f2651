//! What a provider publishes about itself: asked for when it is first needed, and remembered for a while.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, DiscoveryError, IssuerUrl, JsonWebKeySet, ProviderMetadata};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::error::ProviderError;
use super::http_client::{HttpClient, HttpError, is_private, with_causes};

/// How long what a provider publishes is taken for true.
const GOOD_FOR: Duration = Duration::from_hours(1);
/// How long a provider that did not answer is not asked again: callers that wait get the same answer.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(5);

/// What a provider publishes, keys included.
pub(super) type Metadata = ProviderMetadata<
    AnswersWithIssuer,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Whether the provider says in each answer who it is (RFC 9207).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct AnswersWithIssuer {
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for AnswersWithIssuer {}

/// One provider, as it describes itself.
pub(super) struct Discovery {
    issuer: IssuerUrl,
    http: HttpClient,
    known: Mutex<Option<Known>>,
}

struct Known {
    metadata: Result<Arc<Metadata>, ProviderError>,
    until: Instant,
}

impl Discovery {
    pub(super) fn new(issuer: IssuerUrl, http: HttpClient) -> Self {
        Self { issuer, http, known: Mutex::new(None) }
    }

    pub(super) fn http(&self) -> &HttpClient {
        &self.http
    }

    /// What the provider publishes. One request asks; others that come meanwhile wait for what it learns.
    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, ProviderError> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| Instant::now() < known.until) {
            return known.metadata.clone();
        }
        let metadata = self.discover().await.map(Arc::new);
        let good_for = if metadata.is_ok() { GOOD_FOR } else { LEFT_ALONE_FOR };
        *known = Some(Known { metadata: metadata.clone(), until: Instant::now() + good_for });
        metadata
    }

    /// The same with the keys that the provider has now, for a token signed with a key that `old` lacks.
    pub(super) async fn with_new_keys(&self, old: &Arc<Metadata>) -> Result<Arc<Metadata>, ProviderError> {
        let mut known = self.known.lock().await;
        match known.as_ref() {
            Some(Known { metadata: Ok(newer), .. }) if !Arc::ptr_eq(newer, old) => return Ok(Arc::clone(newer)),
            _ => {}
        }
        let keys = JsonWebKeySet::fetch_async(old.jwks_uri(), &self.http).await.map_err(provider_error)?;
        let metadata = Arc::new(Metadata::clone(old).set_jwks(keys));
        if let Some(known) = known.as_mut() {
            known.metadata = Ok(Arc::clone(&metadata));
        }
        Ok(metadata)
    }

    async fn discover(&self) -> Result<Metadata, ProviderError> {
        let metadata = Metadata::discover_async(self.issuer.clone(), &self.http).await.map_err(provider_error)?;
        if !is_private(metadata.authorization_endpoint().url()) {
            let reason = "browsers would be sent to an address that is not https".to_owned();
            return Err(ProviderError::Unusable { reason });
        }
        Ok(metadata)
    }
}

fn provider_error(error: DiscoveryError<HttpError>) -> ProviderError {
    match error {
        DiscoveryError::Request(error @ HttpError::Request(_)) => ProviderError::Unreachable { reason: with_causes(&error) },
        DiscoveryError::Request(error) => ProviderError::Unusable { reason: error.to_string() },
        DiscoveryError::Response(status, ..) if status.is_server_error() => {
            ProviderError::Unreachable { reason: format!("it answers {status}") }
        }
        DiscoveryError::Response(status, ..) => ProviderError::Unusable { reason: format!("it answers {status}") },
        DiscoveryError::Validation(reason) => ProviderError::Unusable { reason },
        _ => ProviderError::Unusable { reason: "what it publishes is not OpenID Connect".to_owned() },
    }
}
