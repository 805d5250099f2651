//! Previews of every mail that Roster writes, with words as they might come: for authors who change those words.
//!
//! Only for development, though nothing in them is secret. A preview is the mail as it would go over the wire, read again.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use lettre::message::Mailbox;
use uuid::Uuid;

use super::{
    letter::Letter,
    mail_page::{Collection, Failure, mail_html, mail_page, mail_source, page},
    templates::samples::samples,
    texts::MailTexts,
};

const PREVIEWS: Collection =
    Collection { path: "/mail-previews", title: "All previews", missing: "The list of previews has all that there are." };

type Sender = State<Arc<Preview>>;

/// Whom the mails are from, and their texts.
struct Preview {
    from: Mailbox,
    texts: Arc<MailTexts>,
}

/// The routes: `/mail-previews`, `/mail-previews/{name}`, and its `/html` and `/raw`. The mails are from `from`.
pub fn router<S: Clone + Send + Sync + 'static>(from: Mailbox, texts: Arc<MailTexts>) -> Router<S> {
    Router::new()
        .route("/mail-previews", get(list_page))
        .route("/mail-previews/{name}", get(one_page))
        .route("/mail-previews/{name}/html", get(html))
        .route("/mail-previews/{name}/raw", get(raw))
        .with_state(Arc::new(Preview { from, texts }))
}

#[derive(Template)]
#[template(path = "mailbox/previews.html")]
struct PreviewsPage {
    previews: Vec<Line>,
}

/// A line of the list.
struct Line {
    name: String,
    about: &'static str,
    subject: String,
}

async fn list_page(State(preview): Sender) -> Result<Response, Failure> {
    let previews = samples().into_iter().map(|sample| {
        let mail = sample.compose(&preview.texts).map_err(|error| Failure::Fault(error.to_string()))?;
        Ok(Line { name: sample.name, about: sample.about, subject: mail.subject().to_owned() })
    });
    page(&PreviewsPage { previews: previews.collect::<Result<_, Failure>>()? })
}

async fn one_page(State(preview): Sender, Path(name): Path<String>) -> Result<Response, Failure> {
    mail_page(&PREVIEWS, &name, &letter(&preview, &name)?)
}

async fn html(State(preview): Sender, Path(name): Path<String>) -> Result<Response, Failure> {
    mail_html(&PREVIEWS, letter(&preview, &name)?)
}

async fn raw(State(preview): Sender, Path(name): Path<String>) -> Result<Response, Failure> {
    Ok(mail_source(source(&preview, &name)?))
}

fn letter(preview: &Preview, name: &str) -> Result<Letter, Failure> {
    Ok(Letter::read(Uuid::nil(), &source(preview, name)?))
}

/// The mail of this name, as it goes over the wire.
fn source(preview: &Preview, name: &str) -> Result<Vec<u8>, Failure> {
    let sample = samples().into_iter().find(|sample| sample.name == name).ok_or(Failure::NotFound(&PREVIEWS))?;
    let mail = sample.compose(&preview.texts).map_err(|error| Failure::Fault(error.to_string()))?;
    let message = mail.to_message(&preview.from).map_err(|error| Failure::Fault(error.to_string()))?;
    Ok(message.formatted())
}
