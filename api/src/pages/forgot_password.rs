//! The page on which a link for a new password is asked for.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commands::RequestPasswordReset;
use serde::Deserialize;

use super::page::{Asking, Broken, MessagePage, refusal, sentence, show as show_page, status_of};
use crate::app::App;

#[derive(Template)]
#[template(path = "pages/forgot_password.html")]
struct ForgotPasswordPage<'a> {
    slug: &'a str,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ForgotPasswordForm {
    email: String,
}

/// Shows the form. It looks the same for accounts that do not exist.
pub(super) async fn show(Path(slug): Path<String>) -> Response {
    show_page(StatusCode::OK, &ForgotPasswordPage { slug: &slug, problem: None })
}

/// Asks for the link, and says the same to everybody.
pub(super) async fn request(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    Path(slug): Path<String>,
    Form(ForgotPasswordForm { email }): Form<ForgotPasswordForm>,
) -> Result<Response, Broken> {
    let input = RequestPasswordReset { account: Some(slug.clone()), email };
    match app.commands.request_password_reset(&ctx, &input).await {
        Ok(()) => {
            let text = "If somebody has this address, a mail is on its way. The link in it works for an hour.";
            Ok(show_page(StatusCode::OK, &MessagePage { title: "Look into your mail", text }))
        }
        Err(error) => {
            let refusal = refusal(error)?;
            let problem = Some(sentence(&refusal.to_string()));
            Ok(show_page(status_of(&refusal), &ForgotPasswordPage { slug: &slug, problem }))
        }
    }
}
