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
mod upgrade;

use std::time::Duration;

use async_graphql::Data;
use axum::http::HeaderName;
use axum::http::request::Parts;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::layers::origin::PublicOrigin;
use crate::layers::request_id::RequestId;
use crate::request::limits::Limits;
use crate::request::request_error::RequestError;

pub use upgrade::with_socket;

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
