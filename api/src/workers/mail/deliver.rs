//! One mail, one attempt: it is handed over, put back or given up, and that is recorded.

use std::time::Duration;

use commands::Error;
use commands::mail::{FailedAttempt, WaitingMail};
use domain::delivery::FailureReason;
use tokio::time::sleep;
use tracing::{debug, warn};

use super::compose::{compose, logo};
use super::pauses::{ServerState, pause};
use crate::app::{App, Clock};
use crate::outage::{report, within};
use mail::{FailureKind, Refusal, SendFailure};

/// How often what became of a mail is recorded in vain before that is left to its next attempt, and the pause after the first time.
const RECORDINGS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// How long the worker pauses after a failure: when many mails fail, requests lose little of the database.
const REST: Duration = Duration::from_millis(100);

/// What an attempt shows of the mail server.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttemptResult {
    pub(super) state: ServerState,
    /// What the server refuses for a reason that is not the recipient.
    pub(super) refusal: Option<Refusal>,
}

/// What is to be recorded of an attempt.
enum End {
    Sent,
    Failed(FailureReason, String),
    Expired(FailureReason),
    Later(SendFailure),
}

/// Tries to hand a claimed mail over, and records what became of it.
pub(super) async fn deliver(app: &App, clock: &Clock, mail: &WaitingMail) -> AttemptResult {
    let (end, state) = attempt(app, clock, mail).await;
    let mut tried = 1;
    while let Err(failed) = within(record(app, clock, mail, &end)).await {
        let delivery = mail.delivery_id;
        if tried == RECORDINGS {
            warn!(%delivery, "what became of a mail could not be recorded; it is looked at again after its lease");
            report(&failed, "what became of a mail could not be recorded");
            break;
        }
        sleep(FIRST_PAUSE * 3_u32.pow(tried - 1)).await;
        tried += 1;
    }
    if matches!(end, End::Failed(..) | End::Later(_)) {
        sleep(REST).await;
    }
    let refusal = if let End::Later(failure) = &end { failure.refusal } else { None };
    AttemptResult { state, refusal }
}

async fn attempt(app: &App, clock: &Clock, mail: &WaitingMail) -> (End, ServerState) {
    let Some(transport) = &app.mail else { return (End::Expired(FailureReason::NotConfigured), ServerState::Unknown) };
    let now = clock();
    if now >= mail.expires_at {
        return (End::Expired(FailureReason::TimedOut), ServerState::Unknown);
    }
    let composed = match compose(app, mail, logo(app, mail).await, now) {
        Ok(composed) => composed,
        Err(error) => return (End::Failed(FailureReason::Unwritable, error.to_string()), ServerState::Unknown),
    };
    match transport.send(&composed).await {
        Ok(_) => (End::Sent, ServerState::Works),
        Err(failure) if failure.kind == FailureKind::Message => {
            (End::Failed(FailureReason::Unwritable, failure.reply), ServerState::Unknown)
        }
        Err(failure) if failure.permanent => (End::Failed(FailureReason::Refused, failure.reply), ServerState::Works),
        Err(failure) => {
            let state = match failure.kind {
                _ if failure.concerns_server => ServerState::Fails,
                FailureKind::Refused if failure.refusal.is_none() => ServerState::Works,
                _ => ServerState::Unknown,
            };
            (End::Later(failure), state)
        }
    }
}

async fn record(app: &App, clock: &Clock, mail: &WaitingMail, end: &End) -> Result<(), Error> {
    let (commands, delivery, attempt, at) = (&app.commands, mail.delivery_id, mail.attempt, clock());
    match end {
        End::Sent => {
            commands.record_mail_sent(mail, at).await?;
            debug!(%delivery, attempt, "a mail was sent");
        }
        End::Failed(reason, reply) => {
            commands.record_mail_failed(mail, at, *reason, reply).await?;
            warn!(%delivery, attempt, ?reason, "a mail was given up");
        }
        End::Expired(reason) => {
            commands.record_mail_expired(mail, at, *reason).await?;
            warn!(%delivery, ?reason, "a mail was given up because its time is over");
        }
        End::Later(failure) => {
            let pause = pause(delivery.uuid(), attempt);
            let failed = FailedAttempt { at, pause, error: &failure.to_string(), reply: &failure.reply };
            commands.retry_mail(mail, &failed).await?;
            debug!(%delivery, attempt, kind = ?failure.kind, %pause, "a mail was not sent, and will be tried again");
        }
    }
    Ok(())
}
