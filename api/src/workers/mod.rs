//! What runs besides the requests: each worker is a function of the running Roster and a token that ends it.
//!
//! [`workers`] lists all of them, and the [`Supervisor`] is the only way to start one: it restarts a worker that panics or ends. A new worker is a file here
//! and a line of that list.

pub mod attempts;
pub mod feed;
pub mod horizon;
pub mod housekeeping;
pub mod mail;
pub mod resets;
mod supervisor;
pub mod versions;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::http::SessionAuthenticator;
use crate::workers::feed::FeedPoller;

pub use supervisor::{Supervisor, Worker};

/// Every worker of a server: what goes on beside the requests until `closing`.
#[must_use]
pub fn workers(app: &Arc<App>, feed: &Arc<FeedPoller>, authenticator: &SessionAuthenticator, closing: &CancellationToken) -> Vec<Worker> {
    let feed = {
        let (feed, closing) = (Arc::clone(feed), closing.clone());
        Worker::new("feed", move || {
            let (feed, closing) = (Arc::clone(&feed), closing.clone());
            async move { feed.run(closing).await }
        })
    };
    let sockets = {
        let (authenticator, app, closing) = (authenticator.clone(), Arc::clone(app), closing.clone());
        Worker::new("sockets", move || authenticator.clone().revalidate(Arc::clone(&app), closing.clone()))
    };
    vec![
        feed,
        sockets,
        over(app, closing, "mail", mail::run),
        over(app, closing, "resets", resets::run),
        over(app, closing, "versions", versions::run),
        over(app, closing, "attempts", attempts::run),
        over(app, closing, "horizon", horizon::run),
        over(app, closing, "housekeeping", housekeeping::run),
    ]
}

/// A worker that needs nothing but the running Roster.
fn over<F>(app: &Arc<App>, closing: &CancellationToken, name: &'static str, run: fn(Arc<App>, CancellationToken) -> F) -> Worker
where
    F: Future<Output = ()> + Send + 'static,
{
    let (app, closing) = (Arc::clone(app), closing.clone());
    Worker::new(name, move || run(Arc::clone(&app), closing.clone()))
}
