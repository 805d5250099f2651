//! The page behind the link in an invitation.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commands::{AcceptInvitation, Context, InvitationPreview};
use domain::Refusal;
use serde::Deserialize;

use super::page::{Asking, Broken, MessagePage, refusal, sentence, show as show_page, signed_in, status_of};
use crate::app::App;
use crate::sign_in_options::{SignInOption, ways_to_accept};

#[derive(Template)]
#[template(path = "pages/accept.html")]
struct AcceptPage<'a> {
    preview: &'a InvitationPreview,
    expires_at: String,
    name: &'a str,
    problem: Option<String>,
    with_password: bool,
    options: Vec<SignInOption>,
}

#[derive(Deserialize)]
pub(super) struct AcceptForm {
    name: String,
    password: String,
}

/// Shows what the invitation is about. Mail scanners come here too: nothing is consumed.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, Broken> {
    form(&app, &ctx, &token, "", None).await
}

/// Accepts the invitation.
pub(super) async fn accept(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    Path((_, token)): Path<(String, String)>,
    Form(form_data): Form<AcceptForm>,
) -> Result<Response, Broken> {
    let AcceptForm { name, password } = form_data;
    let given_name = Some(name.clone()).filter(|name| !name.trim().is_empty());
    let input = AcceptInvitation { token: token.clone(), password: password.into(), name: given_name };
    match app.commands.accept_invitation(&ctx, &input).await {
        Ok(session) => signed_in(&app, &session),
        Err(error) => form(&app, &ctx, &token, &name, Some(refusal(error)?)).await,
    }
}

async fn form(app: &App, ctx: &Context, token: &str, name: &str, problem: Option<Refusal>) -> Result<Response, Broken> {
    let preview = match app.commands.preview_invitation(ctx, token).await {
        Ok(preview) => preview,
        Err(error) => return Ok(dead_link(&refusal(error)?)),
    };
    let status = problem.as_ref().map_or(StatusCode::OK, status_of);
    let expires_at = preview.user.invitation_expires_at.format("%-d %B %Y, %H:%M UTC").to_string();
    let problem = problem.map(|refusal| sentence(&refusal.to_string()));
    let options = ways_to_accept(app, &preview.user.auth_methods, token);
    let with_password = options.iter().any(|option| option.path.is_none());
    Ok(show_page(status, &AcceptPage { preview: &preview, expires_at, name, problem, with_password, options }))
}

fn dead_link(refusal: &Refusal) -> Response {
    let status = match refusal {
        Refusal::InvalidInvitationLink => StatusCode::NOT_FOUND,
        Refusal::TooManyAttempts { .. } => status_of(refusal),
        _ => StatusCode::GONE,
    };
    show_page(status, &MessagePage { title: "This invitation cannot be accepted", text: &sentence(&refusal.to_string()) })
}
