//! The `roster` program.

use std::process::ExitCode;

use api::chain::chain;
use api::cli::{Cli, Failure, OutputClosed, tell};
use tikv_jemallocator::Jemalloc;
use tokio::runtime::Builder;

/// It gives memory back to the system some seconds after a flood of requests, also when nothing else happens: see
/// `docs/decisions/0018-a-server-under-load.md`.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // As after `| head`: the reader has seen enough.
        Err(error) if error.is::<OutputClosed>() => ExitCode::SUCCESS,
        Err(error) => {
            tell(format_args!("roster: {}", chain(error.as_ref())));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let cli = Cli::from_process()?;
    let runtime = Builder::new_multi_thread().enable_all().build().map_err(|error| format!("the system gives no threads: {error}"))?;
    let result = runtime.block_on(cli.run());
    // A thread that is still busy, such as with a name that no server resolves, holds up no exit.
    runtime.shutdown_background();
    result
}
