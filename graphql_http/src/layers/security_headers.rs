use axum::{
    Router,
    extract::{Request, State},
    http::{
        HeaderName, HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::{Next, from_fn_with_state},
    response::Response,
};

use crate::layers::origin::PublicOrigin;

/// For small pages without scripts, whose style comes from a file of ours. A page that needs more sets a policy of its own.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What every answer carries unless it says otherwise. Links hold tokens: no cache, and no referrer for other sites. (With
/// `no-referrer` a browser would send our own forms with `Origin: null`.)
const ALWAYS: [(HeaderName, &str); 7] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (X_FRAME_OPTIONS, "DENY"),
    (CONTENT_SECURITY_POLICY, POLICY),
    (CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds the headers to every route. Over TLS also the promise to stay there for a year, for this host alone.
pub(super) fn with_security_headers(router: Router, public: &PublicOrigin) -> Router {
    router.layer(from_fn_with_state(public.is_https(), add_headers))
}

async fn add_headers(State(is_https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let over_tls = is_https.then_some((STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
    for (name, value) in ALWAYS.into_iter().chain(over_tls) {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
