//! `roster account`: the operator opens accounts.

use chrono::Utc;
use clap::{Args, Subcommand};
use commands::{Context, OpenAccountForAdmin};
use domain::Actor;

use super::Failure;
use super::database::OperatorArgs;

/// What can be done with accounts.
#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Open an account and invite its first admin by mail
    #[command(after_help = "Example: roster account open --name \"Acme Works\" --slug acme --admin ada@acme.example")]
    Open(OpenArgs),
}

#[derive(Args)]
pub(super) struct OpenArgs {
    /// The account's name, as people read it
    #[arg(long)]
    name: String,
    /// Its part of every link: lower-case letters, digits and hyphens
    #[arg(long)]
    slug: String,
    /// Who is invited to be its first admin
    #[arg(long, value_name = "EMAIL")]
    admin: String,
    #[command(flatten)]
    operator: OperatorArgs,
}

impl AccountCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let Self::Open(args) = self;
        let (database, commands) = args.operator.commands().await?;
        let ctx = Context::new(Actor::Operator, None, Utc::now());
        let input = OpenAccountForAdmin { name: args.name, slug: args.slug.clone(), admin_email: args.admin.clone() };
        let opened = commands.open_account_for_admin(&ctx, &input).await;
        database.close().await?;
        opened?;
        println!("Opened {}. {} gets an invitation by mail as soon as a server runs.", args.slug, args.admin);
        Ok(())
    }
}
