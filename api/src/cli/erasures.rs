//! `roster erasures`: who was erased, to be kept apart from the backups, and to be erased again after an older one was restored.

use std::fmt;
use std::fs;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use commands::{Commands, Error};
use domain::{AccountId, Refusal, UserId};
use event_store::Erasure;
use serde::{Deserialize, Serialize};

use super::Failure;
use super::database::{Database, DatabaseArgs};
use super::operator::{OperatorArgs, operator};
use super::output::print_line;

/// Commands for the list of erasures.
#[derive(Subcommand)]
pub(super) enum ErasuresCommand {
    /// Print the erased users, one JSON object per line: ids and times, no personal data
    ///
    /// A backup from before an erasure still contains the key of the user. Store this list apart from the backups, so that you can erase
    /// the users again after a restore. For example, run daily: `roster erasures list > /elsewhere/erasures.ndjson`.
    #[command(after_help = "Example: roster erasures list > erasures.ndjson")]
    List(ListArgs),
    /// Erase all users on a list again, after an older backup was restored
    ///
    /// Users who are not deleted in the restored database are deleted first. Run it before users can sign in. Running it again has no
    /// effect.
    #[command(after_help = "Example: roster erasures apply erasures.ndjson")]
    Apply(ApplyArgs),
}

#[derive(Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Args)]
pub(super) struct ApplyArgs {
    /// A file with the output of `roster erasures list`; `-` for standard input
    file: PathBuf,
    #[command(flatten)]
    operator: OperatorArgs,
}

/// A line of the list.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    account_id: AccountId,
    user_id: UserId,
    erased_at: DateTime<Utc>,
}

impl From<Erasure> for Line {
    fn from(Erasure { account_id, person_id, at }: Erasure) -> Self {
        Self { account_id, user_id: person_id, erased_at: at }
    }
}

impl ErasuresCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self {
            Self::List(args) => args.run().await,
            Self::Apply(args) => args.run().await,
        }
    }
}

impl ListArgs {
    async fn run(self) -> Result<(), Failure> {
        let list = async |database: &Database| Ok(event_store::list_erasures(&mut *database.pool.acquire().await?).await?);
        for erasure in self.database.with_database(list).await? {
            print_line!("{}", serde_json::to_string(&Line::from(erasure))?);
        }
        Ok(())
    }
}

impl ApplyArgs {
    async fn run(self) -> Result<(), Failure> {
        let lines = read_list(&self.file)?;
        let applied = self.operator.with_commands(async |_, commands| Ok(apply_list(commands, &lines).await)).await?;
        print_line!("{applied}.");
        applied.require_all()
    }
}

/// Reads the whole list before anything is done; `-` is standard input.
pub(super) fn read_list(file: &Path) -> Result<Vec<Line>, Failure> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        stdin().read_to_string(&mut text)?;
    } else {
        text = fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    }
    let line = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| format!("line {} is not an erasure: {error}", number + 1).into())
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(line).collect()
}

/// The result of applying a list.
pub(super) struct Applied {
    lines: usize,
    erased: usize,
    /// Users without events in this database.
    unknown: usize,
    failed: Vec<String>,
}

/// Erases all users on a list who are not erased yet.
pub(super) async fn apply_list(commands: &Commands, lines: &[Line]) -> Applied {
    let mut applied = Applied { lines: lines.len(), erased: 0, unknown: 0, failed: vec![] };
    for Line { account_id, user_id, .. } in lines {
        match commands.erase_again(&operator(), *account_id, *user_id).await {
            Ok(_) => applied.erased += 1,
            Err(Error::Refused { refusal: Refusal::NotFound, .. }) => applied.unknown += 1,
            Err(error) => applied.failed.push(format!("{user_id} was not erased: {error}")),
        }
    }
    applied
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} are erased; {} are unknown to this database", self.erased, self.lines, self.unknown)
    }
}

impl Applied {
    /// Fails with the users who were not erased.
    pub(super) fn require_all(self) -> Result<(), Failure> {
        if self.failed.is_empty() { Ok(()) } else { Err(self.failed.join("; ").into()) }
    }
}
