//! Serves. GraphQL over HTTP, sign-in, pages for the links in mails, the sending of mails, and the
//! `roster` command line.
//!
//! Start reading at [`app`] for what every request needs, at [`graphql`] for the API, at `main.rs`
//! for the commands.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, reason = "they panic when the reader is gone: see `cli/output.rs`")
)]

pub mod app;
pub mod chain;
pub mod cli;
pub mod dashboard;
pub mod export;
pub mod graphql;
pub mod http;
mod outage;
pub mod pages;
pub mod server;
pub mod sign_in_options;
pub mod site;
mod wire;
pub mod workers;
