use std::{any::Any, sync::Arc};

use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::error;

use super::{
    client_address::TrustedProxies,
    host::require_host,
    origin::{OriginPolicy, PublicOrigin, require_same_origin},
    request_id,
    security_headers::with_security_headers,
    trace,
};

/// Puts around every route what all have in common, from the outside in: the request's id, its span and event, the headers of
/// security, the check of `Host`, the end of a panic, the check of origin. Call it last, once, with all routes in place.
pub fn with_layers(router: Router, public: &PublicOrigin, session_cookie: &str, proxies: &TrustedProxies) -> Router {
    let policy = OriginPolicy { public: Arc::new(public.clone()), session_cookie: session_cookie.into() };
    let router = router
        .layer(from_fn_with_state(policy, require_same_origin))
        .layer(CatchPanicLayer::custom(panicked as fn(Box<dyn Any + Send>) -> Response))
        .layer(from_fn(require_host));
    let assign = from_fn_with_state(Arc::new(proxies.clone()), request_id::assign);
    with_security_headers(router, public).layer(from_fn(trace::record)).layer(assign)
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    error!("a request ended in a panic");
    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side").into_response()
}
