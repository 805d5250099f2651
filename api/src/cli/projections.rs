//! `roster projections`: compares the read models with the events, and repairs them.

use clap::{Args, Subcommand};
use projections::rebuild::{Difference, Outcome, Rebuilder, Watch};

use super::Failure;
use super::database::OperatorArgs;
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
    /// Exits with 1 if there is any of either.
    #[command(after_help = "Example: roster projections verify")]
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
            self.progress.say("… further differences are only counted");
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
                print_line!("Rebuilt {users} users and their data. Rows that differed from the events: {differing}.");
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
                    return Err(format!("rows that differ from the events: {differing}, of {users} users").into());
                }
                readable(unreadable)?;
                print_line!("Compared {users} users and their data: every row is as the events have it.");
            }
            Ok::<_, Failure>(())
        };
        let done = done.await;
        let closed = database.close().await;
        done?;
        closed
    }
}

/// Fails if there are unreadable events.
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
