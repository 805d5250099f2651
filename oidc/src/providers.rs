//! The configured providers: where a browser is sent, and what it brings back.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{AuthMethodId, ProviderIdentity};
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod};
use openidconnect::{
    AuthType, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Map;

use super::callback::Callback;
use super::discovery::{Discovery, Metadata};
use super::error::{IdTokenFlaw, ProviderError, known_code};
use super::http_client::{HttpClient, HttpError};
use super::id_token::{Expected, IdToken, Unverified};
use super::identity::Proven;
use super::said::{Said, SaidTogether};
use super::settings::{ProviderSettings, ProviderSettingsError};
use super::tokens::{TokenEndpoint, ask_user_info};

/// What ties a provider's answer to our question: three texts that no one can guess, new for each sign-in.
#[derive(Clone, Debug)]
pub struct Proofs {
    /// Comes back with the browser.
    pub state: SecretString,
    /// Comes back inside of the ID token.
    pub nonce: SecretString,
    /// Is sent with the code: 43 to 128 characters of `A-Z`, `a-z`, `0-9`, `-`, `.`, `_`, `~`.
    pub verifier: SecretString,
}

/// Every configured provider. Each is asked for what it publishes when it is first needed, so that one that is down takes no other
/// with it.
#[derive(Clone, Default)]
pub struct Providers(Arc<BTreeMap<AuthMethodId, Provider>>);

struct Provider {
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    scopes: Vec<Scope>,
    prompt: Option<CoreAuthPrompt>,
    discovery: Discovery,
}

type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Providers {
    /// The providers. Each sends browsers back to an address of its own, which `callback` names: an answer at another provider's address
    /// is refused.
    ///
    /// # Errors
    /// When a provider's certificate authority cannot be used.
    pub fn new(settings: Vec<ProviderSettings>, callback: impl Fn(&AuthMethodId) -> String) -> Result<Self, ProviderSettingsError> {
        let providers = settings.into_iter().map(|settings| {
            let redirect = callback(&settings.id);
            Ok((settings.id.clone(), Provider::new(settings, redirect)?))
        });
        Ok(Self(Arc::new(providers.collect::<Result<_, ProviderSettingsError>>()?)))
    }

    /// Whether there is a provider with this id.
    #[must_use]
    pub fn contains(&self, id: &AuthMethodId) -> bool {
        self.0.contains_key(id)
    }

    /// The address to send a browser to.
    ///
    /// # Errors
    /// When the provider is unknown, down, or describes itself in a way that cannot be used.
    pub async fn begin(&self, id: &AuthMethodId, proofs: &Proofs) -> Result<String, ProviderError> {
        let provider = self.find(id)?;
        let metadata = provider.discovery.metadata().await?;
        let client = provider.client(&metadata);
        let (state, nonce) = (text(&proofs.state), text(&proofs.nonce));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(text(&proofs.verifier)));
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client.authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce)).set_pkce_challenge(challenge);
        let request = request.add_scopes(provider.scopes.iter().cloned());
        let request = provider.prompt.iter().cloned().fold(request, openidconnect::AuthorizationRequest::add_prompt);
        Ok(request.url().0.into())
    }

    /// Whom the provider has proven, by what a browser came back with.
    ///
    /// # Errors
    /// When anything is not as it must be. Then no identity is proven.
    pub async fn finish(
        &self,
        id: &AuthMethodId,
        callback: &Callback,
        proofs: &Proofs,
        at: DateTime<Utc>,
    ) -> Result<Proven, ProviderError> {
        let provider = self.find(id)?;
        let state = CsrfToken::new(text(&proofs.state));
        // Compared by their hashes: how long that takes says nothing.
        if callback.state.clone().map(CsrfToken::new).as_ref() != Some(&state) {
            return Err(ProviderError::StateMismatch);
        }
        let metadata = provider.discovery.metadata().await?;
        let says_issuer = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        let code = callback.code(metadata.issuer(), says_issuer)?;
        let client = provider.client(&metadata);
        let request = client.exchange_code(code).map_err(|_| no_token_endpoint())?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(text(&proofs.verifier)));
        let endpoint = TokenEndpoint::new(provider.discovery.http());
        let tokens = request.request_async(&endpoint).await.map_err(no_tokens)?;
        let kept = endpoint.kept();
        if !kept.is_bearer() {
            return Err(ProviderError::TokenType);
        }
        let id_token = IdToken::parse(&kept.id_token.ok_or(ProviderError::NoIdToken)?).ok_or(ProviderError::InvalidTokens)?;
        let nonce = Nonce::new(text(&proofs.nonce));
        let expected = Expected { client_id: &provider.client_id, nonce: &nonce, access_token: tokens.access_token(), at };
        let claims = match id_token.verify(&metadata, &expected) {
            Err(Unverified::UnknownKey) => {
                let metadata = provider.discovery.with_new_keys(&metadata).await?;
                id_token.verify(&metadata, &expected)
            }
            verified => verified,
        };
        let claims = claims.map_err(|unverified| match unverified {
            Unverified::UnknownKey => ProviderError::IdToken(IdTokenFlaw::Signature),
            Unverified::Flaw(flaw) => ProviderError::IdToken(flaw),
        })?;
        let info = match metadata.userinfo_endpoint() {
            Some(endpoint) => ask_user_info(provider.discovery.http(), endpoint, tokens.access_token(), &claims.subject).await?,
            None => Map::new(),
        };
        let SaidTogether { email, email_verified, name } = Said::read(&claims.all).together(Said::read(&info))?;
        let (auth_method, issuer) = (id.clone(), metadata.issuer().to_string());
        Ok(Proven { identity: ProviderIdentity { auth_method, issuer, subject: claims.subject, email, email_verified }, name })
    }

    fn find(&self, id: &AuthMethodId) -> Result<&Provider, ProviderError> {
        self.0.get(id).ok_or_else(|| ProviderError::Unknown(id.clone()))
    }
}

impl Provider {
    fn new(settings: ProviderSettings, redirect: String) -> Result<Self, ProviderSettingsError> {
        let ProviderSettings { id, label: _, issuer, client_id, client_secret, scopes, prompt, authorities } = settings;
        let http = HttpClient::new(authorities.as_deref()).map_err(|_| ProviderSettingsError::Authority { id: id.clone() })?;
        Ok(Self {
            client_id: ClientId::new(client_id),
            client_secret: client_secret.map(|secret| ClientSecret::new(text(&secret))),
            redirect: RedirectUrl::new(redirect).expect("the callback is a URL"),
            // `openid` comes by itself.
            scopes: scopes.into_iter().filter(|scope| scope != "openid").map(Scope::new).collect(),
            prompt: prompt.map(|prompt| match prompt.as_str() {
                "select_account" => CoreAuthPrompt::SelectAccount,
                "login" => CoreAuthPrompt::Login,
                _ => CoreAuthPrompt::Consent,
            }),
            discovery: Discovery::new(IssuerUrl::new(issuer).expect("the settings hold a URL"), http),
        })
    }

    fn client(&self, metadata: &Arc<Metadata>) -> Client {
        let methods = metadata.token_endpoint_auth_methods_supported();
        let only_in_body = methods.is_some_and(|methods| {
            methods.contains(&CoreClientAuthMethod::ClientSecretPost) && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        CoreClient::from_provider_metadata(Metadata::clone(metadata), self.client_id.clone(), self.client_secret.clone())
            .set_auth_type(if only_in_body { AuthType::RequestBody } else { AuthType::BasicAuth })
            .set_redirect_uri(self.redirect.clone())
    }
}

fn text(secret: &SecretString) -> String {
    secret.expose_secret().to_owned()
}

fn no_token_endpoint() -> ProviderError {
    ProviderError::Unusable { reason: "it names no token endpoint".to_owned() }
}

fn no_tokens<T: openidconnect::ErrorResponse + serde::Serialize>(error: RequestTokenError<HttpError, T>) -> ProviderError {
    match error {
        RequestTokenError::ServerResponse(response) => {
            let response = serde_json::to_value(&response).unwrap_or_default();
            ProviderError::CodeRefused { code: known_code(response["error"].as_str().unwrap_or_default()) }
        }
        RequestTokenError::Request(error) => error.to_provider_error(),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => ProviderError::InvalidTokens,
    }
}
