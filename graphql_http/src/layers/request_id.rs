//! The id of a request.
//!
//! tower-http's `SetRequestIdLayer` takes over whatever a client sends. Ours takes over an id only from a trusted proxy, and only one short token
//! (`only_a_short_harmless_token_is_taken_over`, `of_two_ids_none_is_believed`): the id is stored with events and written to the log.

use std::{fmt, net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use uuid::Uuid;

use crate::layers::trusted_proxies::TrustedProxies;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_BYTES: usize = 64;

/// Names one request in its answer, in the log and in what it caused: a UUID v7, or a short token from a trusted proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id the layer gave this request; a new one where the layer is not mounted.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_else(Self::new)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn new() -> Self {
        Self(Uuid::now_v7().to_string().into())
    }

    /// What a proxy sent, where it is one short, harmless token.
    fn received(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(HEADER).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        let token = value.to_str().ok()?;
        let is_short = (1..=MAX_BYTES).contains(&token.len());
        let is_harmless = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        (is_short && is_harmless).then(|| Self(token.into()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Middleware: gives the request its id and repeats it in the answer. An id from a peer that is not a trusted proxy is ignored: it could
/// imitate another request.
pub(crate) async fn assign(State(proxies): State<Arc<TrustedProxies>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_of_proxy = peer.is_some_and(|ConnectInfo(peer)| proxies.contains(peer.ip()));
    let received = is_of_proxy.then(|| RequestId::received(request.headers())).flatten();
    let id = received.unwrap_or_else(RequestId::new);
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_short_harmless_token_is_taken_over() {
        let longest = "x".repeat(MAX_BYTES);
        let too_long = "x".repeat(MAX_BYTES + 1);
        for (sent, is_taken) in [
            ("0197a1b2-c3d4", true),
            ("A_b-9", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("", false),
            ("a b", false),
            ("a\tb", false),
            ("a\"b", false),
            ("{\"level\":\"error\"}", false),
        ] {
            let headers = HeaderMap::from_iter([(HEADER, HeaderValue::from_str(sent).unwrap())]);
            assert_eq!(RequestId::received(&headers).is_some(), is_taken, "{sent}");
        }
    }

    #[test]
    fn of_two_ids_none_is_believed() {
        let mut headers = HeaderMap::new();
        headers.append(HEADER, HeaderValue::from_static("a"));
        headers.append(HEADER, HeaderValue::from_static("b"));
        assert_eq!(RequestId::received(&headers), None);
    }

    #[test]
    fn a_new_id_is_a_uuid_of_version_7() {
        let id = RequestId::of(&Extensions::new());
        assert_eq!(Uuid::parse_str(id.as_str()).unwrap().get_version_num(), 7);
    }
}
