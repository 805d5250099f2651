//! `roster user resend-failed`: after an outage of the mail server, everybody who was not reached is invited again.

use clap::Args;
use commands::{Commands, ResendFailedInvitations};
use domain::{AccountId, UserId};
use projections::users::{count_failed_invitations, list_failed_invitations};

use super::Failure;
use super::database::Database;
use super::operator::{OperatorArgs, operator};
use super::output::print_line;
use super::progress::Progress;

/// How many are listed with one statement.
const PAGE: usize = 1_000;

#[derive(Args)]
pub(super) struct ResendFailedArgs {
    /// The slug of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// Only list the invitations that would be sent again
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    operator: OperatorArgs,
}

impl ResendFailedArgs {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let run = async |database: &Database, commands: &Commands| {
            let account = database.account(&self.account).await?;
            if self.dry_run { list(database, account.id).await } else { resend(database, commands, account.id).await }
        };
        print_line!("{}", self.operator.with_commands(run).await?);
        Ok(())
    }
}

async fn list(database: &Database, account_id: AccountId) -> Result<String, Failure> {
    let (mut after, mut count) = (None, 0);
    loop {
        let page = list_failed_invitations(&database.pool, account_id, after, PAGE).await?;
        for failed in &page {
            print_line!("{}", failed.email);
        }
        count += page.len();
        match page.last() {
            Some(last) => after = Some(last.id),
            None => return Ok(format!("{} would be sent again. Nothing was changed.", invitations(count))),
        }
    }
}

async fn resend(database: &Database, commands: &Commands, account_id: AccountId) -> Result<String, Failure> {
    let progress = Progress::start(count_failed_invitations(&database.pool, account_id, None).await?, "invitations are sent again");
    let (mut after, mut resent): (Option<UserId>, usize) = (None, 0);
    loop {
        let input = ResendFailedInvitations { after: after.map(|id| id.to_string()), ..ResendFailedInvitations::default() };
        let part = commands.resend_failed_invitations(&operator(), account_id, &input).await?;
        for (id, refusal) in &part.refused {
            progress.say(&format!("{id}: {refusal}"));
        }
        resent += part.resent;
        progress.advance(u64::try_from(part.resent).unwrap_or_default());
        if part.last.is_none() {
            break;
        }
        after = part.last;
    }
    progress.end();
    Ok(match resent {
        0 => "No invitation has failed.".to_owned(),
        count => format!(
            "{} sent again. The mails go out as soon as a server runs.",
            if count == 1 { "1 invitation is".to_owned() } else { format!("{count} invitations are") }
        ),
    })
}

fn invitations(count: usize) -> String {
    if count == 1 { "1 invitation".to_owned() } else { format!("{count} invitations") }
}
