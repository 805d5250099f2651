//! Upgrades a route to a WebSocket.

use std::sync::Arc;

use async_graphql::Executor;
use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::http::header::{ORIGIN, UPGRADE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use tokio::sync::Semaphore;
use tracing::{Instrument, Span};

use crate::layers::origin::{PublicOrigin, is_same_origin, refuse_foreign};
use crate::layers::request_id::RequestId;
use crate::socket::conversation::Conversation;
use crate::socket::{Authenticator, Socket};

const SUBPROTOCOL: &str = "graphql-transport-ws";

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
