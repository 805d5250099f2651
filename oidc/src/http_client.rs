//! Asks providers over HTTP, and trusts little of what they answer.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use openidconnect::http::header::CONTENT_TYPE;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Url};

use super::error::ProviderError;

/// How long one request may take, with its answer.
const TIME_OUT: Duration = Duration::from_secs(10);
/// How much an answer may hold, in bytes; a large set of keys has 20 KB.
const LIMIT: usize = 1 << 20;

/// Follows no redirects, waits 10 seconds, reads 1 MiB, and speaks in the clear with this machine only.
pub(super) struct HttpClient(Client);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("its address {0} is not https")]
    Plain(Url),
    #[error("its address is not a URL")]
    Address,
    #[error("its answer has more than 1 MiB")]
    TooLarge,
    #[error("it does not answer")]
    Request(#[source] reqwest::Error),
}

impl HttpClient {
    /// A client that trusts the public authorities, and also the given ones (PEM).
    pub(super) fn new(authorities: Option<&[u8]>) -> Result<Self, reqwest::Error> {
        let builder = Client::builder().redirect(Policy::none()).timeout(TIME_OUT).user_agent("Roster");
        let authorities = authorities.map(Certificate::from_pem_bundle).transpose()?.unwrap_or_default();
        let builder = authorities.into_iter().fold(builder, reqwest::ClientBuilder::add_root_certificate);
        Ok(Self(builder.build()?))
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let url: Url = parts.uri.to_string().parse().map_err(|_| HttpError::Address)?;
        if !is_private(&url) {
            return Err(HttpError::Plain(url));
        }
        let request = self.0.request(parts.method, url).headers(parts.headers).body(body);
        let mut answer = request.send().await.map_err(without_address)?;
        let mut read = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(without_address)? {
            if read.len() + chunk.len() > LIMIT {
                return Err(HttpError::TooLarge);
            }
            read.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse::new(read);
        *response.status_mut() = answer.status();
        if let Some(kind) = answer.headers().get(CONTENT_TYPE) {
            response.headers_mut().insert(CONTENT_TYPE, kind.clone());
        }
        Ok(response)
    }
}

/// An error and its causes, as one line.
pub(super) fn with_causes(error: &HttpError) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

impl HttpError {
    /// Whether another time there may be an answer, or the provider describes itself in a way that cannot be used.
    pub(super) fn to_provider_error(&self) -> ProviderError {
        match self {
            Self::Request(_) => ProviderError::Unreachable { reason: with_causes(self) },
            _ => ProviderError::Unusable { reason: self.to_string() },
        }
    }
}

impl<'c> AsyncHttpClient<'c> for HttpClient {
    type Error = HttpError;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        self.ask(request).boxed()
    }
}

/// Whether no one can listen on the way there: TLS, or it never leaves this machine.
pub(super) fn is_private(url: &Url) -> bool {
    let is_here = |host: &str| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    match url.scheme() {
        "https" => url.host_str().is_some(),
        "http" => url.host_str().is_some_and(is_here),
        _ => false,
    }
}

fn without_address(error: reqwest::Error) -> HttpError {
    HttpError::Request(error.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_with_in_the_clear() {
        for (url, expected) in [
            ("https://id.example", true),
            ("http://127.0.0.1:8080/x", true),
            ("http://[::1]:8080", true),
            ("http://localhost", true),
            ("http://id.example", false),
            ("http://127.0.0.1.evil.example", false),
            ("http://localhost.evil.example", false),
            ("http://127.0.0.1@evil.example", false),
            ("ftp://127.0.0.1", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_private(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
