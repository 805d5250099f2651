//! The development mailbox: pages that show the mails of a [`MailFolder`], and a list for scripts.
//!
//! Only for machines where everyone who reaches the port may read every mail: its links let anyone in.

use std::{io, sync::Arc};

use askama::Template;
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::Response,
    routing::get,
};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    folder::MailFolder,
    letter::{Letter, pieces},
    mail_page::{Collection, Failure, mail_html, mail_page, mail_source, ours, page},
};

/// The most mails that one list shows.
const MAX_LIST: usize = 200;

const MAILBOX: Collection = Collection { path: "/mailbox", title: "All mail", missing: "It may have been removed from the folder." };

type Mails = State<Arc<MailFolder>>;

/// The routes: `/mailbox` (newest first), `/mailbox/{id}`, its `/html` and `/raw`, and `/mailbox.json`.
///
/// The JSON is a list, newest first, of `{ id, from, to, subject, date, links }`, where `links` are those of the text in their
/// order; `?to=` narrows it to one recipient. Ids are those of the deliveries.
pub fn router<S: Clone + Send + Sync + 'static>(folder: MailFolder) -> Router<S> {
    Router::new()
        .route("/mailbox", get(list_page))
        .route("/mailbox.json", get(list_json))
        .route("/mailbox/{id}", get(one_page))
        .route("/mailbox/{id}/html", get(html))
        .route("/mailbox/{id}/raw", get(raw))
        .with_state(Arc::new(folder))
}

#[derive(Template)]
#[template(path = "mailbox/list.html")]
struct ListPage {
    letters: Vec<Letter>,
}

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
    Ok(ours(Json(summaries)))
}

async fn one_page(State(folder): Mails, Path(id): Path<String>) -> Result<Response, Failure> {
    let letter = letter(folder, &id).await?;
    mail_page(&MAILBOX, &letter.id.to_string(), &letter)
}

async fn html(State(folder): Mails, Path(id): Path<String>) -> Result<Response, Failure> {
    mail_html(&MAILBOX, letter(folder, &id).await?)
}

async fn raw(State(folder): Mails, Path(id): Path<String>) -> Result<Response, Failure> {
    let (_, source) = find(folder, &id).await?;
    Ok(mail_source(source))
}

/// The newest mails, parsed; only those to `recipient`, if one is asked for.
async fn list(folder: Arc<MailFolder>, recipient: Option<String>) -> Result<Vec<Letter>, Failure> {
    let wanted = move |letter: &Letter| recipient.as_ref().is_none_or(|recipient| letter.to.eq_ignore_ascii_case(recipient));
    on_disk(move || {
        let mails = folder.list()?.into_iter().filter_map(|entry| std::fs::read(&entry.path).ok().map(|raw| Letter::read(entry.id, &raw)));
        Ok(mails.filter(wanted).take(MAX_LIST).collect())
    })
    .await
}

async fn letter(folder: Arc<MailFolder>, id: &str) -> Result<Letter, Failure> {
    let (id, source) = find(folder, id).await?;
    Ok(Letter::read(id, &source))
}

/// The source of one mail. A malformed id is as unknown as one that no mail has.
async fn find(folder: Arc<MailFolder>, id: &str) -> Result<(Uuid, Vec<u8>), Failure> {
    let id = Uuid::try_parse(id).map_err(|_| Failure::NotFound(&MAILBOX))?;
    let found = on_disk(move || folder.find(id)?.map(|entry| std::fs::read(entry.path)).transpose()).await?;
    found.map(|source| (id, source)).ok_or(Failure::NotFound(&MAILBOX))
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Failure> {
    let done = spawn_blocking(work).await.map_err(|error| Failure::Fault(error.to_string()))?;
    done.map_err(|error| Failure::Fault(error.to_string()))
}
