use std::time::Duration;

use axum::Router;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method};
use tower_http::cors::CorsLayer;

use crate::layers::origin::PublicOrigin;

/// For how long a browser need not ask again whether it may send a request.
const MAX_AGE: Duration = Duration::from_mins(10);

/// Lets pages of these origins use the routes with a bearer token. Their browsers send no cookie along, and answers that need one stay
/// unreadable to them.
pub fn with_cors(router: Router, origins: &[PublicOrigin]) -> Router {
    if origins.is_empty() {
        return router;
    }
    let origins: Vec<_> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok()).collect();
    router.layer(
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
            .expose_headers([RETRY_AFTER, HeaderName::from_static("x-request-id")])
            .max_age(MAX_AGE),
    )
}
