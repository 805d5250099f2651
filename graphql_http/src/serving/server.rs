use std::{
    convert::Infallible,
    io::{self, ErrorKind},
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Request, StatusCode, Version, header::CONNECTION},
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;
use tracing::{debug, info, warn};

use crate::serving::activity::Activity;
use crate::serving::listening::Listening;
use crate::serving::shutdown::Shutdown;

/// How connections are treated.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// How many connections may be open; more wait in the kernel's queue.
    pub connections: usize,
    /// How long a client may take to send a request's headers: the first from the connection's start, later ones from their first
    /// byte. (hyper's own time-out counts from the last answer, and does not see a client that says nothing at all.)
    pub header_time: Duration,
    /// How long a connection may stay open without a request. More than the minute for which load balancers keep theirs: one that
    /// sends a request into a connection we are closing answers 502.
    pub idle_time: Duration,
    /// How long requests that are being answered may go on after the server closes.
    pub drain_time: Duration,
    /// How long an idle HTTP/1 connection stays open after the server closes. A proxy may be sending a request into it at that moment;
    /// when it finds that no new connection is accepted, it sends no more.
    pub linger_time: Duration,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            connections: 4096,
            header_time: Duration::from_secs(10),
            idle_time: Duration::from_secs(75),
            drain_time: Duration::from_secs(10),
            linger_time: Duration::from_secs(1),
        }
    }
}

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Every request was answered.
    Drained,
    /// Some requests took too long and were dropped.
    Cut {
        /// How many connections were open.
        connections: usize,
    },
}

/// Serves HTTP/1 and HTTP/2 until `shutdown` closes the server; then accepts no more, lets open requests end, and returns. While it is
/// leaving it serves on, but keeps no HTTP/1 connection open after an answer. Handlers find the peer as `ConnectInfo<SocketAddr>`.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown, settings: ServerSettings) -> Stopped {
    let permits = Arc::new(Semaphore::new(settings.connections));
    let (connections, cut) = (TaskTracker::new(), CancellationToken::new());
    let begin = |stream, peer, permit| {
        let connection = Connection { peer, router: router.clone(), shutdown: shutdown.clone(), settings: settings.clone() };
        let cut = cut.clone();
        connections.spawn(async move {
            tokio::select! {
                () = cut.cancelled() => {}
                () = connection.serve(stream) => {}
            }
            drop::<OwnedSemaphorePermit>(permit);
        });
    };
    let serving = async {
        loop {
            // The semaphore is never closed.
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
            let (stream, peer) = accept(&listener).await;
            begin(stream, peer, permit);
        }
    };
    tokio::select! {
        () = serving => {}
        () = shutdown.closing.cancelled() => {}
    }
    // Clients whose connections the kernel has accepted may have sent their requests already.
    for (stream, peer) in waiting_clients(listener) {
        let Ok(permit) = Arc::clone(&permits).try_acquire_owned() else { break };
        begin(stream, peer, permit);
    }
    connections.close();
    info!(connections = connections.len(), "shutting down");
    if timeout(settings.drain_time, connections.wait()).await.is_ok() {
        return Stopped::Drained;
    }
    let open = connections.len();
    warn!(connections = open, "requests took too long to end and were dropped");
    cut.cancel();
    connections.wait().await;
    Stopped::Cut { connections: open }
}

/// Takes the connections that wait in the kernel's queue, and closes the listener.
fn waiting_clients(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else { return vec![] };
    let clients = std::iter::from_fn(|| listener.accept().ok()).filter_map(|(stream, peer)| {
        stream.set_nonblocking(true).ok()?;
        Some((TcpStream::from_std(stream).ok()?, peer))
    });
    clients.collect()
}

/// Waits for a client. Errors are of one connection, or pass: too many open files must not end the server.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    debug!(%error, "TCP_NODELAY was refused");
                }
                return (stream, peer);
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                warn!(%error, "no connection can be accepted; trying again in a second");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted
    )
}

struct Connection {
    peer: SocketAddr,
    router: Router,
    shutdown: Shutdown,
    settings: ServerSettings,
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        let Self { peer, router, shutdown, settings } = self;
        let activity = Activity::default();
        let service = service_fn(|request: Request<Incoming>| {
            let (router, open, version) = (router.clone(), activity.open(request.version()), request.version());
            let leaving = shutdown.leaving.clone();
            async move {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                let mut response = router.oneshot(request).await?;
                let is_kept_open = version < Version::HTTP_2 && response.status() != StatusCode::SWITCHING_PROTOCOLS;
                if is_kept_open && leaving.is_cancelled() {
                    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(response.map(|body| open.until_sent(body)))
            }
        });
        let builder = builder(&settings);
        let stream = TokioIo::new(Listening { stream, activity: activity.clone() });
        let mut connection = pin!(builder.serve_connection_with_upgrades(stream, service));
        let mut unused = pin!(until_unused(&activity, &settings));
        let (mut is_closing, mut is_ending) = (false, false);
        // It begins when the server closes.
        let mut linger = pin!(sleep(Duration::MAX));
        loop {
            tokio::select! {
                result = connection.as_mut() => {
                    if let Err(error) = result {
                        debug!(error, "a connection broke off");
                    }
                    return;
                }
                () = shutdown.closing.cancelled(), if !is_closing => {
                    is_closing = true;
                    let may_linger = activity.is_idle() && !activity.is_http2();
                    let time = if may_linger { settings.linger_time } else { Duration::ZERO };
                    linger.as_mut().reset(Instant::now() + time);
                }
                () = linger.as_mut(), if is_closing && !is_ending => {
                    is_ending = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = unused.as_mut() => return,
            }
        }
    }
}

/// Waits until a connection is of no use: its client does not finish a request's headers, or has long had no request.
async fn until_unused(activity: &Activity, settings: &ServerSettings) {
    let mut ticks = interval(settings.header_time / 4);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut asked, mut quiet_since, mut begun_since) = (0, Instant::now(), None);
    loop {
        let now = ticks.tick().await;
        if !activity.is_idle() || activity.asked() != asked {
            (asked, quiet_since, begun_since) = (activity.asked(), now, None);
            continue;
        }
        // The first request is expected at once.
        begun_since = begun_since.or((activity.has_begun() || asked == 0).then_some(now));
        let is_slow = begun_since.is_some_and(|since| now - since >= settings.header_time);
        if is_slow || now - quiet_since >= settings.idle_time {
            return;
        }
    }
}

fn builder(settings: &ServerSettings) -> Builder<TokioExecutor> {
    const MAX_HEAD: usize = 64 * 1024;
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(settings.idle_time).max_buf_size(MAX_HEAD).max_headers(100);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(64 * 1024)
        .max_concurrent_streams(100)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    builder
}
