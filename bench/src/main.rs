//! Measures Roster: `make bench`, or `bench --help`.
//!
//! Start reading at `phases.rs`, which has the parts of a run. `worker.rs` is the part that uses Roster in its own process, `http.rs` the
//! callers over HTTP, `report.rs` the page. Only `roster.rs` knows Roster's Rust API, because it is compiled in an older tree as well.

mod cluster;
mod http;
mod load;
mod machine;
mod measure;
mod options;
mod outcome;
mod pgbench;
mod phases;
mod report;
mod results;
mod roster;
mod server;
mod site;
mod subscriptions;
mod target;
mod textbook;
mod tree;
mod worker;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use cluster::Cluster;
use options::{Cli, Command, RunArgs};
use outcome::Outcome;
use pgbench::Pgbench;
use phases::Bench;
use results::Results;
use tree::Tree;

/// As in the server.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run(args) => run(*args).await,
        Command::Target(args) => target::measure(args).await,
        Command::Report { results, write } => report(&results, write),
        Command::Worker { program, url } => worker::work(program, &url).await,
    };
    done.map_or_else(
        |error| {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

async fn run(args: RunArgs) -> Outcome<()> {
    let mut trees = vec![Tree::of_this_program(args.programs.as_deref())?];
    if let Some(commit) = args.baseline.as_deref().filter(|commit| !commit.is_empty()) {
        trees.push(match &args.baseline_programs {
            Some(folder) => Tree { name: "today", bench: folder.join("bench"), roster: folder.join("roster") },
            None => Tree::of_commit(&args.repository, commit)?,
        });
    }
    let began = Instant::now();
    let folder = args.repository.join("target/bench");
    fs::create_dir_all(&folder)?;
    let folder = fs::canonicalize(folder)?;
    let cluster = Cluster::start(&folder.join("postgres")).await?;
    let machine = machine::describe(&args, cluster.settings().await?)?;
    let pgbench = Pgbench::new(&cluster, &folder);
    let document = (!args.no_document && !args.quick).then(|| args.repository.join("docs/benchmarks.md"));
    let results = Results::on(machine);
    let mut bench = Bench { args, cluster, pgbench, trees, folder, results, began };
    let measured = bench.run().await;
    // What was measured before a failure is worth a page.
    bench.results.save(&bench.folder.join("results.json"))?;
    let page = report::page(&bench.results);
    println!("{page}");
    bench.cluster.stop().await?;
    measured?;
    document.map_or(Ok(()), |document| report::write(&document, &page))
}

fn report(results: &Path, write: bool) -> Outcome<()> {
    let page = report::page(&Results::load(results)?);
    println!("{page}");
    if write { report::write(Path::new("docs/benchmarks.md"), &page) } else { Ok(()) }
}
