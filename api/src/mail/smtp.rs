//! Sending through a mail server.
//!
//! The steps of the conversation are taken one by one instead of with lettre's own transport, for three reasons. That has no
//! time limit once connected. It puts a connection on which its caller gave up back into its pool, where the late reply to one mail
//! is read as the reply to the next (tried with 0.11.23: a mail counted as accepted on the strength of `354 End data with
//! <CR><LF>.<CR><LF>`). And its errors do not tell a refused certificate or password from a refused mail.

use std::{
    error::Error as _,
    future::Future,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use lettre::{
    Address,
    message::Mailbox,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail as MailFrom, Rcpt, Rset},
        extension::ClientId,
        response::{Response, Severity},
    },
};
use secrecy::ExposeSecret;
use tokio::time::timeout;

use super::{
    line_stream::LineStream,
    message::Mail,
    settings::{Encryption, SmtpSettings},
    transport::{Accepted, FailureKind, SendFailure, one_line},
};

/// How many connections are kept open for the next mail, and for how long.
const MOST_IDLE: usize = 4;
const LONGEST_IDLE: Duration = Duration::from_secs(20);
/// The longest time for one mail as a whole. A claim on a mail lasts longer, or two would send it.
const LONGEST_SENDING: Duration = Duration::from_mins(4);
/// A host may have several addresses, and the first may swallow packets: each gets this part of the step.
const ADDRESSES_A_STEP: u32 = 3;

/// Sends mail to one server, over connections that are used again.
#[derive(Clone, Debug)]
pub struct SmtpSender {
    settings: SmtpSettings,
    from: Mailbox,
    /// The name to greet with: the sender's domain, which says more than an address behind NAT.
    greeting: ClientId,
    idle: Arc<Mutex<Vec<Idle>>>,
}

/// A connection that has answered everything it was asked, and since when it waits.
struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl SmtpSender {
    /// Prepares to send; connects with the first mail.
    #[must_use]
    pub fn new(settings: SmtpSettings, from: Mailbox) -> Self {
        let greeting = ClientId::Domain(from.email.domain().to_owned());
        Self { settings, from, greeting, idle: Arc::default() }
    }

    /// Hands one mail over, or gives up after [`LONGEST_SENDING`], however slow each step.
    pub(super) async fn send(&self, mail: &Mail) -> Result<Accepted, SendFailure> {
        within(LONGEST_SENDING, Box::pin(self.send_step_by_step(mail))).await?
    }

    async fn send_step_by_step(&self, mail: &Mail) -> Result<Accepted, SendFailure> {
        let message = mail.to_message(&self.from).map_err(|error| SendFailure::unwritable(&error.to_string()))?;
        let recipient = message.envelope().to().first().cloned().ok_or_else(|| SendFailure::unwritable("no recipient"))?;
        let mut connection = self.connection().await?;
        match self.hand_over(&mut connection, recipient, &message.formatted()).await {
            Ok(response) => {
                self.keep(connection);
                Ok(Accepted { reply: one_line(&in_full(&response)) })
            }
            Err(failure) => {
                // A server that has refused one mail takes the next; one that hangs, closes or has gone does not.
                if failure.kind == FailureKind::Refused && matches!(self.step(connection.command(Rset)).await, Ok(Ok(_))) {
                    self.keep(connection);
                }
                Err(failure)
            }
        }
    }

    pub(super) async fn check(&self) -> Result<(), SendFailure> {
        let connection = self.connect().await?;
        self.keep(connection);
        Ok(())
    }

    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, recipient: Address, message: &[u8]) -> Result<Response, SendFailure> {
        let sender = Some(self.from.email.clone());
        self.step(connection.command(MailFrom::new(sender, Vec::new()))).await?.map_err(|error| sender_refused(&error))?;
        self.step(connection.command(Rcpt::new(recipient, Vec::new()))).await?.map_err(|error| refused(&error))?;
        let go_on = self.step(connection.command(Data)).await?.map_err(|error| refused(&error))?;
        // Everything below 400 counts as success to lettre. Only these replies mean it here.
        expected(go_on.has_code(354), &go_on)?;
        let taken = within(self.settings.acceptance_time_out, connection.message(message)).await?.map_err(|error| refused(&error))?;
        expected(taken.code().severity == Severity::PositiveCompletion, &taken)?;
        Ok(taken)
    }

    /// A connection that is ready for a mail: one that waits and still answers, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, SendFailure> {
        while let Some(mut idle) = self.take() {
            if idle.since.elapsed() >= LONGEST_IDLE {
                continue;
            }
            match self.step(idle.connection.test_connected()).await {
                Ok(true) => return Ok(idle.connection),
                Ok(false) => {}
                // Where one hangs, the others do: each would cost as much time.
                Err(_) => self.forget_idle(),
            }
        }
        self.connect().await
    }

    /// A new connection, encrypted and signed in as the settings say. Without one, no mail can be handed over.
    async fn connect(&self) -> Result<AsyncSmtpConnection, SendFailure> {
        self.connect_and_sign_in().await.map_err(SendFailure::of_server)
    }

    async fn connect_and_sign_in(&self) -> Result<AsyncSmtpConnection, SendFailure> {
        let SmtpSettings { host, port, encryption, credentials, step_time_out, .. } = &self.settings;
        let patience = *step_time_out / ADDRESSES_A_STEP;
        let mut connection = match encryption {
            Encryption::Implicit(parameters) => {
                let address = (host.as_str(), *port);
                let greeting = AsyncSmtpConnection::connect_tokio1(address, Some(patience), &self.greeting, Some(parameters.clone()), None);
                self.step(greeting).await?.map_err(|error| unreachable(&error, encryption))?
            }
            Encryption::None => self.connect_in_clear(patience).await?,
            Encryption::StartTls(parameters) => self.connect_and_upgrade(parameters, patience).await?,
        };
        if let Some((user, password)) = credentials {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let signing_in = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            self.step(signing_in).await?.map_err(|error| unauthenticated(&error))?;
        }
        Ok(connection)
    }

    /// Connects and greets, and says nothing more.
    async fn connect_in_clear(&self, patience: Duration) -> Result<AsyncSmtpConnection, SendFailure> {
        let SmtpSettings { host, port, encryption, .. } = &self.settings;
        let stream = self.step(LineStream::connect(host, *port, patience)).await?.map_err(|error| {
            let kind = if error.kind() == io::ErrorKind::TimedOut { FailureKind::Timeout } else { FailureKind::Connect };
            SendFailure::transient(kind, &error.to_string())
        })?;
        let greeting = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.greeting);
        self.step(greeting).await?.map_err(|error| unreachable(&error, encryption))
    }

    /// Connects, and says nothing but `STARTTLS` before the connection is encrypted.
    async fn connect_and_upgrade(&self, parameters: &TlsParameters, patience: Duration) -> Result<AsyncSmtpConnection, SendFailure> {
        let mut connection = self.connect_in_clear(patience).await?;
        if !connection.can_starttls() {
            return Err(SendFailure::transient(FailureKind::Tls, "the server does not offer STARTTLS"));
        }
        let securing = connection.starttls(parameters.clone(), &self.greeting);
        self.step(securing).await?.map_err(|error| SendFailure::transient(FailureKind::Tls, &said(&error)))?;
        Ok(connection)
    }

    async fn step<F: Future>(&self, step: F) -> Result<F::Output, SendFailure> {
        within(self.settings.step_time_out, step).await
    }

    fn take(&self) -> Option<Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn forget_idle(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(Idle { connection, since: Instant::now() });
        }
    }
}

impl std::fmt::Debug for Idle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Idle").field("since", &self.since).finish_non_exhaustive()
    }
}

async fn within<F: Future>(limit: Duration, step: F) -> Result<F::Output, SendFailure> {
    let hurry = |_| SendFailure::transient(FailureKind::Timeout, &format!("no answer within {limit:?}"));
    timeout(limit, step).await.map_err(hurry)
}

/// Fails where a reply does not answer what was said: then nothing that follows can be believed either.
fn expected(fits: bool, response: &Response) -> Result<(), SendFailure> {
    let unexpected = || SendFailure::transient(FailureKind::Interrupted, &format!("unexpected reply: {}", in_full(response)));
    if fits { Ok(()) } else { Err(unexpected()) }
}

fn in_full(response: &Response) -> String {
    format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" "))
}

/// What went wrong while handing over: a reply decides by its code; without one, the connection broke.
fn refused(error: &Error) -> SendFailure {
    let reply = said(error);
    let Some(code) = error.status() else {
        let kind = if error.is_timeout() { FailureKind::Timeout } else { FailureKind::Interrupted };
        return SendFailure::transient(kind, &reply);
    };
    if let Some(kind) = demanded(error) {
        return SendFailure::transient(kind, &reply);
    }
    // The server closes the connection, whatever it was asked (RFC 5321, 3.8).
    if code.to_string() == "421" {
        return SendFailure::transient(FailureKind::Interrupted, &reply).of_server();
    }
    let permanent = code.severity == Severity::PermanentNegativeCompletion;
    SendFailure { permanent, ..SendFailure::transient(FailureKind::Refused, &reply) }
}

/// What went wrong with the sender. All mails have the same one, and the operator set it: a reply judges them all.
fn sender_refused(error: &Error) -> SendFailure {
    let failure = refused(error);
    if error.status().is_some() { failure.of_server() } else { failure }
}

/// Whether a reply is about what the operator has to mend rather than about a mail: 530, 534, 535 and 538 are about
/// authentication (RFC 4954), and 530 also about encryption (RFC 3207).
fn demanded(error: &Error) -> Option<FailureKind> {
    match error.status()?.to_string().as_str() {
        "530" if said(error).to_ascii_uppercase().contains("STARTTLS") => Some(FailureKind::Tls),
        "530" | "534" | "535" | "538" => Some(FailureKind::Auth),
        _ => None,
    }
}

/// What went wrong before the server had greeted us. Even a 5xx is no judgement about a mail then.
fn unreachable(error: &Error, encryption: &Encryption) -> SendFailure {
    let kind = match io_kind(error) {
        // rustls reports what it does not like about the peer as invalid data.
        Some(io::ErrorKind::InvalidData) if matches!(encryption, Encryption::Implicit(_)) => FailureKind::Tls,
        Some(io::ErrorKind::TimedOut) => FailureKind::Timeout,
        _ => FailureKind::Connect,
    };
    SendFailure::transient(kind, &said(error))
}

/// What went wrong while signing in. A 5xx is no judgement about a mail here either: the operator set the credentials.
fn unauthenticated(error: &Error) -> SendFailure {
    // Without a reply and an objection of our own (no common mechanism), the connection broke.
    if error.status().is_none() && !error.is_client() {
        return refused(error);
    }
    SendFailure::transient(demanded(error).unwrap_or(FailureKind::Auth), &said(error))
}

fn io_kind(error: &Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        source = error.source();
    }
    None
}

/// What the server said, with its code in front, or what the system said.
fn said(error: &Error) -> String {
    let source = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    error.status().map_or_else(|| source.clone(), |code| format!("{code} {source}"))
}
