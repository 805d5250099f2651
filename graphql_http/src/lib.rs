//! GraphQL over HTTP and WebSocket: everything between a TCP connection and a resolver.
//!
//! The crate decides what counts as a request, how long a request may take, how much it may cost before it runs, and what may appear in
//! an answer or a log. It runs any [`async_graphql::Executor`]. The application says who the caller is: with the `prepare` function of
//! [`graphql`](fn@graphql) for a request, with an [`Authenticator`] for a socket.
//!
//! Architecture Invariant: nothing here knows a user, an event or a table. The crate depends on no other crate of the workspace.
//!
//! Start reading at [`graphql`](fn@graphql) for one request, at [`with_socket`] for subscriptions, at [`serve`] for connections, at
//! [`with_layers`] for what all routes have in common.

mod layers;
mod recent;
mod request;
mod serving;
mod socket;

pub use layers::{
    cors::with_cors,
    origin::{InvalidPublicUrl, PublicOrigin, is_same_origin},
    request_id::RequestId,
    trusted_proxies::{InvalidProxies, TrustedProxies},
    with_layers,
};
pub use recent::Recent;
pub use request::{
    endpoint::graphql,
    limits::Limits,
    request_error::{RETRY_AFTER_SECONDS, RETRY_AFTER_SECONDS_EXTENSION, RequestError, UNAVAILABLE},
};
pub use serving::{
    health::{Readiness, health_routes},
    server::{ServerSettings, Stopped, serve},
    shutdown::Shutdown,
};
pub use socket::{Authenticator, InitHeader, Socket, SocketLimits, with_socket};
