//! The page on which members of an account sign in.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commands::SignIn;
use serde::Deserialize;

use super::page::{Asking, Broken, refusal, sentence, show as show_page, signed_in};
use crate::app::App;

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage<'a> {
    slug: &'a str,
    email: &'a str,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SignInForm {
    email: String,
    password: String,
}

/// Shows the form. It looks the same for accounts that do not exist.
pub(super) async fn show(Path(slug): Path<String>) -> Response {
    show_page(StatusCode::OK, &SignInPage { slug: &slug, email: "", problem: None })
}

/// Signs in.
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    Path(slug): Path<String>,
    Form(SignInForm { email, password }): Form<SignInForm>,
) -> Result<Response, Broken> {
    let input = SignIn { account: Some(slug.clone()), email: email.clone(), password: password.into() };
    match app.commands.sign_in(&ctx, &input).await {
        Ok(session) => signed_in(&app, &session),
        Err(error) => {
            let problem = Some(sentence(&refusal(error)?.to_string()));
            Ok(show_page(StatusCode::UNPROCESSABLE_ENTITY, &SignInPage { slug: &slug, email: &email, problem }))
        }
    }
}
