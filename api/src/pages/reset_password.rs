//! The page behind the link for a new password.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commands::{Context, PasswordResetPreview, ResetPassword};
use domain::Refusal;
use serde::Deserialize;

use super::page::{Asking, Broken, refusal, sentence, show as show_page, signed_in, status_of};
use crate::app::App;

#[derive(Template)]
#[template(path = "pages/reset_password.html")]
struct ResetPasswordPage<'a> {
    preview: &'a PasswordResetPreview,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/reset_password_dead.html")]
struct DeadLinkPage {
    text: String,
}

#[derive(Deserialize)]
pub(super) struct ResetPasswordForm {
    password: String,
}

/// Shows the form, if the link works. Mail scanners come here too: nothing is consumed.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, Broken> {
    form(&app, &ctx, &token, None).await
}

/// Sets the password.
pub(super) async fn reset(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    Path((_, token)): Path<(String, String)>,
    Form(ResetPasswordForm { password }): Form<ResetPasswordForm>,
) -> Result<Response, Broken> {
    let input = ResetPassword { token: token.clone(), new_password: password.into() };
    match app.commands.reset_password(&ctx, &input).await {
        Ok(session) => signed_in(&app, &session),
        Err(error) => form(&app, &ctx, &token, Some(refusal(error)?)).await,
    }
}

async fn form(app: &App, ctx: &Context, token: &str, problem: Option<Refusal>) -> Result<Response, Broken> {
    let preview = match app.commands.preview_password_reset(ctx, token).await {
        Ok(preview) => preview,
        Err(error) => {
            let refusal = refusal(error)?;
            let status = if refusal == Refusal::InvalidResetLink { StatusCode::GONE } else { status_of(&refusal) };
            return Ok(show_page(status, &DeadLinkPage { text: sentence(&refusal.to_string()) }));
        }
    };
    let status = problem.as_ref().map_or(StatusCode::OK, status_of);
    let problem = problem.map(|refusal| sentence(&refusal.to_string()));
    Ok(show_page(status, &ResetPasswordPage { preview: &preview, problem }))
}
