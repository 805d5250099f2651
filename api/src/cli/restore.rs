//! `roster restore`: what follows the restore of a backup.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use event_store::{FinishedRestore, History, Restored, close_restore, finish_restore};

use super::Failure;
use super::database::Database;
use super::erasures::{Line, apply_list, read_list};
use super::operator::OperatorArgs;
use super::output::print_line;

/// Commands for a restore.
#[derive(Subcommand)]
pub(super) enum RestoreCommand {
    /// Prepare a restored database
    ///
    /// All other commands refuse a restored database: its events have transaction ids of the original database, and new events would be
    /// sorted among them. This command starts a new generation of the history, so that new events come after all old ones. Stop all
    /// servers, and run it once after each restore: of a dump, of a copy of the files, or to a point in time. It also migrates the schema
    /// to the newest version. Running it again has no effect.
    ///
    /// With --erasures, it erases all users on the list again. Until that is done, the database stays refused.
    #[command(after_help = "Example: roster restore finish --erasures erasures.ndjson")]
    Finish(FinishArgs),
}

#[derive(Args)]
pub(super) struct FinishArgs {
    /// A file with the output of `roster erasures list`; `-` for standard input
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    /// Start a new generation although the database does not look restored, for example after a disk snapshot was put back
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    operator: OperatorArgs,
}

impl RestoreCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let Self::Finish(args) = self;
        let erasures = args.erasures.as_deref().map(read_list).transpose()?;
        let database = args.operator.database.open_restored().await?;
        database.used(async |database| args.finish(database, erasures.as_deref()).await).await
    }
}

impl FinishArgs {
    async fn finish(&self, database: &Database, erasures: Option<&[Line]>) -> Result<(), Failure> {
        database.require_some_schema().await?;
        database.migrate().await?;
        let commands = match erasures {
            // A wrong master key is found before anything is changed.
            Some(_) => Some(self.operator.start_commands(database).await?),
            None => None,
        };
        let connection = &mut *database.pool.acquire().await?;
        let finished = finish_restore(connection, self.again, erasures.is_some()).await?;
        let history = History::count(connection).await?;
        print_line!("{}", told(finished, history));
        if let (Some(commands), Some(lines)) = (&commands, erasures) {
            let applied = apply_list(commands, lines).await;
            print_line!("Erasures: {applied}.");
            applied.require_all()?;
        }
        if finished.is_open {
            close_restore(connection).await?;
        }
        if finished.generation != finished.before || finished.is_open {
            print_line!("{}", self.next_steps(database, erasures.is_some()).await?);
        }
        Ok(())
    }

    /// What the operator must do before the first server starts.
    async fn next_steps(&self, database: &Database, has_erased: bool) -> Result<String, Failure> {
        let mut steps = vec!["Before you start a server:".to_owned()];
        if !has_erased {
            steps.push("- `roster erasures apply FILE`, if a user was erased after the backup was made".to_owned());
        }
        steps.push("- `roster projections verify`".to_owned());
        let waiting = projections::restored::count(&database.pool).await?;
        let hint = |count: u64, text: &str| (count > 0).then(|| format!("- {count} {text}"));
        steps.extend(hint(waiting.mails, "mails wait and will be sent, possibly for the second time: see `roster mail queue`"));
        steps.extend(hint(waiting.sessions, "sessions are active, including those that were ended after the backup was made"));
        steps.extend(hint(waiting.api_keys, "API keys and service keys work, including those that were revoked after the backup was made"));
        Ok(steps.join("\n"))
    }
}

/// What happened to the history.
fn told(finished: FinishedRestore, history: History) -> String {
    let FinishedRestore { restored, before, generation, .. } = finished;
    let History { events, accounts } = history;
    let history = format!("{events} events of {accounts} accounts");
    if restored == Some(Restored::Unfinished) && before == generation {
        return format!("An earlier run started generation {generation}, with {history}.");
    }
    if before == generation {
        return format!("Nothing to do: the database already has generation {generation}, with {history}.");
    }
    let what = restored.map_or("Started again", Restored::what);
    format!("{what}: {history} come before all new events. The generation was {before} and is now {generation}.")
}
