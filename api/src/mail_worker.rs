//! Sends the mails that wait in the outbox, and tries again what did not go out.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use commands::Error;
use commands::mail::{WaitingLetter, WaitingMail};
use domain::delivery::FailureReason;
use futures::StreamExt;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use crate::app::App;
use crate::chain::chain;
use crate::mail::{FailureKind, InvitationMail, Mail, MailError, MailTransport, PasswordResetMail, SendFailure};

/// How many mails are claimed, and how many of them are under way, at once.
const CLAIMED: u32 = 8;
const UNDER_WAY: usize = 4;
/// For how long a claimed mail is nobody else's: longer than all of them take with the slowest of mail servers.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// How often the outbox is looked at when no commit of this process said that mail waits.
const POLL: Duration = Duration::from_secs(2);
/// The first pause after a failure; each further one is twice as long, up to the longest.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(15);

/// Sends mails until `shutdown`; what is under way then is finished.
pub async fn run(app: Arc<App>, transport: Arc<MailTransport>, shutdown: CancellationToken) {
    loop {
        match deliver_due(&app, &transport, (app.clock)()).await {
            Ok(0) => {}
            Ok(_) if shutdown.is_cancelled() => return,
            Ok(_) => continue,
            Err(failed) => error!(error = chain(&failed), "the outbox could not be read"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = app.commands.mail_waits() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Sends the mails that are due at an instant, and answers how many there were.
///
/// # Errors
/// When the database is lost. A mail that was claimed is due again after its lease.
pub async fn deliver_due(app: &App, transport: &MailTransport, at: DateTime<Utc>) -> Result<usize, Error> {
    let mails = app.commands.claim_mails(at, LEASE, CLAIMED).await?;
    let count = mails.len();
    let deliveries = futures::stream::iter(mails).for_each_concurrent(UNDER_WAY, |mail| async move {
        if let Err(failed) = deliver(app, transport, &mail, at).await {
            error!(delivery = %mail.delivery_id, error = chain(&failed), "what became of a mail could not be recorded");
        }
    });
    deliveries.await;
    Ok(count)
}

async fn deliver(app: &App, transport: &MailTransport, mail: &WaitingMail, at: DateTime<Utc>) -> Result<(), Error> {
    let commands = &app.commands;
    let delivery = mail.delivery_id;
    if at >= mail.expires_at {
        warn!(%delivery, "a mail could not be handed over before its link expired");
        return commands.record_mail_failed(mail, at, FailureReason::TimedOut, "").await;
    }
    match send(app, transport, mail).await {
        Ok(()) => {
            debug!(%delivery, attempt = mail.attempt, "a mail was sent");
            commands.record_mail_sent(mail, at).await
        }
        Err(failure) if failure.permanent => {
            warn!(%delivery, kind = ?failure.kind, "a mail was refused for good");
            commands.record_mail_failed(mail, at, FailureReason::Refused, &failure.reply).await
        }
        Err(failure) => {
            let next = at + pause(mail.attempt);
            warn!(%delivery, kind = ?failure.kind, attempt = mail.attempt, "a mail was not sent, and will be tried again");
            commands.retry_mail_at(mail, next, failure.kind.as_str()).await
        }
    }
}

async fn send(app: &App, transport: &MailTransport, mail: &WaitingMail) -> Result<(), SendFailure> {
    let composed = compose(app, mail);
    let composed = composed.map_err(|error| SendFailure { permanent: true, kind: FailureKind::Message, reply: error.to_string() })?;
    transport.send(&composed).await.map(drop)
}

fn compose(app: &App, mail: &WaitingMail) -> Result<Mail, MailError> {
    let (account_name, recipient, slug) = (mail.account_name.clone(), mail.to.clone(), &mail.account_slug);
    let (works_for, expires_at) = (mail.expires_at - mail.asked_at, mail.expires_at);
    match &mail.letter {
        WaitingLetter::Invitation { token, role, inviter, resent, .. } => {
            let (link, role_label) = (app.site.invitation_link(slug, token), role.label().to_owned());
            let (inviter, resent) = (inviter.clone(), *resent);
            let invitation = InvitationMail { account_name, inviter, recipient, role_label, link, works_for, expires_at, resent };
            invitation.compose(mail.delivery_id.uuid(), mail.asked_at)
        }
        WaitingLetter::PasswordReset { token } => {
            let link = app.site.password_reset_link(slug, token);
            let reset = PasswordResetMail { account_name, recipient, link, works_for, expires_at };
            reset.compose(mail.delivery_id.uuid(), mail.asked_at)
        }
    }
}

fn pause(attempt: u32) -> TimeDelta {
    let doubled = FIRST_PAUSE * 2_i32.saturating_pow(attempt.saturating_sub(1).min(20));
    doubled.min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let seconds: Vec<_> = [1, 2, 3, 8, 9, u32::MAX].map(|attempt| pause(attempt).num_seconds()).into();
        assert_eq!(seconds, [5, 10, 20, 640, 900, 900]);
    }
}
