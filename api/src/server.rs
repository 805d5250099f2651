//! A Roster that serves: every route and every worker, until it is told to stop.

use std::sync::Arc;

use async_graphql::Data;
use axum::Router;
use axum::http::request::Parts;
use event_store::Pool;
use lettre::message::Mailbox;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use crate::app::{App, Caller};
use crate::dashboard;
use crate::export;
use crate::graphql;
use crate::http::session_cookie::cookie_name;
use crate::http::{ACTING_FOR, ACTING_FOR_ENTRY, SessionAuthenticator, forward_auth, logos, not_identified, readiness};
use crate::pages::{self, graphiql};
use crate::workers::feed::FeedPoller;
use crate::workers::{Supervisor, attempts, resets, workers};
use graphql_http::{
    Limits, RequestError, RequestId, ServerSettings, Shutdown, Socket, SocketLimits, Stopped, graphql as graphql_route, health_routes,
    serve, with_cors, with_layers, with_socket,
};
use mail::{MailTransport, mailbox, previews};

/// Bytes of the text of a logo. More than one may have: what is a little too large is refused with its own code.
pub const MAX_LOGO_TEXT: usize = 256 * 1024;

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
    /// How connections are treated.
    pub settings: ServerSettings,
}

/// Connections that are kept apart from those of requests, so that busy requests stop neither mail nor the readiness check.
pub struct OtherPools {
    /// For workers.
    pub workers: Pool,
    /// For exports, whose statements may take longer.
    pub exports: Pool,
    /// For the readiness check.
    pub readiness: Pool,
}

impl Server {
    /// Serves until `shutdown` closes it; then requests and mails under way are finished, and sockets closed. When time is up, it returns
    /// whatever is under way.
    pub async fn run(self, shutdown: Shutdown) {
        let cutting = shutdown.cutting.clone();
        if cutting.run_until_cancelled(Box::pin(self.run_to_the_end(shutdown))).await.is_none() {
            warn!("stopping took too long: what was under way is cut off");
        }
        info!("stopped");
    }

    async fn run_to_the_end(self, shutdown: Shutdown) {
        let Self { app, pools, listener, development, introspection, settings } = self;
        let (workers_app, exports_app) = (Arc::new(app.over(pools.workers)), Arc::new(app.over(pools.exports)));
        let readiness_app = Arc::new(app.over(pools.readiness));
        let limits = Limits { introspection, long_value: Some(("logo", MAX_LOGO_TEXT)), ..Limits::default() };
        let feed = Arc::new(FeedPoller::new(Arc::clone(&workers_app)));
        let (sockets, supervisor) = (TaskTracker::new(), Supervisor::new(shutdown.closing.clone()));
        let authenticator = SessionAuthenticator::new(Arc::clone(&app));
        for worker in workers(&workers_app, &feed, &authenticator, &shutdown.closing) {
            supervisor.start(worker);
        }
        let socket = Socket {
            executor: graphql::schema(Arc::clone(&app), feed, introspection),
            authenticator,
            init_headers: vec![(ACTING_FOR_ENTRY, ACTING_FOR)],
            origin: app.site.origin().clone(),
            limits: limits.clone(),
            socket_limits: SocketLimits::default(),
            shutdown: shutdown.closing.clone(),
            tracker: sockets.clone(),
        };
        let mut router = routes(&app, &exports_app, &readiness_app, socket, limits, &supervisor, &shutdown);
        if let Some(from) = development {
            router = router.merge(graphiql::routes()).merge(previews::router(from, Arc::clone(&app.mail_texts)));
            if let Some(MailTransport::Folder(folder)) = &app.mail {
                router = router.merge(mailbox::router(folder.clone()));
            }
        }
        let router = with_layers(router, app.site.origin(), &cookie_name(&app.site), &app.proxies);
        let stopped = serve(listener, router, shutdown.clone(), settings).await;
        // The requests that were finished meanwhile have been answered, too.
        resets::run(Arc::clone(&workers_app), shutdown.closing.clone()).await;
        attempts::run(Arc::clone(&workers_app), shutdown.closing).await;
        if let Stopped::Cut { connections } = stopped {
            warn!(connections, "requests were cut off because they took too long to finish");
        }
        sockets.close();
        sockets.wait().await;
        supervisor.ended().await;
        for app in [&app, &workers_app, &exports_app, &readiness_app] {
            app.database.close().await;
        }
    }
}

fn routes(
    app: &Arc<App>,
    exports: &Arc<App>,
    readiness: &Arc<App>,
    socket: Socket<graphql::Schema, SessionAuthenticator>,
    limits: Limits,
    supervisor: &Supervisor,
    shutdown: &Shutdown,
) -> Router {
    let schema = socket.executor.clone();
    let asking = Arc::clone(app);
    let (ready, supervisor) = (Arc::clone(readiness), supervisor.clone());
    let check = move || {
        let (app, supervisor) = (Arc::clone(&ready), supervisor.clone());
        async move { readiness::check(&app, &supervisor).await }
    };
    let requests = graphql_route(schema, move |parts: &Parts| who_asks(&asking, parts), limits);
    let api = Router::new().route("/graphql", with_socket(requests, socket)).merge(export::routes(Arc::clone(exports)));
    with_cors(api, app.site.allowed_origins())
        .merge(forward_auth::routes(Arc::clone(app)))
        .merge(pages::routes(Arc::clone(app)))
        .merge(logos::routes(Arc::clone(app)))
        .merge(dashboard::routes())
        .merge(health_routes(check, shutdown.leaving.clone()))
}

/// Finds out who asks, for resolvers to find.
fn who_asks(app: &Arc<App>, parts: &Parts) -> impl Future<Output = Result<Data, RequestError>> + Send + use<> {
    let app = Arc::clone(app);
    let (request_id, claim) = (RequestId::of(&parts.extensions), app.claim(parts));
    async move {
        let caller = app.identify(&claim, Some(request_id.as_str().to_owned())).await;
        let Caller { context, user } = caller.map_err(|reason| not_identified(&reason, request_id))?;
        let mut data = graphql::request_data(context);
        if let Some(user) = user {
            data.insert(graphql::SessionUser(user));
        }
        Ok(data)
    }
}
