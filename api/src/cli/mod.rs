//! The `roster` command line: what an operator types.
#![expect(clippy::doc_markdown, reason = "these comments are what `--help` prints")]
#![allow(rustdoc::bare_urls, rustdoc::broken_intra_doc_links, reason = "these comments are what `--help` prints")]

mod account;
mod connections;
mod database;
mod demo;
mod dev;
mod environment;
mod erasures;
mod export;
mod history;
mod keys;
mod limits;
mod mail;
mod mail_queue;
mod master_key;
mod open_files;
mod operator;
mod output;
mod progress;
mod projections;
mod providers;
mod replay;
mod resend_failed;
mod restore;
mod serve;
mod sessions;
mod settings;
mod shutdown;
mod site;
mod spelling;
mod telemetry;
mod user;
mod user_export;

use std::env;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use output::{OutputClosed, tell};

/// What stops a command: a sentence for the operator, with its causes.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Roster: self-hosted user management with a verifiable history.
#[derive(Parser)]
#[command(
    name = "roster",
    version,
    about,
    after_help = "Start with `roster dev`: it needs no installation and no configuration. You can also set an option with the variable in brackets. \
                  ROSTER_LOG is the log filter: `info` (the default), `debug`, `info,api=trace`, … A command exits with 0 on success, with 1 on a \
                  failure, and with 2 if its arguments are invalid."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    // These three say themselves, and at length, what they do.
    Dev(dev::Dev),
    Serve(serve::Serve),
    Migrate(database::Migrate),
    /// Open accounts
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Invite, list, export and erase users, and help users who are locked out
    #[command(subcommand)]
    User(user::UserCommand),
    /// Export the history of an account, for auditors
    #[command(subcommand)]
    History(history::HistoryCommand),
    /// Compare the read models with the events, and repair them
    #[command(subcommand)]
    Projections(projections::ProjectionsCommand),
    Replay(replay::Replay),
    /// List erased users, and erase them again after a restore
    #[command(subcommand)]
    Erasures(erasures::ErasuresCommand),
    /// Finish the restore of a backup
    #[command(subcommand)]
    Restore(restore::RestoreCommand),
    // It says itself, and at length, in which order a master key is replaced.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Send a test mail, and list waiting mails
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// Print the GraphQL schema (SDL)
    #[command(after_help = "Example: roster schema > schema.graphql")]
    Schema,
}

impl Cli {
    /// Reads the arguments and the variables of the environment. Invalid arguments and `--help` end the process.
    ///
    /// # Errors
    /// A sentence that names a misspelt variable.
    pub fn from_process() -> Result<Self, Failure> {
        let command = environment::without_empty_variables(Self::command());
        let matches = command.get_matches();
        environment::check(&Self::command(), env::vars_os())?;
        Self::from_arg_matches(&matches).map_err(|error| error.exit())
    }

    /// Runs the command until it is done, or until Ctrl-C.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Dev(dev) => Box::pin(dev.run()).await,
            Command::Serve(serve) => Box::pin(serve.run()).await,
            Command::Migrate(migrate) => migrate.run().await,
            Command::Account(account) => account.run().await,
            Command::User(user) => user.run().await,
            Command::History(history) => history.run().await,
            Command::Projections(projections) => projections.run().await,
            Command::Replay(replay) => replay.run().await,
            Command::Erasures(erasures) => erasures.run().await,
            Command::Restore(restore) => restore.run().await,
            Command::Keys(keys) => keys.run().await,
            Command::Mail(mail) => mail.run().await,
            Command::Schema => output::write(crate::graphql::sdl().as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every option that takes an instant: those of exports are parameters of the exports, which have a test of their own.
    #[test]
    fn every_option_that_takes_an_instant_has_bounds() {
        let mut options = vec![];
        collect_instants(&Cli::command(), "", &mut options);
        options.sort();
        assert_eq!(
            options,
            [
                "history export --before",
                "history export --from",
                "replay --until",
                "user export --as-of",
                "user export --last-active-before"
            ]
        );
        for text in ["-4714-11-23T00:00:00Z", "0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"] {
            let refused =
                Cli::try_parse_from(["roster", "replay", "--account", "acme", &format!("--until={text}")]).err().expect("it is refused");
            assert!(refused.to_string().contains("years 1 to 9999"), "{refused}");
        }
        assert!(Cli::try_parse_from(["roster", "replay", "--account", "acme", "--until", "2026-01-01T00:00:00Z"]).is_ok());
    }

    fn collect_instants(command: &clap::Command, path: &str, options: &mut Vec<String>) {
        for option in command.get_arguments() {
            let is_instant = option.get_value_names().is_some_and(|names| names.iter().any(|name| name.as_str() == "INSTANT"));
            let help = option.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(is_instant || !help.contains("instant"), "{path} {}: call its value INSTANT", option.get_id());
            if is_instant {
                options.push(format!("{path} --{}", option.get_long().expect("it has a name")).trim_start().to_owned());
            }
        }
        for inner in command.get_subcommands() {
            collect_instants(inner, &format!("{path} {}", inner.get_name()), options);
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
