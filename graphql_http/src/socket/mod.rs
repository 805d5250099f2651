//! Subscriptions over a WebSocket, as the subprotocol `graphql-transport-ws` has them.
//!
//! Written by hand over axum's WebSocket: async-graphql-axum's part checks no origin, runs mutations, waits forever, and lets a
//! repeated operation id replace the first. Queries and mutations are not run here: `POST` answers them.
//!
//! Start reading at [`with_socket`], then at `conversation.rs`.

mod close;
mod conversation;
mod message;
mod operations;
mod outbox;

use std::{sync::Arc, time::Duration};

use async_graphql::{Data, Executor};
use axum::{
    extract::{FromRequestParts, Request, State, WebSocketUpgrade},
    http::{
        HeaderMap, HeaderName, StatusCode,
        header::{ORIGIN, UPGRADE},
        request::Parts,
    },
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{Instrument, Span};

use self::conversation::Conversation;
use crate::layers::origin::{PublicOrigin, is_same_origin, refuse_foreign};
use crate::layers::request_id::RequestId;
use crate::request::limits::Limits;
use crate::request::request_error::RequestError;

const SUBPROTOCOL: &str = "graphql-transport-ws";

/// What a socket may cost, and how long its client may be silent.
#[derive(Debug, Clone)]
pub struct SocketLimits {
    /// How many sockets may be open; more are answered with 503.
    pub sockets: usize,
    /// Bytes of one message of a client.
    pub message_bytes: usize,
    /// Subscriptions that run at once on one socket.
    pub subscriptions: usize,
    /// How long a client may take to send `connection_init`.
    pub init_time: Duration,
    /// How often a client is pinged.
    pub ping_interval: Duration,
    /// After how long without a sign of life a client is taken for dead.
    pub silence: Duration,
    /// How often the authenticator is asked whether a connection may stay open.
    pub check_interval: Duration,
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            sockets: 4096,
            message_bytes: 64 * 1024,
            subscriptions: 20,
            init_time: Duration::from_secs(10),
            ping_interval: Duration::from_secs(30),
            silence: Duration::from_secs(75),
            check_interval: Duration::from_millis(200),
        }
    }
}

/// Finds out who opens a socket, and whether it may stay open.
pub trait Authenticator: Send + Sync + 'static {
    /// An admitted connection: what the application knows of it.
    type Connection: Send + Sync + 'static;

    /// Authenticates a connection by its request, whose headers include those of `connection_init`'s payload. `None` is a no: the
    /// credentials are not valid, or no longer.
    fn admit(&self, parts: &Parts, request_id: RequestId) -> impl Future<Output = Result<Option<Self::Connection>, RequestError>> + Send;

    /// Whether what [`admit`](Self::admit) found out still holds, as far as is known. Called often, so it must not wait.
    fn may_stay(&self, connection: &Self::Connection) -> bool;

    /// What resolvers of a new subscription find in their context.
    fn data(&self, connection: &Self::Connection) -> Data;
}

/// An entry of `connection_init`'s payload, and the header that it stands for.
pub type InitHeader = (&'static str, HeaderName);

/// What all sockets have in common.
pub struct Socket<E, D> {
    /// The schema.
    pub executor: E,
    /// Admits connections.
    pub authenticator: D,
    /// Which entries of `connection_init`'s payload stand for headers, besides `authorization`.
    pub init_headers: Vec<InitHeader>,
    /// Where pages that open a socket must come from.
    pub origin: PublicOrigin,
    /// What one subscription may cost: the same as over HTTP.
    pub limits: Limits,
    /// What a socket may cost.
    pub socket_limits: SocketLimits,
    /// Closes every socket.
    pub shutdown: CancellationToken,
    /// Counts the sockets, so that a stop can wait until they are closed.
    pub tracker: TaskTracker,
}

/// Lets a route be upgraded to a WebSocket; every other request goes on to the route.
pub fn with_socket<S, E, D>(route: MethodRouter<S>, socket: Socket<E, D>) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    E: Executor,
    D: Authenticator,
{
    let permits = Arc::new(Semaphore::new(socket.socket_limits.sockets));
    route.layer(from_fn_with_state(SocketLayer { socket: Arc::new(socket), permits }, upgrade))
}

struct SocketLayer<E, D> {
    socket: Arc<Socket<E, D>>,
    permits: Arc<Semaphore>,
}

impl<E, D> Clone for SocketLayer<E, D> {
    fn clone(&self) -> Self {
        Self { socket: Arc::clone(&self.socket), permits: Arc::clone(&self.permits) }
    }
}

async fn upgrade<E: Executor, D: Authenticator>(State(layer): State<SocketLayer<E, D>>, request: Request, next: Next) -> Response {
    /// tungstenite's own reads 128 KiB at once, and keeps that much for every idle socket.
    const READ_BUFFER: usize = 4 * 1024;
    if !wants_socket(request.headers()) {
        return next.run(request).await;
    }
    let SocketLayer { socket, permits } = layer;
    let (mut parts, _) = request.into_parts();
    if !is_own_page(&parts.headers, &socket.origin) {
        return refuse_foreign(&parts.headers, &socket.origin);
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let Ok(permit) = permits.try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "Too many sockets are open").into_response();
    };
    let request_id = RequestId::of(&parts.extensions);
    let message_bytes = socket.socket_limits.message_bytes;
    // A message that is a little too large is read, so that the client hears why it is closed.
    let upgrade = upgrade.protocols([SUBPROTOCOL]).read_buffer_size(READ_BUFFER).write_buffer_size(0);
    let upgrade = upgrade.max_message_size(message_bytes * 2).max_frame_size(message_bytes * 2);
    let (span, tracker) = (Span::current(), socket.tracker.clone());
    upgrade.on_upgrade(move |stream| {
        let conversation = Conversation::new(socket, stream, parts, request_id);
        let talking = async move {
            conversation.run().await;
            drop(permit);
        };
        tracker.track_future(talking.instrument(span))
    })
}

fn wants_socket(headers: &HeaderMap) -> bool {
    headers.get(UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Browsers always say the origin of a page that opens a socket. (Not all say `Sec-Fetch-Site` as they should.)
fn is_own_page(headers: &HeaderMap, public: &PublicOrigin) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => origin.as_bytes() == public.as_str().as_bytes(),
        _ => is_same_origin(headers, public),
    }
}
