//! `roster history`: what happened, for auditors.

use chrono::Utc;
use clap::{Args, Subcommand};
use commands::Context;
use domain::Actor;

use super::Failure;
use super::database::OperatorArgs;
use super::export::{Given, OutputArgs};
use crate::export::HistoryWanted;

/// What can be done with the history.
#[derive(Subcommand)]
pub(super) enum HistoryCommand {
    /// Write down what happened in an account, oldest first
    ///
    /// As NDJSON, each line is one CloudEvent with the event as it is stored (what is personal is sealed) and opened; the last line has the
    /// type roster.export.Completed.v1, so a file without it was cut off. As CSV, each row is an event in words. It ends where the history
    /// ended when it began. That it was exported is an event itself, which is in the next export.
    #[command(after_help = "Examples:\n  \
        roster history export --account acme --output acme.ndjson\n  \
        roster history export --account acme --format csv --from 2026-01-01T00:00:00Z --type ROLE_CHANGED --type DELETED")]
    Export(ExportArgs),
}

#[derive(Args)]
pub(super) struct ExportArgs {
    /// The short name of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// As what it is written
    #[arg(long, value_parser = ["ndjson", "csv"], default_value = "ndjson")]
    format: String,
    /// Only what was recorded from this instant on, such as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    from: Option<String>,
    /// Only what was recorded before this instant
    #[arg(long, value_name = "INSTANT")]
    before: Option<String>,
    /// Only what this user has done, also with their API keys
    #[arg(long, value_name = "USER ID")]
    actor: Option<String>,
    /// Only what happened to this user
    #[arg(long, value_name = "USER ID")]
    subject: Option<String>,
    /// Only events of this type, as the API names it; give it again for each further one
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Leave what is personal sealed (NDJSON only)
    #[arg(long)]
    sealed: bool,
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
            .flag("sealed", self.sealed);
        let wanted = HistoryWanted::parse(given.parameters())?;
        let (database, commands) = self.operator.commands().await?;
        let exported = async {
            let account = database.account(&self.account).await?;
            let ctx = Context::new(Actor::Operator, None, Utc::now());
            let output = self.output.open()?;
            let export = wanted.begin(&ctx, &commands, &database.pool, account.id).await?;
            output.write(export, &commands, &database.pool, "events").await
        };
        let exported = exported.await;
        let closed = database.close().await;
        exported?;
        closed
    }
}
