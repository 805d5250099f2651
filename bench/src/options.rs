//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::site::Way;
use crate::worker::{Program, Work};

/// Measures Roster beside what Postgres itself can do, beside a textbook program, and beside an earlier commit.
///
/// Machines differ and are noisy, so ratios count: everything that is compared is measured in one run, in turns, on one durable Postgres.
/// `make bench` builds this program and runs `bench run`.
#[derive(Parser)]
#[command(name = "bench")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Measure, print one page, and write docs/benchmarks.md
    #[command(
        after_help = "Examples:\n  bench run                          everything, in up to 25 minutes\n  bench run --baseline 5db2fe2       the same beside \
                            that commit\n  bench run --quick                  a first look, in a minute\n  bench run --phases throughput,tail  only these"
    )]
    Run(Box<RunArgs>),
    /// Measure another server that answers Roster's GraphQL requests
    #[command(after_help = "Example: bench target http://127.0.0.1:8080 --token roster_s_… --works list,viewer")]
    Target(TargetArgs),
    /// Print the page of an earlier run again
    Report {
        /// The results, as `bench run` has written them
        #[arg(default_value = "target/bench/results.json")]
        results: PathBuf,
        /// Write docs/benchmarks.md as well
        #[arg(long)]
        write: bool,
    },
    /// Do what another `bench` asks for on standard input
    #[command(hide = true)]
    Worker { program: Program, url: String },
}

/// A part of the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Phase {
    /// Invitations, updates, sign-ins, lists and viewers, for 1 to 64 callers, in process and over HTTP
    Throughput,
    /// The same at steady load, half of what is possible: p50, p99 and p99.9
    Tail,
    /// The same in a small and in a large database
    Sizes,
    /// `inviteUsers`, and the bytes that a user and an event take
    Bulk,
    /// Rebuilding, versions and exports, beside `copy`
    History,
    /// Memory at rest and with subscriptions
    Memory,
}

#[derive(Args, Clone)]
pub(crate) struct RunArgs {
    /// A commit to compare with. It is built once, in target/bench/trees
    #[arg(long, value_name = "COMMIT", env = "BASELINE")]
    pub(crate) baseline: Option<String>,
    /// The folder of the programs `bench` and `roster` of that commit, if they are built already
    #[arg(long, value_name = "FOLDER", requires = "baseline")]
    pub(crate) baseline_programs: Option<PathBuf>,
    /// A first look: small databases, two short rounds. Its numbers are not for comparing
    #[arg(long)]
    pub(crate) quick: bool,
    /// Which parts to measure; default: all
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) phases: Vec<Phase>,
    /// What callers do in the phases throughput, tail and sizes; default: everything
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) works: Vec<Work>,
    /// How they ask: in process, over HTTP; default: both
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) ways: Vec<Way>,
    /// The number of users of most measurements; default: 100000
    #[arg(long, value_name = "USERS")]
    pub(crate) users: Option<u64>,
    /// The numbers of users that are compared with each other; default: 10000,1000000
    #[arg(long, value_name = "SMALL,LARGE", value_parser = parse_sizes)]
    pub(crate) sizes: Option<[u64; 2]>,
    /// How many callers there are at once
    #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 16, 64])]
    pub(crate) callers: Vec<usize>,
    /// How often each measurement is repeated; default: 5
    #[arg(long)]
    pub(crate) rounds: Option<usize>,
    /// How long one measurement lasts, in milliseconds; default: 600
    #[arg(long, value_name = "MILLISECONDS")]
    pub(crate) millis: Option<u64>,
    /// After how many minutes nothing more is begun; default: 25
    #[arg(long)]
    pub(crate) minutes: Option<u64>,
    /// How many subscriptions are open at once; default: 10000
    #[arg(long, value_name = "NUMBER")]
    pub(crate) subscriptions: Option<usize>,
    /// The folder of the repository
    #[arg(long, default_value = ".")]
    pub(crate) repository: PathBuf,
    /// The folder of the program `roster` of this tree; default: beside `bench`
    #[arg(long, value_name = "FOLDER")]
    pub(crate) programs: Option<PathBuf>,
    /// Do not write docs/benchmarks.md
    #[arg(long)]
    pub(crate) no_document: bool,
}

/// Reads two numbers such as `10000,1000000`.
fn parse_sizes(text: &str) -> Result<[u64; 2], String> {
    let (small, large) = text.split_once(',').ok_or("give two numbers, such as 10000,1000000")?;
    let number = |text: &str| text.trim().parse::<u64>().map_err(|error| format!("{text}: {error}"));
    Ok([number(small)?, number(large)?])
}

impl RunArgs {
    pub(crate) fn has(&self, phase: Phase) -> bool {
        self.phases.is_empty() || self.phases.contains(&phase)
    }

    /// Whether callers do this in this way.
    pub(crate) fn wants(&self, way: Way, work: Work) -> bool {
        (self.ways.is_empty() || self.ways.contains(&way)) && (self.works.is_empty() || self.works.contains(&work))
    }

    fn usual<T>(&self, given: Option<T>, usual: T, quick: T) -> T {
        given.unwrap_or(if self.quick { quick } else { usual })
    }

    pub(crate) fn users(&self) -> u64 {
        self.usual(self.users, 100_000, 2_000)
    }

    /// The small number and the large one.
    pub(crate) fn sizes(&self) -> [u64; 2] {
        self.usual(self.sizes, [10_000, 1_000_000], [1_000, 4_000])
    }

    pub(crate) fn rounds(&self) -> usize {
        self.usual(self.rounds, 5, 2)
    }

    pub(crate) fn millis(&self) -> u64 {
        self.usual(self.millis, 600, 150)
    }

    pub(crate) fn time(&self) -> Duration {
        Duration::from_millis(self.millis())
    }

    pub(crate) fn budget(&self) -> Duration {
        Duration::from_secs(60 * self.usual(self.minutes, 25, 5))
    }

    pub(crate) fn subscriptions(&self) -> usize {
        self.usual(self.subscriptions, 10_000, 200)
    }

    /// How many users are rebuilt.
    pub(crate) fn rebuilt(&self) -> u64 {
        self.usual(None, 25_000, 1_000)
    }
}

#[derive(Args)]
pub(crate) struct TargetArgs {
    /// Its address, such as <http://127.0.0.1:8080>; the path is /graphql if none is given
    pub(crate) url: String,
    /// The bearer token of an admin
    #[arg(long, env = "ROSTER_TOKEN", hide_env_values = true)]
    pub(crate) token: String,
    /// What callers do. `invite` and `update` change data
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Work::List, Work::Viewer])]
    pub(crate) works: Vec<Work>,
    /// The ids of users whose names `update` changes
    #[arg(long, value_delimiter = ',')]
    pub(crate) members: Vec<String>,
    /// How many callers there are at once
    #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 16, 64])]
    pub(crate) callers: Vec<usize>,
    /// How often each measurement is repeated
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: usize,
    /// How long one measurement lasts, in milliseconds
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 1000)]
    pub(crate) millis: u64,
}
