//! `roster mail queue`: what waits to be sent, and why.

use clap::{Args, value_parser};
use commands::Commands;
use commands::mail::QueuedMail;
use domain::AccountId;
use domain::delivery::MailPurpose;
use event_store::MAX_COUNTED;

use super::database::Database;
use super::operator::{OperatorArgs, operator};
use super::user::minute;
use super::{Failure, output};

#[derive(Args)]
pub(super) struct QueueArgs {
    /// Only mails of the account with this slug
    #[arg(long, value_name = "SLUG")]
    account: Option<String>,
    /// Try all listed mails again now, without waiting for the next scheduled attempt
    #[arg(long)]
    retry: bool,
    /// How many mails to list
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = value_parser!(u32).range(1..=10_000))]
    limit: u32,
    #[command(flatten)]
    operator: OperatorArgs,
}

impl QueueArgs {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let show = async |database: &Database, commands: &Commands| {
            let account_id = match &self.account {
                Some(slug) => Some(database.account(slug).await?.id),
                None => None,
            };
            self.show(commands, account_id).await
        };
        output::write(self.operator.with_commands(show).await?.as_bytes())
    }

    async fn show(&self, commands: &Commands, account_id: Option<AccountId>) -> Result<String, Failure> {
        let ctx = operator();
        let hurried = if self.retry { Some(commands.hurry_queued_mails(&ctx, account_id).await?) } else { None };
        let (mails, count) = commands.list_queued_mails(&ctx, account_id, self.limit).await?;
        let mut lines = vec![];
        if !mails.is_empty() {
            lines.push(format!("{:<12} {:<32} {:<15} {:<17} {:>5} {:<17} WHY", "ACCOUNT", "TO", "WHAT", "ASKED", "TRIES", "NEXT TRY"));
            lines.extend(mails.iter().map(line));
        }
        lines.push(match count {
            0 => "No mail waits.".to_owned(),
            1 => "One mail waits.".to_owned(),
            MAX_COUNTED => format!("At least {count} mails wait; the first {} are shown, see --limit.", mails.len()),
            _ if mails.len() == count as usize => format!("{count} mails wait."),
            _ => format!("{count} mails wait; the first {} are shown, see --limit.", mails.len()),
        });
        if let Some(hurried) = hurried {
            lines.push(format!(
                "{hurried} of them are due now. A running server tries them within seconds; while the mail server fails for all of \
                 them, it probes with one at least every 75 seconds."
            ));
        }
        Ok(lines.join("\n") + "\n")
    }
}

fn line(mail: &QueuedMail) -> String {
    let what = match mail.purpose {
        MailPurpose::Invitation => "invitation",
        MailPurpose::PasswordReset => "new password",
        MailPurpose::AccessRemoved => "access removed",
        MailPurpose::AccessRestored => "access restored",
    };
    let next = if mail.is_under_way { "in progress".to_owned() } else { mail.next_attempt_at.map_or_else(|| "now".to_owned(), minute) };
    let why = mail.last_error.as_deref().unwrap_or("not tried yet");
    format!("{:<12} {:<32} {what:<15} {:<17} {:>5} {next:<17} {why}", mail.account_slug, mail.to, minute(mail.asked_at), mail.attempts)
}
