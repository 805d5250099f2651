//! The page on which the first account is opened.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commands::OpenAccount;
use serde::Deserialize;

use super::page::{Asking, Broken, MessagePage, refusal, sentence, show as show_page, signed_in, status_of};
use crate::app::App;

#[derive(Template, Default)]
#[template(path = "pages/welcome.html")]
struct WelcomePage<'a> {
    name: &'a str,
    slug: &'a str,
    email: &'a str,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct WelcomeForm {
    name: String,
    slug: String,
    email: String,
    password: String,
}

/// Shows the form, if the link works.
pub(super) async fn show(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Response, Broken> {
    match app.commands.check_welcome(&token, (app.clock)()).await {
        Ok(()) => Ok(show_page(StatusCode::OK, &WelcomePage::default())),
        Err(error) => {
            let text = sentence(&refusal(error)?.to_string());
            Ok(show_page(StatusCode::GONE, &MessagePage { title: "This link does not work", text: &text }))
        }
    }
}

/// Opens the account.
pub(super) async fn open(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    Path(token): Path<String>,
    Form(WelcomeForm { name, slug, email, password }): Form<WelcomeForm>,
) -> Result<Response, Broken> {
    let input = OpenAccount { token, name: name.clone(), slug: slug.clone(), email: email.clone(), password: password.into() };
    match app.commands.open_account(&ctx, &input).await {
        Ok(session) => signed_in(&app, &session),
        Err(error) => {
            let refusal = refusal(error)?;
            let problem = Some(sentence(&refusal.to_string()));
            let page = WelcomePage { name: &name, slug: &slug, email: &email, problem };
            Ok(show_page(status_of(&refusal), &page))
        }
    }
}
