//! The page on which whoever is signed in chooses another password.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commands::{ChangePassword, Context, Error};
use domain::{Actor, Refusal};
use projections::accounts::{AccountView, find_account};
use projections::users::{UserView, find_user};
use serde::Deserialize;

use super::page::{Asking, Broken, refusal, sentence, show as show_page, signed_in, status_of, to_start};
use crate::app::App;

#[derive(Template)]
#[template(path = "pages/password.html")]
struct PasswordPage {
    user: UserView,
    account: AccountView,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    current_password: String,
    new_password: String,
}

/// Shows the form; whoever is not signed in is sent to the start page.
pub(super) async fn show(State(app): State<Arc<App>>, Asking(ctx): Asking) -> Result<Response, Broken> {
    form(&app, &ctx, None).await
}

/// Changes the password.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    Form(PasswordForm { current_password, new_password }): Form<PasswordForm>,
) -> Result<Response, Broken> {
    let input = ChangePassword { current_password: current_password.into(), new_password: new_password.into() };
    match app.commands.change_password(&ctx, &input).await {
        Ok(session) => signed_in(&app, &session),
        Err(Error::Unauthenticated | Error::Forbidden) => Ok(to_start()),
        Err(error) => form(&app, &ctx, Some(refusal(error)?)).await,
    }
}

async fn form(app: &App, ctx: &Context, problem: Option<Refusal>) -> Result<Response, Broken> {
    let Actor::User { account, user, .. } = ctx.actor else { return Ok(to_start()) };
    let member = find_user(&app.database, account, user).await?.zip(find_account(&app.database, account).await?);
    let Some((user, account)) = member else { return Ok(to_start()) };
    let status = problem.as_ref().map_or(StatusCode::OK, status_of);
    let problem = problem.map(|refusal| sentence(&refusal.to_string()));
    Ok(show_page(status, &PasswordPage { user, account, problem }))
}
