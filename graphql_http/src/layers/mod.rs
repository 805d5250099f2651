//! What all routes have in common: request ids, traces, security headers, the checks of host and origin.
//!
//! Start reading at [`with_layers`].

pub(crate) mod cors;
mod host;
pub(crate) mod origin;
pub(crate) mod request_id;
mod security_headers;
mod trace;
pub(crate) mod trusted_proxies;

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::error;

use self::host::require_host;
use self::origin::{OriginPolicy, PublicOrigin, require_same_origin};
use self::security_headers::with_security_headers;
use self::trusted_proxies::TrustedProxies;

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
