//! The page that says who is signed in, and the way out.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commands::Error;
use domain::{Actor, AuthMethodId};
use projections::accounts::{AccountView, find_account, list_accounts};
use projections::users::{UserView, find_user};

use super::page::{Asking, Broken, go_home, show as show_page};
use crate::app::App;
use crate::session_cookie::forgetting_cookie;
use crate::sign_in_options::{SignInOption, sign_in_options};

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    member: Option<(UserView, AccountView)>,
    /// Whether they may sign in with a password.
    with_password: bool,
    accounts: Accounts,
    /// The ways in that need no account to be named.
    options: Vec<SignInOption>,
}

/// Which way in a visitor is shown. Names are told only where there is nothing to choose.
enum Accounts {
    None,
    One(AccountView),
    Several,
}

/// Shows who is signed in, or the way in.
pub(super) async fn show(State(app): State<Arc<App>>, Asking(ctx): Asking) -> Result<Response, Broken> {
    let member = match ctx.actor {
        Actor::User { account, user, .. } => {
            find_user(&app.database, account, user).await?.zip(find_account(&app.database, account).await?)
        }
        Actor::ApiKey { .. } | Actor::Visitor | Actor::Operator | Actor::System => None,
    };
    let mut accounts = list_accounts(&app.database, 2).await?;
    let accounts = match (accounts.pop(), accounts.is_empty()) {
        (None, _) => Accounts::None,
        (Some(only), true) => Accounts::One(only),
        (Some(_), false) => Accounts::Several,
    };
    let password = AuthMethodId::password();
    let with_password = member
        .as_ref()
        .is_some_and(|(user, account)| user.auth_methods.contains(&password) && app.commands.offered_by(account).contains(&password));
    Ok(show_page(StatusCode::OK, &HomePage { member, with_password, accounts, options: sign_in_options(&app, None).await? }))
}

/// Signs out.
pub(super) async fn sign_out(State(app): State<Arc<App>>, Asking(ctx): Asking) -> Result<Response, Broken> {
    match app.commands.sign_out(&ctx).await {
        Ok(()) | Err(Error::Unauthenticated) => go_home(&forgetting_cookie(&app.site)),
        Err(error) => Err(error.into()),
    }
}
