//! The `roster` program.

use std::process::ExitCode;

use api::cli::Cli;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let chain = std::iter::successors(Some(error.as_ref() as &dyn std::error::Error), |error| error.source());
            let mut said = String::new();
            for cause in chain.map(ToString::to_string).filter(|cause| !cause.is_empty()) {
                // Some libraries repeat their source in their own words.
                if !said.contains(&cause) {
                    said = if said.is_empty() { cause } else { format!("{said}: {cause}") };
                }
            }
            eprintln!("roster: {said}");
            ExitCode::FAILURE
        }
    }
}
