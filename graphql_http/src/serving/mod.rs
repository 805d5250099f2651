//! Serves connections: accepts them, limits their number and their time, and stops in stages.
//!
//! axum's and hyper-util's servers (`axum::serve`, `hyper_util::server::graceful`) lack three properties that `tests/graphql_over_http/connections.rs`
//! holds us to, so the accept loop is our own:
//!
//! - A client that connects and sends nothing, or sends its headers slowly, is disconnected after [`ServerSettings::header_time`]. hyper's own timer starts
//!   with the last answer.
//! - An idle HTTP/1 connection stays open for [`ServerSettings::linger_time`] after the server closes, because a proxy may be sending a request into it.
//!   `GracefulShutdown` closes it at once.
//! - Requests that take too long are cut after [`ServerSettings::drain_time`], and counted.
//!
//! Start reading at `server.rs`. `listening.rs` and `activity.rs` observe what happens on a connection.
//!
//! [`ServerSettings::header_time`]: server::ServerSettings::header_time
//! [`ServerSettings::linger_time`]: server::ServerSettings::linger_time
//! [`ServerSettings::drain_time`]: server::ServerSettings::drain_time

mod activity;
pub(crate) mod health;
mod listening;
pub(crate) mod server;
pub(crate) mod shutdown;
