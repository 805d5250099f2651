//! A Roster that serves: every route and every worker, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Data;
use axum::Router;
use axum::http::request::Parts;
use lettre::message::Mailbox;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info, warn};

use crate::app::App;
use crate::attempt_worker;
use crate::chain::chain;
use crate::dashboard;
use crate::doorkeeper::SessionDoorkeeper;
use crate::export;
use crate::feed_poller::FeedPoller;
use crate::graphiql;
use crate::graphql;
use crate::http::{
    Limits, RequestError, RequestId, ServerSettings, Socket, SocketLimits, Stopped, graphql as graphql_route, health_routes, serve,
    with_layers, with_socket,
};
use crate::mail::{MailTransport, mailbox, previews};
use crate::mail_worker;
use crate::outage::{is_outage, report};
use crate::pages;
use crate::readiness;
use crate::reset_worker;
use crate::session_cookie::{cookie_name, session_token};
use crate::versions_worker;

/// How often records whose time is over are forgotten.
const HOUSEKEEPING: Duration = Duration::from_hours(1);

/// What to serve, and where.
pub struct Server {
    /// The running Roster, over the connections of requests.
    pub app: Arc<App>,
    /// The connections of everything else.
    pub pools: OtherPools,
    /// Where connections arrive.
    pub listener: TcpListener,
    /// For development only, the sender of mails: then `/graphiql` and `/mail-previews` are served, and `/mailbox` where mail is kept in
    /// a folder.
    pub development: Option<Mailbox>,
    /// Whether clients may ask for the schema.
    pub introspection: bool,
}

/// Connections that are kept apart from those of requests, so that busy requests stop neither mail nor the readiness check.
pub struct OtherPools {
    /// For workers.
    pub workers: PgPool,
    /// For exports, whose statements may take longer.
    pub exports: PgPool,
    /// For the readiness check.
    pub readiness: PgPool,
}

impl Server {
    /// Serves until `shutdown`: then requests and mails under way are finished, and sockets closed.
    pub async fn run(self, shutdown: CancellationToken) {
        let Self { app, pools, listener, development, introspection } = self;
        let (workers_app, exports_app) = (Arc::new(app.over(pools.workers)), Arc::new(app.over(pools.exports)));
        let readiness_app = Arc::new(app.over(pools.readiness));
        let limits = Limits { introspection, ..Limits::default() };
        let feed = Arc::new(FeedPoller::new(Arc::clone(&workers_app)));
        let workers = TaskTracker::new();
        let doorkeeper = SessionDoorkeeper::new(Arc::clone(&app));
        workers.spawn(doorkeeper.clone().make_rounds(Arc::clone(&workers_app), shutdown.clone()));
        let socket = Socket {
            executor: graphql::schema(Arc::clone(&app), Arc::clone(&feed), introspection),
            doorkeeper,
            origin: app.site.origin().clone(),
            limits: limits.clone(),
            socket_limits: SocketLimits::default(),
            shutdown: shutdown.clone(),
            tracker: workers.clone(),
        };
        let mut router = routes(&app, &exports_app, &readiness_app, socket, limits, shutdown.clone());
        if let Some(from) = development {
            router = router.merge(graphiql::routes()).merge(previews::router(from));
            if let Some(MailTransport::Folder(folder)) = &app.mail {
                router = router.merge(mailbox::router(folder.clone()));
            }
        }
        let router = with_layers(router, app.site.origin(), cookie_name(&app.site));
        workers.spawn({
            let shutdown = shutdown.clone();
            async move { feed.run(shutdown).await }
        });
        workers.spawn(mail_worker::run(Arc::clone(&workers_app), shutdown.clone()));
        workers.spawn(reset_worker::run(Arc::clone(&workers_app), shutdown.clone()));
        workers.spawn(versions_worker::run(Arc::clone(&workers_app), shutdown.clone()));
        workers.spawn(attempt_worker::run(Arc::clone(&workers_app), shutdown.clone()));
        workers.spawn(keep_house(Arc::clone(&workers_app), shutdown.clone()));
        workers.close();
        let stopped = serve(listener, router, shutdown.clone(), ServerSettings::default()).await;
        // The requests that were finished meanwhile have been answered, too.
        reset_worker::run(Arc::clone(&workers_app), shutdown.clone()).await;
        attempt_worker::run(Arc::clone(&workers_app), shutdown).await;
        if let Stopped::Cut { connections } = stopped {
            warn!(connections, "requests were cut off because they took too long to finish");
        }
        workers.wait().await;
        for app in [&app, &workers_app, &exports_app, &readiness_app] {
            app.database.close().await;
        }
        info!("stopped");
    }
}

fn routes(
    app: &Arc<App>,
    exports: &Arc<App>,
    readiness: &Arc<App>,
    socket: Socket<graphql::Schema, SessionDoorkeeper>,
    limits: Limits,
    shutdown: CancellationToken,
) -> Router {
    let schema = socket.executor.clone();
    let asking = Arc::clone(app);
    let ready = Arc::clone(readiness);
    let check = move || {
        let app = Arc::clone(&ready);
        async move { readiness::check(&app).await }
    };
    let requests = graphql_route(schema, move |parts: &Parts| who_asks(&asking, parts), limits);
    Router::new()
        .route("/graphql", with_socket(requests, socket))
        .merge(export::routes(Arc::clone(exports)))
        .merge(pages::routes(Arc::clone(app)))
        .merge(dashboard::routes())
        .merge(health_routes(check, shutdown))
}

/// Finds out who asks, for resolvers to find.
fn who_asks(app: &Arc<App>, parts: &Parts) -> impl Future<Output = Result<Data, RequestError>> + Send + use<> {
    let app = Arc::clone(app);
    let token = session_token(&parts.headers, &app.site).map(str::to_owned);
    let (request_id, client) = (RequestId::of(&parts.extensions), app.client(parts));
    async move {
        let context = app.context(token.as_deref(), Some(request_id.as_str().to_owned())).await;
        let context = context.map_err(|failed| not_looked_up(&failed, request_id))?;
        Ok(graphql::request_data(context.from(client)))
    }
}

/// Why nobody can say who asks.
pub(crate) fn not_looked_up(failed: &commands::Error, request_id: RequestId) -> RequestError {
    if is_outage(failed) {
        return RequestError::Unavailable;
    }
    error!(error = chain(failed), "a session could not be looked up");
    RequestError::Internal { request_id }
}

async fn keep_house(app: Arc<App>, shutdown: CancellationToken) {
    loop {
        if let Err(failed) = app.commands.forget_old_keys((app.clock)()).await {
            report(&failed, "old idempotency keys could not be forgotten");
        }
        if let Err(failed) = app.commands.forget_old_provider_sign_ins((app.clock)()).await {
            report(&failed, "sign-ins with providers that came to nothing could not be forgotten");
        }
        if let Err(failed) = app.commands.forget_old_invitation_counts((app.clock)()).await {
            report(&failed, "how many invitations were sent on old days could not be forgotten");
        }
        app.commands.forget_old_attempts((app.clock)());
        if let Err(failed) = app.commands.forget_old_refused_attempts((app.clock)()).await {
            report(&failed, "refused attempts whose time is over could not be forgotten");
        }
        if let Err(failed) = app.commands.forget_old_password_resets((app.clock)()).await {
            report(&failed, "links for a new password whose time is over could not be forgotten");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(HOUSEKEEPING) => {}
        }
    }
}
