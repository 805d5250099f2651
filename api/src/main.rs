//! The `roster` program.

use std::process::ExitCode;

use api::chain::chain;
use api::cli::Cli;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roster: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}
