//! What all pages have in common.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header::{LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use commands::{Context, Error, SignedIn};
use domain::Refusal;
use tracing::error;

use crate::app::{App, NotIdentified};
use crate::chain::chain;
use crate::http::session_cookie::session_cookie;
use crate::outage::is_outage;
use graphql_http::{RETRY_AFTER_SECONDS, RequestId};

/// Who asks for a page, as [`App::identify`] finds out.
pub(super) struct Asking(pub(super) Context);

impl FromRequestParts<Arc<App>> for Asking {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Broken> {
        let request_id = RequestId::of(&parts.extensions).as_str().to_owned();
        match app.identify(&app.claim(parts), Some(request_id)).await {
            Ok(caller) => Ok(Self(caller.context)),
            Err(NotIdentified::Failed(failed)) => Err(failed.into()),
            Err(changed @ NotIdentified::SessionChanged) => Err(changed.into()),
        }
    }
}

/// Something broke while a page was made. It is logged where it becomes a page.
pub(super) struct Broken(Box<dyn std::error::Error + Send + Sync>);

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Broken {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        if is_outage(self.0.as_ref()) {
            let page = MessagePage { title: "Please try again in a moment", text: "The database is not available at the moment." };
            let retry = [(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS))];
            return (retry, show(StatusCode::SERVICE_UNAVAILABLE, &page)).into_response();
        }
        if self.0.is::<NotIdentified>() {
            let text = "Someone else has signed in in this browser, so nothing was changed. Go back and reload the page.";
            return show(StatusCode::CONFLICT, &MessagePage { title: "Someone else is signed in now", text });
        }
        error!(error = chain(self.0.as_ref()), "a page could not be made");
        let page = MessagePage { title: "Something went wrong", text: "This is our fault. Please try again in a moment." };
        show(StatusCode::INTERNAL_SERVER_ERROR, &page)
    }
}

/// A page that only says something.
#[derive(Template)]
#[template(path = "pages/message.html")]
pub(super) struct MessagePage<'a> {
    pub(super) title: &'a str,
    pub(super) text: &'a str,
}

/// A page, or plain text should even that fail.
pub(super) fn show(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(failed) => {
            error!(error = %failed, "a template could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong").into_response()
        }
    }
}

/// What a refusal is, for a page to say; everything else broke.
pub(super) fn refusal(error: Error) -> Result<Refusal, Broken> {
    match error {
        Error::Refused { refusal, .. } => Ok(refusal),
        other => Err(other.into()),
    }
}

/// The status of a page that says a refusal.
pub(super) fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A page that says a refusal; it says in its head, too, when to try again.
pub(super) fn show_refusal(status: StatusCode, refusal: &Refusal, page: &impl Template) -> Response {
    let mut response = show(status, page);
    if let Some(seconds) = refusal.retry_after_seconds() {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// Goes home as a signed-in user.
pub(super) fn signed_in(app: &App, signed_in: &SignedIn) -> Result<Response, Broken> {
    let cookie = session_cookie(&app.site, signed_in);
    let headers = [(LOCATION, HeaderValue::from_static("/")), (SET_COOKIE, HeaderValue::from_str(&cookie)?)];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// A sentence of ours, as people expect it: with a capital and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}
