//! The small pages behind the links in mails, until a dashboard takes their place. They work without scripts.

mod accept;
mod home;
mod page;
mod provider;
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
        .route("/welcome/{token}", get(welcome::show).post(welcome::open))
        .route("/sign-in", get(home::show).post(provider::choose))
        .route("/sign-in/{provider}", get(provider::begin))
        .route("/sign-in/callback/{provider}", get(provider::callback))
        .route("/sign-in/choice", post(provider::choose))
        .route("/{slug}/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/{slug}/invitations/{token}", get(accept::show).post(accept::accept))
        .route("/assets/page.css", stylesheet(include_str!("../../templates/pages/page.css")))
        .route("/assets/icon.svg", icon(include_str!("../../templates/pages/icon.svg")))
        .with_state(app)
}
