//! What a browser meets on its way to a provider and back, without scripts. All other pages are the dashboard's.

mod assets;
pub mod graphiql;
mod page;
mod provider;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use serde::Deserialize;

use self::assets::{icon, stylesheet};
use crate::app::App;

#[derive(Deserialize)]
struct Leaving {
    to: String,
}

/// Sends a browser that has signed in back to the site that it came from, if the operator trusts that.
async fn leave(State(app): State<Arc<App>>, query: Result<Query<Leaving>, QueryRejection>) -> Redirect {
    let to = query.ok().map(|Query(Leaving { to })| to).filter(|to| app.site.may_return_to(to));
    Redirect::to(to.as_deref().unwrap_or("/"))
}

/// The routes of all pages.
pub fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/sign-in/{provider}", get(provider::begin))
        .route("/sign-in/callback/{provider}", get(provider::callback))
        .route("/sign-in/choice", post(provider::choose))
        .route("/sign-in/return", get(leave))
        .route("/assets/page.css", stylesheet(include_str!("../../templates/pages/page.css")))
        .route("/assets/icon.svg", icon(include_str!("../../templates/pages/icon.svg")))
        .with_state(app)
}
