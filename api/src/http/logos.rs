//! `GET /assets/logos/{digest}`: the logos of accounts, by what they contain.
//!
//! A client that knows the digest of a logo may see it: pages for signing in show it to people without a session. There is no list of logos. What an account
//! uploads is served as the image that it was recognized as, and can run nothing.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::LogoDigest;
use projections::accounts::find_logo;

use crate::app::App;
use crate::outage::report;

/// A year: another logo has another address.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
const POLICY: &str = "default-src 'none'; sandbox";
/// Products on other origins may show it.
const FOR_ALL: (HeaderName, &str) = (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");

/// The route of logos.
pub(crate) fn routes(app: Arc<App>) -> Router {
    Router::new().route("/assets/logos/{digest}", get(logo)).with_state(app)
}

async fn logo(State(app): State<Arc<App>>, Path(digest): Path<String>) -> Response {
    let Some(digest) = LogoDigest::parse(&digest) else { return StatusCode::NOT_FOUND.into_response() };
    match find_logo(&app.database, &digest).await {
        Ok(Some(file)) => {
            let headers = [
                (CONTENT_TYPE, file.media_type.as_str()),
                (CACHE_CONTROL, FOR_GOOD),
                (CONTENT_SECURITY_POLICY, POLICY),
                (CONTENT_DISPOSITION, "inline"),
                FOR_ALL,
            ];
            (headers, file.content).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            report(&error, "a logo could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
