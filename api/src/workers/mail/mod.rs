//! Sends the mails that wait in the outbox, and tries again what did not go out.
//!
//! Two kinds of failure, two kinds of pause. What concerns one mail (a recipient that the server refuses for now) pauses that mail,
//! longer each time. What concerns the server (it cannot be reached, or does not accept us) would befall every mail: then all of them
//! wait, a single one probes now and then, and with the first success all go on at once. Nothing is claimed that is not sent at
//! once, so many processes share the outbox evenly and a slow server delays no claim.
//!
//! Start reading at [`run`].

mod compose;
mod deliver;
mod pauses;
mod refusals;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use commands::Error;
use commands::mail::{Due, WaitingMail};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::app::{App, Clock};
use crate::chain::chain;
use crate::outage::{report, within};
use deliver::{AttemptResult, deliver};
use pauses::{Outage, ServerState};
use refusals::LoggedRefusals;

/// How many mails are under way at once in this process, each over a connection of its own.
const UNDER_WAY: usize = 4;
/// For how long no other process claims a claimed mail: longer than a mail server is given for one mail, whatever the time-outs of its steps.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How often the outbox is looked at when no commit of this process said that mail waits.
const POLL: Duration = Duration::from_secs(2);
/// How long mails that are under way may take to finish when the process stops. Supervisors wait little longer.
const GRACE: Duration = Duration::from_secs(8);

/// Sends mails until `shutdown`. What is under way then is finished, or given back after a few seconds for another process to send.
///
/// Where no mail server is configured it sends nothing, and only says of mails whose time is over that this was so.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    let (mut sending, mut outage, mut logged) = (Sending::default(), Outage::default(), LoggedRefusals::default());
    let sends = app.mail.is_some();
    while !shutdown.is_cancelled() {
        let free = outage.slots(UNDER_WAY, Instant::now()).saturating_sub(sending.count());
        let is_full = match sending.begin(&app, free).await {
            Ok(begun) => begun == free,
            Err(failed) => {
                report(&failed, "the outbox could not be read");
                false
            }
        };
        // Nothing can begin before one of those under way has ended, or the server is tried again.
        let look_again = if is_full { outage.resumes_at().filter(|at| *at > Instant::now()) } else { Some(Instant::now() + POLL) };
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(result) = sending.next() => {
                outage.learn(result.state, Instant::now());
                logged.log(result.refusal, Instant::now());
            }
            () = app.commands.mail_waits(), if sends && !is_full => {}
            () = until(look_again) => {}
        }
    }
    sending.finish(&app).await;
}

/// Sends the mails that are due at the clock's instant one after the other, and returns their number: for a caller that tells what
/// happened in the past.
///
/// # Errors
/// When the database is lost. A mail that was claimed is due again after its lease.
pub async fn deliver_due(app: &App, clock: &Clock) -> Result<usize, Error> {
    let mails = claim(app, clock, u32::MAX).await?;
    for mail in &mails {
        Box::pin(deliver(app, clock, mail)).await;
    }
    Ok(mails.len())
}

/// Claims mails to be sent now; where no mail server is configured, those whose time is over. One that cannot be read never stops the
/// others.
async fn claim(app: &App, clock: &Clock, limit: u32) -> Result<Vec<WaitingMail>, Error> {
    let due = if app.mail.is_some() { Due::Now } else { Due::Expired };
    let claimed = within(app.commands.claim_mails(clock(), LEASE, limit, due)).await?;
    let readable =
        claimed.into_iter().filter_map(|mail| mail.inspect_err(|failed| error!(error = chain(failed), "a mail is skipped")).ok());
    Ok(readable.collect())
}

async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

/// The mails that are under way.
#[derive(Default)]
struct Sending {
    tasks: JoinSet<AttemptResult>,
    mails: HashMap<Id, WaitingMail>,
}

impl Sending {
    fn count(&self) -> usize {
        self.mails.len()
    }

    /// Begins to send up to so many, and answers how many that are.
    async fn begin(&mut self, app: &Arc<App>, limit: usize) -> Result<usize, Error> {
        if limit == 0 {
            return Ok(0);
        }
        let mails = claim(app, &app.clock, u32::try_from(limit).unwrap_or(u32::MAX)).await?;
        let count = mails.len();
        for mail in mails {
            let (app, sent) = (Arc::clone(app), mail.clone());
            let task = self.tasks.spawn(async move { deliver(&app, &app.clock, &sent).await });
            self.mails.insert(task.id(), mail);
        }
        Ok(count)
    }

    /// The next one that has come to an end; `None` when none is under way.
    async fn next(&mut self) -> Option<AttemptResult> {
        let ended = self.tasks.join_next_with_id().await?;
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let mail = self.mails.remove(&id);
        Some(match ended {
            Ok((_, result)) => result,
            Err(failed) => {
                let delivery = mail.map(|mail| mail.delivery_id.to_string());
                error!(delivery, error = chain(&failed), "sending a mail broke off; it is tried again when its lease is over");
                AttemptResult { state: ServerState::Unknown, refusal: None }
            }
        })
    }

    /// Waits for all; after a while the rest is cut off and given back.
    async fn finish(mut self, app: &App) {
        let all = async { while self.next().await.is_some() {} };
        if timeout(GRACE, all).await.is_ok() {
            return;
        }
        warn!(count = self.mails.len(), "mails were cut off because the mail server takes too long; another process sends them");
        self.tasks.shutdown().await;
        for mail in self.mails.values() {
            if let Err(failed) = app.commands.release_mail(mail).await {
                error!(delivery = %mail.delivery_id, error = chain(&failed), "a mail could not be given back; it is due after its lease");
            }
        }
    }
}
