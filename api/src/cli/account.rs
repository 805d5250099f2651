//! `roster account`: the operator opens accounts.

use chrono::Utc;
use clap::{Args, Subcommand};
use commands::OpenAccountForAdmin;

use super::Failure;
use super::operator::{OperatorArgs, operator};
use super::output::print_line;
use super::site::SiteArgs;

/// Commands for accounts.
#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Open an account and invite its first admin by mail
    #[command(after_help = "Example: roster account open --name \"Acme Works\" --slug acme --admin ada@acme.example")]
    Open(OpenArgs),
    /// Print the link that opens the first account
    ///
    /// The link works for 24 hours, and only while no account exists. The person who opens it chooses the name of the account and becomes
    /// its admin. `roster serve` also prints it, if it runs in a terminal.
    #[command(after_help = "Example: roster account welcome --public-url https://roster.example")]
    Welcome(WelcomeArgs),
}

#[derive(Args)]
pub(super) struct WelcomeArgs {
    #[command(flatten)]
    site: SiteArgs,
    #[command(flatten)]
    operator: OperatorArgs,
}

#[derive(Args)]
pub(super) struct OpenArgs {
    /// The display name of the account: 1 to 100 characters
    #[arg(long)]
    name: String,
    /// The short name in links: 2 to 40 lower-case letters, digits and inner hyphens
    #[arg(long)]
    slug: String,
    /// The e-mail address of the first admin
    #[arg(long, value_name = "EMAIL")]
    admin: String,
    #[command(flatten)]
    operator: OperatorArgs,
}

impl AccountCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Open(args) => args.run().await,
            Self::Welcome(args) => args.run().await,
        }
    }
}

impl OpenArgs {
    async fn run(self) -> Result<(), Failure> {
        let input = OpenAccountForAdmin { name: self.name, slug: self.slug.clone(), admin_email: self.admin.clone() };
        self.operator.with_commands(async |_, commands| Ok(commands.open_account_for_admin(&operator(), &input).await?)).await?;
        print_line!("Opened {}. {} gets an invitation by mail as soon as a server runs.", self.slug, self.admin);
        Ok(())
    }
}

impl WelcomeArgs {
    async fn run(self) -> Result<(), Failure> {
        let site = self.site.parse()?;
        let token = self.operator.with_commands(async |_, commands| Ok(commands.welcome_token(Utc::now()).await?)).await?;
        let token = token.ok_or("an account already exists: open another one with `roster account open`")?;
        print_line!("{}\nThis link opens the first account. It works for 24 hours.", site.welcome_link(&token));
        Ok(())
    }
}
