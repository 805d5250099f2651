//! `roster projections`: what readers see, compared with the events and computed anew from them.

use clap::{Args, Subcommand};
use event_store::{ComparedStreams, EventStore, StreamDifference, WatchStreams};
use projections::rebuild::{Difference, Outcome, Rebuilder, Watch};
use sqlx::PgPool;

use super::Failure;
use super::database::OperatorArgs;
use super::output::print_line;
use super::progress::Progress;

/// How many differences are told one by one.
const TOLD: u64 = 100;

/// What can be done with what readers see.
#[derive(Subcommand)]
pub(super) enum ProjectionsCommand {
    /// Make what readers see what the events say, while everything goes on
    ///
    /// Everything is computed from the events and compared row by row; what differs is written anew. Commands go on meanwhile: one waits only
    /// while the very user that it changes is repaired. What is in no event stays: passwords, the hashes of tokens, mails that wait. No mail
    /// is sent. Cut off, it goes on where it was when it is run again; run twice at once, the two share the work. Users and accounts with an
    /// event that cannot be read are named, and stay as they are; then it exits with 1.
    #[command(after_help = "Example: roster projections rebuild --verify")]
    Rebuild(RebuildArgs),
    /// Compare what readers see with the events, and change nothing
    ///
    /// Each row that differs is named, without what stands in it. So is each user or account with an event that cannot be read: that one is
    /// not compared. Exits with 1 when there is any of either.
    ///
    /// With --independent, every stream of events is also read a second time, by programs that are not part of Roster: the crate postgres-es
    /// reads the table, and the crate cqrs-es folds the events. The version and the state of each stream must be what Roster's own reader
    /// gives to commands. Roster opens the sealed personal values for both, with the master key. Each stream that differs is named, without
    /// what stands in it; then it exits with 1.
    #[command(after_help = "Examples:\n  roster projections verify\n  roster projections verify --independent")]
    Verify(VerifyArgs),
}

#[derive(Args)]
pub(super) struct RebuildArgs {
    /// Compare everything once more afterwards
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    operator: OperatorArgs,
}

#[derive(Args)]
pub(super) struct VerifyArgs {
    /// Read every stream of events also through postgres-es and cqrs-es, and compare
    #[arg(long)]
    independent: bool,
    #[command(flatten)]
    operator: OperatorArgs,
}

/// Shows on standard error how it goes.
struct Shown {
    progress: Progress,
    told: u64,
}

impl Shown {
    fn start(what: &'static str) -> Self {
        Self { progress: Progress::start(0, what), told: 0 }
    }

    /// Names a difference, if there were not too many before it.
    fn name(&mut self, difference: &impl ToString) {
        self.told += 1;
        if self.told <= TOLD {
            self.progress.say(&difference.to_string());
        } else if self.told == TOLD + 1 {
            self.progress.say("… further ones are only counted");
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
        let (database, commands) = operator.commands().await?;
        let done = async {
            let rebuilder = Rebuilder::new(&database.pool, commands.event_store());
            if rebuilds {
                let mut shown = Shown::start("users are rebuilt");
                let outcome = rebuilder.rebuild(&mut shown).await;
                shown.progress.end();
                let Outcome { users, differing, left, unreadable } = outcome?;
                print_line!("Rebuilt {users} users with everything of theirs; rows that were not as the events have them: {differing}.");
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
            if problems.is_empty() { Ok::<_, Failure>(()) } else { Err(problems.join("; ").into()) }
        };
        let done = done.await;
        let closed = database.close().await;
        done?;
        closed
    }
}

/// Compares every row that readers see with the events. Answers what is wrong.
async fn compare_rows(rebuilder: Rebuilder<'_>) -> Result<Option<String>, Failure> {
    let mut shown = Shown::start("users are compared");
    let outcome = rebuilder.verify(&mut shown).await;
    shown.progress.end();
    let Outcome { users, differing, unreadable, .. } = outcome?;
    if differing > 0 {
        return Ok(Some(format!("rows that are not as the events have them: {differing}, of {users} users")));
    }
    let problem = unreadable_events(unreadable);
    if problem.is_none() {
        print_line!("Compared {users} users with everything of theirs: every row is as the events have it.");
    }
    Ok(problem)
}

/// Compares every stream with what postgres-es and cqrs-es make of it. Answers what is wrong.
async fn compare_streams(pool: &PgPool, store: &EventStore) -> Result<Option<String>, Failure> {
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

/// Says that there are events that cannot be read, if there are.
fn unreadable_events(unreadable: u64) -> Option<String> {
    (unreadable > 0).then(|| {
        format!(
            "events that cannot be read: {unreadable}; their users and accounts were not compared. Upgrade Roster if a newer one has \
             written them, or give the missing master key"
        )
    })
}
