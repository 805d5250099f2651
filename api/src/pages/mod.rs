//! What a browser meets on its way to a provider and back, without scripts. All other pages are the dashboard's.

mod page;
mod provider;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
use crate::http::{icon, stylesheet};

/// The routes of all pages.
pub fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/sign-in/{provider}", get(provider::begin))
        .route("/sign-in/callback/{provider}", get(provider::callback))
        .route("/sign-in/choice", post(provider::choose))
        .route("/assets/page.css", stylesheet(include_str!("../../templates/pages/page.css")))
        .route("/assets/icon.svg", icon(include_str!("../../templates/pages/icon.svg")))
        .with_state(app)
}
