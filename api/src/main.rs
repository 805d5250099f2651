//! The `roster` program.

use std::process::ExitCode;

use api::chain::chain;
use api::cli::Cli;
use clap::Parser;
use tikv_jemallocator::Jemalloc;
use tokio::runtime::Builder;

/// It gives memory back to the system some seconds after a flood of requests, also when nothing else happens: see
/// `docs/decisions/0018-a-server-under-load.md`.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("roster: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(cli.run());
    // A thread that is still busy, such as with a name that no server resolves, holds up no exit.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roster: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}
