//! `GET /auth`: a proxy asks who sends a request that it is about to pass on to a product.
//!
//! nginx asks with `auth_request`, Traefik and Caddy with `forward_auth`. Only sessions count: an API key can do less than its owner, and
//! a product behind the proxy could not tell.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, LOCATION, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use commands::Error;
use projections::accounts::find_account;
use projections::users::UserView;
use serde::Deserialize;

use crate::app::{App, NotIdentified};
use crate::http::not_identified;
use graphql_http::{RETRY_AFTER_SECONDS, RequestError, RequestId};

const USER: HeaderName = HeaderName::from_static("x-roster-user");
const EMAIL: HeaderName = HeaderName::from_static("x-roster-email");
const ROLE: HeaderName = HeaderName::from_static("x-roster-role");
const ACCOUNT: HeaderName = HeaderName::from_static("x-roster-account");
const ACCOUNT_SLUG: HeaderName = HeaderName::from_static("x-roster-account-slug");
/// Where a browser signs in and comes back from.
const SIGN_IN: HeaderName = HeaderName::from_static("x-roster-sign-in");

#[derive(Deserialize)]
struct Parameters {
    /// Whether a browser is sent to the page to sign in. nginx passes no redirect on, and takes the address from a header.
    #[serde(default)]
    redirect: bool,
}

/// `GET /auth`.
pub(crate) fn routes(app: Arc<App>) -> Router {
    Router::new().route("/auth", get(answer)).with_state(app)
}

async fn answer(State(app): State<Arc<App>>, parts: Parts) -> Response {
    let mut response = match who_asks(&app, &parts).await {
        Ok(Some(headers)) => (StatusCode::OK, headers).into_response(),
        Ok(None) => refusal(&app, &parts),
        Err(reason) => failure(&reason, RequestId::of(&parts.extensions)),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("cookie, authorization"));
    response
}

/// The caller cannot be identified. The reason is logged.
fn failure(reason: &NotIdentified, request_id: RequestId) -> Response {
    match not_identified(reason, request_id) {
        RequestError::Refused { .. } => StatusCode::UNAUTHORIZED.into_response(),
        RequestError::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, RETRY_AFTER_SECONDS)]).into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The headers that say who it is; `None` if no one is signed in.
async fn who_asks(app: &App, parts: &Parts) -> Result<Option<HeaderMap>, NotIdentified> {
    match app.identify(&app.claim(parts), None).await?.user {
        Some(user) => Ok(said_of(app, user).await?),
        None => Ok(None),
    }
}

async fn said_of(app: &App, user: UserView) -> Result<Option<HeaderMap>, Error> {
    let Some(account) = find_account(app.commands.reads(), user.account_id).await? else { return Ok(None) };
    let said = [
        (USER, user.id.to_string()),
        (EMAIL, user.email),
        (ROLE, user.role.to_string().to_uppercase()),
        (ACCOUNT, account.id.to_string()),
        (ACCOUNT_SLUG, account.slug.as_str().to_owned()),
    ];
    // An address may hold letters beyond ASCII: they are UTF-8 in the header.
    let value = |text: String| HeaderValue::from_bytes(text.as_bytes()).ok();
    Ok(Some(said.into_iter().filter_map(|(name, text)| Some((name, value(text)?))).collect()))
}

/// No one is signed in: a browser gets the sign-in page, every other client 401.
fn refusal(app: &App, parts: &Parts) -> Response {
    let Parameters { redirect } = Query::try_from_uri(&parts.uri).map_or(Parameters { redirect: false }, |Query(parameters)| parameters);
    let sign_in = sign_in_address(app, &parts.headers);
    if redirect && is_browser(&parts.headers) {
        return (StatusCode::FOUND, [(LOCATION, sign_in)]).into_response();
    }
    let challenge = HeaderValue::from_static("Bearer realm=\"roster\"");
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge), (SIGN_IN, sign_in)]).into_response()
}

/// The page to sign in on, which leads back to what was asked for if that is on an allowed origin.
fn sign_in_address(app: &App, headers: &HeaderMap) -> HeaderValue {
    let page = app.site.link("/sign-in");
    let address = match asked_for(headers).filter(|url| app.site.may_return_to(url)) {
        Some(url) => {
            format!("{page}?{}", form_urlencoded::Serializer::new(String::new()).append_pair("next", &url).finish())
        }
        None => page,
    };
    HeaderValue::from_str(&address).expect("a public URL is ASCII, and what follows is encoded")
}

/// What the proxy was asked for, as Traefik and Caddy say it by themselves and nginx by configuration.
fn asked_for(headers: &HeaderMap) -> Option<String> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (scheme, host, path) = (header("x-forwarded-proto")?, header("x-forwarded-host")?, header("x-forwarded-uri")?);
    Some(format!("{scheme}://{host}{path}"))
}

/// Whether a user can sign in there: the client wants a page, and sent no token that has failed.
fn is_browser(headers: &HeaderMap) -> bool {
    let method = headers.get("x-forwarded-method").is_none_or(|method| method == "GET" || method == "HEAD");
    let accepts_page = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    method && accepts_page && !headers.contains_key(AUTHORIZATION)
}
