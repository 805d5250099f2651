//! The small pages behind the links in mails, until a dashboard takes their place. They work without scripts.

mod accept;
mod forgot_password;
mod home;
mod page;
mod password;
mod provider;
mod reset_password;
mod sign_in;
mod welcome;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
use crate::http::{icon, stylesheet};

/// The routes of all pages.
pub fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/sign-out", post(home::sign_out))
        .route("/password", get(password::show).post(password::change))
        .route("/welcome/{token}", get(welcome::show).post(welcome::open))
        .route("/sign-in", get(home::show).post(provider::choose))
        .route("/sign-in/{provider}", get(provider::begin))
        .route("/sign-in/callback/{provider}", get(provider::callback))
        .route("/sign-in/choice", post(provider::choose))
        .route("/{slug}/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/{slug}/forgot-password", get(forgot_password::show).post(forgot_password::request))
        .route("/{slug}/reset-password/{token}", get(reset_password::show).post(reset_password::reset))
        .route("/{slug}/invitations/{token}", get(accept::show).post(accept::accept))
        .route("/assets/page.css", stylesheet(include_str!("../../templates/pages/page.css")))
        .route("/assets/icon.svg", icon(include_str!("../../templates/pages/icon.svg")))
        .with_state(app)
}
