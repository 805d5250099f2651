//! `roster history`: what happened, for auditors.

use clap::{Args, Subcommand};
use commands::Commands;

use super::Failure;
use super::database::Database;
use super::export::{Given, OutputArgs, TableArgs};
use super::operator::{OperatorArgs, operator};
use crate::export::HistoryWanted;

/// Commands for the history.
#[derive(Subcommand)]
pub(super) enum HistoryCommand {
    /// Export the history of an account, oldest event first
    ///
    /// As NDJSON, each line is one CloudEvent that contains the event as stored (personal data is encrypted) and decrypted. The last line
    /// has the type roster.export.Completed.v1; a file without it is truncated. As CSV, each row describes an event in words. The export
    /// ends where the history ended when it started. It is recorded as an event, which is part of the next export.
    #[command(after_help = "Examples:\n  \
        roster history export --account acme --output acme.ndjson\n  \
        roster history export --account acme --format csv --from 2026-01-01T00:00:00Z --type ROLE_CHANGED --type DELETED")]
    Export(ExportArgs),
}

#[derive(Args)]
pub(super) struct ExportArgs {
    /// The slug of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// The format of the export
    #[arg(long, value_parser = ["ndjson", "csv"], default_value = "ndjson")]
    format: String,
    /// Only events recorded at or after this instant, such as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    from: Option<String>,
    /// Only events recorded before this instant
    #[arg(long, value_name = "INSTANT")]
    before: Option<String>,
    /// Only events that this user caused, including through their API keys
    #[arg(long, value_name = "USER ID")]
    actor: Option<String>,
    /// Only events about this user
    #[arg(long, value_name = "USER ID")]
    subject: Option<String>,
    /// Only events of this type, such as ROLE_CHANGED; may be repeated
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Leave personal data encrypted (NDJSON only)
    #[arg(long)]
    sealed: bool,
    #[command(flatten)]
    table: TableArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    operator: OperatorArgs,
}

impl HistoryCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let Self::Export(args) = self;
        args.run().await
    }
}

impl ExportArgs {
    async fn run(self) -> Result<(), Failure> {
        let given = Given::default()
            .one("format", Some(self.format))
            .one("from", self.from)
            .one("before", self.before)
            .one("actor", self.actor)
            .one("subject", self.subject)
            .all("type", self.types)
            .flag("sealed", self.sealed)
            .table(self.table);
        let wanted = HistoryWanted::parse(given.parameters())?;
        let export = async |database: &Database, commands: &Commands| {
            let account = database.account(&self.account).await?;
            let output = self.output.open()?;
            let export = wanted.begin(&operator(), commands, &database.pool, account.id).await?;
            output.write(export, commands, &database.pool, "events").await
        };
        self.operator.with_commands(export).await
    }
}
