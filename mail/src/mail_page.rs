//! The pages that show one mail: all of it, its HTML alone, and its source.
//!
//! They run no scripts, and a mail's own HTML is shown in a sandbox under a policy that loads nothing.

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::letter::{Letter, Piece, pieces};

/// What our own pages may do: their inline styles, and a frame of the same origin.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What a mail's own HTML may do: show its inline styles, and open links in a new tab.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// Where a mail is one of many: a page that lists them, and below its path a page for each.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) path: &'static str,
    /// What the way back to the list is called.
    pub(super) title: &'static str,
    /// Said of a mail that is not there.
    pub(super) missing: &'static str,
}

/// Why there is no answer.
pub(super) enum Failure {
    /// The collection has no such mail.
    NotFound(&'static Collection),
    /// The mail cannot be read, or a page not be written.
    Fault(String),
}

#[derive(Template)]
#[template(path = "mailbox/mail.html")]
struct MailPage<'a> {
    collection: &'static Collection,
    /// The mail's place below the path of its collection.
    key: &'a str,
    letter: &'a Letter,
    pieces: Vec<Piece<'a>>,
}

#[derive(Template)]
#[template(path = "mailbox/not_found.html")]
struct NotFoundPage {
    collection: &'static Collection,
}

/// The page of one mail. Its HTML and its source are expected below it, at `/html` and `/raw`.
pub(super) fn mail_page(collection: &'static Collection, key: &str, letter: &Letter) -> Result<Response, Failure> {
    page(&MailPage { collection, key, letter, pieces: pieces(&letter.text) })
}

/// The mail's own HTML, for the frame on its page.
pub(super) fn mail_html(collection: &'static Collection, letter: Letter) -> Result<Response, Failure> {
    let html = letter.html.ok_or(Failure::NotFound(collection))?;
    Ok((headers(MAIL_POLICY), Html(html)).into_response())
}

/// The mail's source, as text.
pub(super) fn mail_source(source: Vec<u8>) -> Response {
    let plain = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))];
    (headers(MAIL_POLICY), plain, source).into_response()
}

/// A page of ours.
pub(super) fn page(template: &impl Template) -> Result<Response, Failure> {
    let html = template.render().map_err(|error| Failure::Fault(error.to_string()))?;
    Ok(ours(Html(html)))
}

/// An answer with the headers of our own pages.
pub(super) fn ours(body: impl IntoResponse) -> Response {
    (headers(PAGE_POLICY), body).into_response()
}

fn headers(policy: &'static str) -> HeaderMap {
    let fixed: [(HeaderName, &'static str); 4] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    fixed.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound(collection) => match page(&NotFoundPage { collection }) {
                Ok(response) => (StatusCode::NOT_FOUND, response).into_response(),
                Err(_) => StatusCode::NOT_FOUND.into_response(),
            },
            Self::Fault(reason) => {
                tracing::error!(reason, "a mail cannot be shown");
                (StatusCode::INTERNAL_SERVER_ERROR, ours("The mail cannot be shown; the log says why.")).into_response()
            }
        }
    }
}
