//! The development mailbox: pages that show the mails of a [`MailFolder`], and a list for scripts.
//!
//! Only for machines where everyone who reaches the port may read every mail: its links let anyone in. The pages run no scripts,
//! and a mail's own HTML is shown in a sandbox under a policy that loads nothing.

use std::{io, sync::Arc};

use askama::Template;
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    folder::MailFolder,
    letter::{Letter, Piece, pieces},
};

/// The most mails that one list shows.
const LONGEST_LIST: usize = 200;

/// What our own pages may do: their inline styles, and a frame of the same origin.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What a mail's own HTML may do: show its inline styles, and open links in a new tab.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

type Mails = State<Arc<MailFolder>>;

/// The routes: `/mailbox` (newest first), `/mailbox/{id}`, its `/html` and `/raw`, and `/mailbox.json`.
///
/// The JSON is a list, newest first, of `{ id, from, to, subject, date, links }`, where `links` are those of the text in their
/// order; `?to=` narrows it to one recipient. Ids are those of the deliveries.
pub fn router<S: Clone + Send + Sync + 'static>(folder: MailFolder) -> Router<S> {
    Router::new()
        .route("/mailbox", get(list_page))
        .route("/mailbox.json", get(list_json))
        .route("/mailbox/{id}", get(mail_page))
        .route("/mailbox/{id}/html", get(mail_html))
        .route("/mailbox/{id}/raw", get(mail_raw))
        .with_state(Arc::new(folder))
}

#[derive(Template)]
#[template(path = "mailbox/list.html")]
struct ListPage {
    letters: Vec<Letter>,
}

#[derive(Template)]
#[template(path = "mailbox/mail.html")]
struct MailPage<'a> {
    letter: &'a Letter,
    pieces: Vec<Piece<'a>>,
}

#[derive(Template)]
#[template(path = "mailbox/not_found.html")]
struct NotFoundPage;

/// One mail in the list for scripts.
#[derive(Serialize)]
struct Summary {
    id: Uuid,
    from: String,
    to: String,
    subject: String,
    date: Option<String>,
    links: Vec<String>,
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

/// Why there is no answer.
enum Failure {
    /// No such mail, or no such id.
    NotFound,
    /// The folder cannot be read, or a page not be written.
    Fault(String),
}

async fn list_page(State(folder): Mails) -> Result<Response, Failure> {
    let letters = list(folder, None).await?;
    page(&ListPage { letters })
}

async fn list_json(State(folder): Mails, Query(filter): Query<Filter>) -> Result<Response, Failure> {
    let summary = |letter: Letter| Summary {
        links: pieces(&letter.text).into_iter().filter_map(|piece| piece.link().map(str::to_owned)).collect(),
        id: letter.id,
        from: letter.from,
        to: letter.to,
        subject: letter.subject,
        date: letter.date,
    };
    let summaries: Vec<Summary> = list(folder, filter.to).await?.into_iter().map(summary).collect();
    Ok((headers(PAGE_POLICY), Json(summaries)).into_response())
}

async fn mail_page(State(folder): Mails, Path(id): Path<String>) -> Result<Response, Failure> {
    let letter = letter(folder, &id).await?;
    page(&MailPage { letter: &letter, pieces: pieces(&letter.text) })
}

async fn mail_html(State(folder): Mails, Path(id): Path<String>) -> Result<Response, Failure> {
    let letter = letter(folder, &id).await?;
    let html = letter.html.ok_or(Failure::NotFound)?;
    Ok((headers(MAIL_POLICY), Html(html)).into_response())
}

async fn mail_raw(State(folder): Mails, Path(id): Path<String>) -> Result<Response, Failure> {
    let (_, raw) = find(folder, &id).await?;
    let plain = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))];
    Ok((headers(MAIL_POLICY), plain, raw).into_response())
}

/// The newest mails, parsed; only those to `recipient`, if one is asked for.
async fn list(folder: Arc<MailFolder>, recipient: Option<String>) -> Result<Vec<Letter>, Failure> {
    let wanted = move |letter: &Letter| recipient.as_ref().is_none_or(|recipient| letter.to.eq_ignore_ascii_case(recipient));
    on_disk(move || {
        let mails = folder.list()?.into_iter().filter_map(|entry| std::fs::read(&entry.path).ok().map(|raw| Letter::read(entry.id, &raw)));
        Ok(mails.filter(wanted).take(LONGEST_LIST).collect())
    })
    .await
}

async fn letter(folder: Arc<MailFolder>, id: &str) -> Result<Letter, Failure> {
    let (id, source) = find(folder, id).await?;
    Ok(Letter::read(id, &source))
}

/// The source of one mail. An id that is none is as unknown as one that no mail has.
async fn find(folder: Arc<MailFolder>, id: &str) -> Result<(Uuid, Vec<u8>), Failure> {
    let id = Uuid::try_parse(id).map_err(|_| Failure::NotFound)?;
    let found = on_disk(move || folder.find(id)?.map(|entry| std::fs::read(entry.path)).transpose()).await?;
    found.map(|source| (id, source)).ok_or(Failure::NotFound)
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Failure> {
    let done = spawn_blocking(work).await.map_err(|error| Failure::Fault(error.to_string()))?;
    done.map_err(|error| Failure::Fault(error.to_string()))
}

fn page(template: &impl Template) -> Result<Response, Failure> {
    let html = template.render().map_err(|error| Failure::Fault(error.to_string()))?;
    Ok((headers(PAGE_POLICY), Html(html)).into_response())
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
            Self::NotFound => match page(&NotFoundPage) {
                Ok(response) => (StatusCode::NOT_FOUND, response).into_response(),
                Err(_) => StatusCode::NOT_FOUND.into_response(),
            },
            Self::Fault(reason) => {
                tracing::error!(reason, "the mailbox cannot be shown");
                (StatusCode::INTERNAL_SERVER_ERROR, headers(PAGE_POLICY), "The mailbox cannot be shown; the log says why.").into_response()
            }
        }
    }
}
