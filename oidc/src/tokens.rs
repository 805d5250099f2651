//! The answers of the token endpoint and of user info, of which only what Roster uses is read.

use std::sync::{Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use openidconnect::http::header::{ACCEPT, AUTHORIZATION};
use openidconnect::http::{HeaderValue, Method};
use openidconnect::{AccessToken, AsyncHttpClient, HttpRequest, HttpResponse, UserInfoUrl};
use serde_json::{Map, Value, json};

use super::error::ProviderError;
use super::http_client::{HttpClient, HttpError};

/// Asks the token endpoint. openidconnect gets to see the access token and its type alone; the ID token is kept beside.
pub(super) struct TokenEndpoint<'a> {
    http: &'a HttpClient,
    kept: Mutex<Kept>,
}

/// What the endpoint answered besides the access token.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) id_token: Option<String>,
    token_type: Option<String>,
}

impl Kept {
    /// Whether the access token is of the one type that can be sent to user info. The case of its letters does not count (RFC 6749, 5.1).
    pub(super) fn is_bearer(&self) -> bool {
        self.token_type.as_deref().is_some_and(|said| said.eq_ignore_ascii_case("bearer"))
    }
}

impl<'a> TokenEndpoint<'a> {
    pub(super) fn new(http: &'a HttpClient) -> Self {
        Self { http, kept: Mutex::default() }
    }

    /// What was kept of the answer.
    pub(super) fn kept(&self) -> Kept {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, response: HttpResponse) -> HttpResponse {
        let Some(answer) = object(&response).filter(|_| response.status().is_success()) else { return response };
        let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
        let kept = Kept { id_token: text("id_token"), token_type: text("token_type") };
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = kept;
        // An answer without these is as incomplete for openidconnect as it was.
        let used = ["access_token", "token_type"].into_iter().filter_map(|name| Some((name.to_owned(), answer.get(name)?.clone())));
        let used: Map<String, Value> = used.collect();
        response.map(|_| json!(used).to_string().into_bytes())
    }
}

impl<'c> AsyncHttpClient<'c> for TokenEndpoint<'_> {
    type Error = HttpError;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        async move { Ok(self.keep(self.http.call(request).await?)) }.boxed()
    }
}

/// What the provider says about the holder of an access token, who must be this subject.
pub(super) async fn ask_user_info(
    http: &HttpClient,
    endpoint: &UserInfoUrl,
    token: &AccessToken,
    subject: &str,
) -> Result<Map<String, Value>, ProviderError> {
    let bearer = HeaderValue::from_str(&format!("Bearer {}", token.secret())).map_err(|_| ProviderError::InvalidTokens)?;
    let mut request = HttpRequest::new(Vec::new());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = endpoint.as_str().parse().map_err(|_| unusable())?;
    request.headers_mut().insert(AUTHORIZATION, bearer);
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    let response = http.call(request).await.map_err(|error| error.to_provider_error())?;
    if !response.status().is_success() {
        return Err(ProviderError::InvalidUserInfo);
    }
    let info = object(&response).ok_or(ProviderError::InvalidUserInfo)?;
    match info.get("sub").and_then(Value::as_str) {
        Some(said) if said == subject => Ok(info),
        Some(_) => Err(ProviderError::SubjectMismatch),
        None => Err(ProviderError::InvalidUserInfo),
    }
}

fn object(response: &HttpResponse) -> Option<Map<String, Value>> {
    serde_json::from_slice(response.body()).ok()
}

fn unusable() -> ProviderError {
    ProviderError::Unusable { reason: "the address of its user info is not a URL".to_owned() }
}
