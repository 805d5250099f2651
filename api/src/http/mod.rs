//! Speaks HTTP: what lies between a TCP connection and a resolver.
//!
//! Nothing here knows a user, an event or a table. What a caller may do is decided further below; this module decides what
//! counts as a request, how long it may take, how much it may cost before it is run, and what may leave in an answer or a log.
//!
//! Start reading at [`graphql`](fn@graphql) for one request, at [`with_socket`] for subscriptions, at [`serve`] for the connections,
//! at [`with_layers`] for what every route has in common.

mod acting_for;
mod activity;
mod answer;
mod assets;
mod client_address;
mod cors;
mod graphql;
mod health;
mod host;
mod layers;
mod limits;
mod listening;
mod media_type;
mod negotiation;
mod operation;
mod origin;
mod request;
mod request_error;
mod request_id;
mod scan;
mod security_headers;
mod server;
mod socket;
pub mod telemetry;
mod trace;
mod values;

pub use acting_for::{ACTING_FOR, ACTING_FOR_PARAMETER, ActingFor, NOBODY, SESSION_CHANGED};
pub use assets::{icon, stylesheet};
pub use client_address::{InvalidProxies, TrustedProxies};
pub use cors::with_cors;
pub use graphql::graphql;
pub use health::{Readiness, health_routes};
pub use layers::with_layers;
pub use limits::Limits;
pub use origin::{InvalidPublicUrl, PublicOrigin, is_same_origin};
pub(crate) use request_error::{RETRY_AFTER_SECONDS, RETRY_AFTER_SECONDS_EXTENSION};
pub use request_error::{RequestError, UNAVAILABLE};
pub use request_id::RequestId;
pub use server::{ServerSettings, Stopped, serve};
pub use socket::{Authenticator, Socket, SocketLimits, with_socket};
