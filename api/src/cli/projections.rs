//! `roster projections`: what readers see, compared with the events and computed anew from them.

use clap::{Args, Subcommand};
use projections::rebuild::{Difference, Outcome, Rebuilder, Watch};

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
    #[command(after_help = "Example: roster projections verify")]
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
}

impl Watch for Shown {
    fn progress(&mut self, done: u64, total: u64) {
        self.progress.set(done, total);
    }

    fn differs(&mut self, difference: &Difference) {
        self.told += 1;
        if self.told <= TOLD {
            self.progress.say(&difference.to_string());
        } else if self.told == TOLD + 1 {
            self.progress.say("… further ones are only counted");
        }
    }
}

impl ProjectionsCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (operator, rebuilds, verifies) = match self {
            Self::Rebuild(args) => (args.operator, true, args.verify),
            Self::Verify(args) => (args.operator, false, true),
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
                readable(unreadable)?;
                if left > 0 {
                    return Err(format!("rows that cannot be repaired: {left}").into());
                }
            }
            if verifies {
                let mut shown = Shown::start("users are compared");
                let outcome = rebuilder.verify(&mut shown).await;
                shown.progress.end();
                let Outcome { users, differing, unreadable, .. } = outcome?;
                if differing > 0 {
                    return Err(format!("rows that are not as the events have them: {differing}, of {users} users").into());
                }
                readable(unreadable)?;
                print_line!("Compared {users} users with everything of theirs: every row is as the events have it.");
            }
            Ok::<_, Failure>(())
        };
        let done = done.await;
        let closed = database.close().await;
        done?;
        closed
    }
}

/// Fails when there are events that cannot be read.
fn readable(unreadable: u64) -> Result<(), Failure> {
    if unreadable == 0 {
        return Ok(());
    }
    Err(format!(
        "events that cannot be read: {unreadable}; their users and accounts were not compared. Upgrade Roster if a newer one has written \
         them, or give the missing master key"
    )
    .into())
}
