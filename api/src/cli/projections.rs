//! `roster projections`: compares the read models with the events, and repairs them.

use clap::{Args, Subcommand};
use commands::Commands;
use event_store::{ComparedStreams, EventStore, Pool, StreamDifference, WatchStreams};
use projections::rebuild::{Difference, Outcome, Rebuilder, Watch};

use super::Failure;
use super::database::Database;
use super::operator::OperatorArgs;
use super::output::print_line;
use super::progress::Progress;

/// How many differences are listed.
const TOLD: u64 = 100;

/// Commands for the read models.
#[derive(Subcommand)]
pub(super) enum ProjectionsCommand {
    /// Repair the read models from the events, while servers keep running
    ///
    /// It computes each row from the events, compares it with the table, and rewrites rows that differ. Commands keep running; one waits
    /// only while the very user that it changes is repaired. Data that is in no event stays: passwords, hashes of tokens, waiting mails. It
    /// sends no mail. If you interrupt it and run it again, it continues where it stopped; two runs at the same time share the work. Users
    /// and accounts with an unreadable event are listed and left unchanged; then it exits with 1.
    #[command(after_help = "Example: roster projections rebuild --verify")]
    Rebuild(RebuildArgs),
    /// Compare the read models with the events, without changing anything
    ///
    /// It lists each row that differs, without its content, and each user or account with an unreadable event, which it does not compare.
    ///
    /// With --independent, it also reads every stream of events a second time, with code that is not part of Roster: the crate postgres-es
    /// reads the table, and the crate cqrs-es folds the events. It compares the version and the state of each stream with what Roster's own
    /// reader returns to commands. Roster decrypts the personal values for both, with the master key. It lists each stream that differs,
    /// without its content.
    ///
    /// Exits with 1 if there is any difference or unreadable event.
    #[command(after_help = "Examples:\n  roster projections verify\n  roster projections verify --independent")]
    Verify(VerifyArgs),
}

#[derive(Args)]
pub(super) struct RebuildArgs {
    /// Compare everything again afterwards
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    operator: OperatorArgs,
}

#[derive(Args)]
pub(super) struct VerifyArgs {
    /// Also read every stream of events through postgres-es and cqrs-es, and compare
    #[arg(long)]
    independent: bool,
    #[command(flatten)]
    operator: OperatorArgs,
}

/// Shows the progress on standard error.
struct Shown {
    progress: Progress,
    told: u64,
}

impl Shown {
    fn start(what: &'static str) -> Self {
        Self { progress: Progress::start(0, what), told: 0 }
    }

    /// Prints a difference, unless there were too many before it.
    fn name(&mut self, difference: &impl ToString) {
        self.told += 1;
        if self.told <= TOLD {
            self.progress.say(&difference.to_string());
        } else if self.told == TOLD + 1 {
            self.progress.say("… further differences are only counted");
        }
    }
}

impl Watch for Shown {
    fn progress(&mut self, done: u64, total: u64) {
        self.progress.set(done, total);
    }

    fn differs(&mut self, difference: &Difference) {
        self.name(difference);
    }
}

impl WatchStreams for Shown {
    fn progress(&mut self, done: u64, total: u64) {
        self.progress.set(done, total);
    }

    fn differs(&mut self, difference: &StreamDifference) {
        self.name(difference);
    }
}

impl ProjectionsCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (operator, rebuilds, verifies, independent) = match self {
            Self::Rebuild(args) => (args.operator, true, args.verify, false),
            Self::Verify(args) => (args.operator, false, true, args.independent),
        };
        let run = async |database: &Database, commands: &Commands| {
            let rebuilder = Rebuilder::new(&database.pool, commands.event_store());
            if rebuilds {
                let mut shown = Shown::start("users are rebuilt");
                let outcome = rebuilder.rebuild(&mut shown).await;
                shown.progress.end();
                let Outcome { users, differing, left, unreadable } = outcome?;
                print_line!("Rebuilt {users} users and their data. Rows that differed from the events: {differing}.");
                if let Some(problem) = unreadable_events(unreadable) {
                    return Err(problem.into());
                }
                if left > 0 {
                    return Err(format!("rows that cannot be repaired: {left}").into());
                }
            }
            // An auditor wants to know both, whatever the first says.
            let rows = if verifies { compare_rows(rebuilder).await? } else { None };
            let streams = if independent { compare_streams(&database.pool, commands.event_store()).await? } else { None };
            let problems: Vec<_> = [rows, streams].into_iter().flatten().collect();
            if problems.is_empty() { Ok(()) } else { Err(problems.join("; ").into()) }
        };
        operator.with_commands(run).await
    }
}

/// Compares every row of the read models with the events. Returns the problem, if any.
async fn compare_rows(rebuilder: Rebuilder<'_>) -> Result<Option<String>, Failure> {
    let mut shown = Shown::start("users are compared");
    let outcome = rebuilder.verify(&mut shown).await;
    shown.progress.end();
    let Outcome { users, differing, unreadable, .. } = outcome?;
    if differing > 0 {
        return Ok(Some(format!("rows that differ from the events: {differing}, of {users} users")));
    }
    let problem = unreadable_events(unreadable);
    if problem.is_none() {
        print_line!("Compared {users} users and their data: every row is as the events have it.");
    }
    Ok(problem)
}

/// Compares every stream with the result of postgres-es and cqrs-es. Returns the problem, if any.
async fn compare_streams(pool: &Pool, store: &EventStore) -> Result<Option<String>, Failure> {
    let mut shown = Shown::start("streams are compared");
    let outcome = store.compare_streams(pool, &mut shown).await;
    shown.progress.end();
    let ComparedStreams { streams, events, differing } = outcome?;
    if differing > 0 {
        return Ok(Some(format!("streams that postgres-es and cqrs-es do not read as Roster does: {differing}, of {streams}")));
    }
    print_line!(
        "Read {streams} streams with {events} events through postgres-es and cqrs-es: each has the version and state that Roster has."
    );
    Ok(None)
}

/// The problem of unreadable events, if there are any.
fn unreadable_events(unreadable: u64) -> Option<String> {
    (unreadable > 0).then(|| {
        format!(
            "events that cannot be read: {unreadable}; their users and accounts were not compared. Upgrade Roster if a newer one has \
             written them, or give the missing master key"
        )
    })
}
