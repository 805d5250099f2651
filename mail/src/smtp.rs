//! Sending through a mail server, step by step: each step has its time limit, and its failure says what it means.
//!
//! Start reading at [`SmtpSender::send`]; what failures mean is one table in `judgement.rs`.

mod connection;
mod judgement;
mod reply;
mod sign_in;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use lettre::{Address, message::Mailbox};
use tokio::time::timeout;

use super::{
    failure::{Accepted, FailureKind, SendFailure},
    message::Mail,
    settings::{Encryption, SmtpSettings},
};
use connection::{Connection, connect_tcp, encrypted};
use judgement::{Step, StepFailure};
use reply::{Broken, Reply};
use sign_in::sign_in;

/// How many connections are kept open for the next mail, and for how long.
const MAX_IDLE: usize = 4;
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest time for one mail as a whole. A claim on a mail lasts longer, or two would send it.
const MAX_SENDING: Duration = Duration::from_mins(4);
/// A host may have several addresses, and the first may swallow packets: each gets this part of the step.
const ADDRESSES_A_STEP: u32 = 3;

/// Sends mail to one server, over connections that are used again.
#[derive(Clone, Debug)]
pub struct SmtpSender {
    settings: SmtpSettings,
    from: Mailbox,
    idle: Arc<Mutex<Vec<Idle>>>,
}

/// A connection that has answered everything it was asked, and since when it waits.
struct Idle {
    connection: Connection,
    since: Instant,
}

impl SmtpSender {
    /// Prepares to send; connects with the first mail.
    #[must_use]
    pub fn new(settings: SmtpSettings, from: Mailbox) -> Self {
        Self { settings, from, idle: Arc::default() }
    }

    /// Hands one mail over, or gives up after [`MAX_SENDING`], however slow each step.
    pub(super) async fn send(&self, mail: &Mail) -> Result<Accepted, SendFailure> {
        let too_long = |_| SendFailure::transient(FailureKind::Timeout, &format!("the mail was not taken within {MAX_SENDING:?}"));
        timeout(MAX_SENDING, Box::pin(self.send_step_by_step(mail))).await.map_err(too_long)?
    }

    async fn send_step_by_step(&self, mail: &Mail) -> Result<Accepted, SendFailure> {
        let message = mail.to_message(&self.from).map_err(|error| SendFailure::unwritable(&error.to_string()))?;
        let recipient = message.envelope().to().first().cloned().ok_or_else(|| SendFailure::unwritable("no recipient"))?;
        let mut connection = self.connection().await?;
        match self.hand_over(&mut connection, &recipient, &message.formatted()).await {
            Ok((reply, is_usable)) => {
                if is_usable {
                    self.keep(connection);
                }
                Ok(Accepted { reply: reply.in_full() })
            }
            Err(failure) => {
                let failure = failure.judge();
                // A server that has refused one mail takes the next; one that hangs, closes or has gone does not.
                if failure.kind == FailureKind::Refused
                    && connection.ask(Step::MailFrom, "RSET").await.is_ok_and(|reply| reply.is_success())
                {
                    self.keep(connection);
                }
                Err(failure)
            }
        }
    }

    pub(super) async fn check(&self) -> Result<(), SendFailure> {
        let connection = self.connect().await.map_err(|failure| failure.judge())?;
        self.keep(connection);
        Ok(())
    }

    /// Answers what the server said when it took the mail, and whether the connection can be used again.
    async fn hand_over(&self, connection: &mut Connection, to: &Address, message: &[u8]) -> Result<(Reply, bool), StepFailure> {
        for (step, command) in [
            (Step::MailFrom, format!("MAIL FROM:<{}>", self.from.email)),
            (Step::RcptTo, format!("RCPT TO:<{to}>")),
            (Step::Data, "DATA".to_owned()),
        ] {
            step.succeeded(connection.ask(step, &command).await?)?;
        }
        let (reply, has_ended) = connection.send_content(message, self.settings.acceptance_time_out).await?;
        Ok((Step::Content.succeeded(reply)?, has_ended))
    }

    /// A connection that is ready for a mail: one that waits and still answers, or a new one.
    async fn connection(&self) -> Result<Connection, SendFailure> {
        while let Some(mut idle) = self.take() {
            if idle.since.elapsed() >= IDLE_TIMEOUT {
                continue;
            }
            match idle.connection.answers().await {
                Ok(true) => return Ok(idle.connection),
                Ok(false) => {}
                // Where one hangs, the others do: each would cost as much time.
                Err(_) => self.delete_idle(),
            }
        }
        self.connect().await.map_err(|failure| failure.judge())
    }

    /// A new connection, encrypted and signed in as the settings say.
    async fn connect(&self) -> Result<Connection, StepFailure> {
        let SmtpSettings { host, port, encryption, credentials, step_time_out: limit, .. } = &self.settings;
        // The sender's domain says more than an address behind NAT.
        let name = self.from.email.domain();
        let tcp = timeout(*limit, connect_tcp(host, *port, *limit / ADDRESSES_A_STEP)).await;
        let tcp = tcp.map_err(|_| Step::Connect.broken(Broken::TimedOut(*limit)))?.map_err(|error| Step::Connect.broken(error.into()))?;
        let mut connection = match encryption {
            Encryption::Implicit(tls) => Connection::start(encrypted(tls, tcp, *limit, Step::Connect).await?, name, *limit).await?,
            Encryption::None => Connection::start(tcp, name, *limit).await?.boxed(),
            Encryption::StartTls(tls) => Connection::start(tcp, name, *limit).await?.start_tls(tls, name).await?,
        };
        if let Some((user, password)) = credentials {
            sign_in(&mut connection, user, password).await?;
        }
        Ok(connection)
    }

    fn take(&self) -> Option<Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn delete_idle(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAX_IDLE {
            idle.push(Idle { connection, since: Instant::now() });
        }
    }
}

impl std::fmt::Debug for Idle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Idle").field("since", &self.since).finish_non_exhaustive()
    }
}
