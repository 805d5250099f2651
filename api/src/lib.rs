//! Serves. GraphQL over HTTP, sign-in, pages for the links in mails, the sending of mails, and the
//! `roster` command line.
//!
//! Start reading at [`app`] for what every request needs, at [`graphql`] for the API, at `main.rs`
//! for the commands.
#![cfg_attr(not(test), deny(clippy::print_stdout, clippy::print_stderr, reason = "they panic where nobody reads: see `cli/output.rs`"))]

pub mod app;
pub mod attempt_worker;
pub mod authenticator;
pub mod chain;
pub mod cli;
pub mod dashboard;
pub mod export;
pub mod feed_poller;
mod forward_auth;
pub mod graphiql;
pub mod graphql;
pub mod horizon_worker;
pub mod housekeeping;
pub mod http;
pub mod mail_worker;
mod outage;
pub mod pages;
pub mod readiness;
pub mod reset_worker;
pub mod server;
pub mod session_cookie;
pub mod sign_in_options;
pub mod site;
mod spelling;
pub mod supervisor;
pub mod versions_worker;
mod wire;
