//! The page on which members of an account sign in.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commands::SignIn;
use domain::Refusal;
use serde::Deserialize;

use super::page::{Asking, Broken, refusal, sentence, show as show_page, signed_in, status_of};
use crate::app::App;
use crate::sign_in_options::{SignInOption, sign_in_options};

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage<'a> {
    slug: &'a str,
    email: &'a str,
    problem: Option<String>,
    with_password: bool,
    options: Vec<SignInOption>,
}

#[derive(Deserialize)]
pub(super) struct SignInForm {
    email: String,
    password: String,
}

/// Shows the ways in. It looks the same for accounts that do not exist.
pub(super) async fn show(State(app): State<Arc<App>>, Path(slug): Path<String>) -> Result<Response, Broken> {
    page(&app, &slug, "", None).await
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
            let problem = refusal(error)?;
            page(&app, &slug, &email, Some(problem)).await
        }
    }
}

async fn page(app: &App, slug: &str, email: &str, problem: Option<Refusal>) -> Result<Response, Broken> {
    let options = sign_in_options(app, Some(slug)).await?;
    let with_password = options.iter().any(|option| option.path.is_none());
    let status = problem.as_ref().map_or(StatusCode::OK, status_of);
    let problem = problem.map(|refusal| sentence(&refusal.to_string()));
    Ok(show_page(status, &SignInPage { slug, email, problem, with_password, options }))
}
