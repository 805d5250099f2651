//! `roster mail`: whether mail leaves.

use std::time::{Duration, Instant};

use chrono::Utc;
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::Failure;
use super::mail_queue::QueueArgs;
use super::output::print_line;
use super::settings::MailArgs;
use mail::{FailureKind, Mail, MailError, MailTransport, SendFailure, SmtpSender, SmtpSettings, TestMail};

/// What can be done with mail.
#[derive(Subcommand)]
pub(super) enum MailCommand {
    /// Send one mail to yourself, to find out whether the mail server is set right
    ///
    /// Sends it through the mail server of ROSTER_SMTP_URL, as `roster serve` would, and says what became of it; where it does not leave,
    /// what the mail server said and what can be done. Needs no database, and no Roster that runs.
    #[command(after_help = "Example: roster mail test you@example.com")]
    Test(TestArgs),
    /// Show what waits to be sent, and why; with --retry, have it tried again now
    ///
    /// A mail waits until a server takes it, its link is dead, or nobody needs it any more. Where it was tried, the last column says what
    /// the mail server said.
    #[command(after_help = "Example: roster mail queue --account acme --retry")]
    Queue(QueueArgs),
}

#[derive(Args)]
pub(super) struct TestArgs {
    /// Where the mail is sent
    email: String,
    #[command(flatten)]
    mail: MailArgs,
}

impl MailCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Test(args) => args.run().await,
            Self::Queue(args) => args.run().await,
        }
    }
}

impl TestArgs {
    async fn run(self) -> Result<(), Failure> {
        let Some(from) = self.mail.mail_from.as_deref().filter(|_| self.mail.smtp_url.is_some()) else {
            return Err("set ROSTER_SMTP_URL, such as smtps://user:password@mail.example.com, and ROSTER_MAIL_FROM, such as \
                        'Roster <no-reply@example.com>': the mail is sent as those of a server are"
                .into());
        };
        let settings = self.mail.parse(from)?;
        let server = settings.smtp.ok_or("set ROSTER_SMTP_URL")?;
        let mail = self.compose(&server)?;
        print_line!("From    {}\nTo      {}\nServer  {}", settings.from, mail.to(), described(&server));

        let (begun, transport) = (Instant::now(), MailTransport::Smtp(SmtpSender::new(server.clone(), settings.from)));
        let sent = transport.send(&mail).await;
        print_line!("Took    {}", seconds(begun.elapsed()));
        let reply = sent.map_err(|failure| explained(&failure, &server))?.reply;
        print_line!("Answer  {reply}\n");
        print_line!(
            "The mail server has taken the mail. Whether it arrives is up to the servers after it: if it is not there in a few minutes, \
             look into the spam folder, too, and into the mail server's log."
        );
        Ok(())
    }

    fn compose(&self, server: &SmtpSettings) -> Result<Mail, Failure> {
        let mail = TestMail { recipient: self.email.clone(), server: server.host_and_port() };
        mail.compose(Uuid::now_v7(), Utc::now()).map_err(|error| match error {
            MailError::Address => format!("{:?} is no e-mail address: write the bare address, such as you@example.com", self.email).into(),
            other => other.into(),
        })
    }
}

/// `mail.example.com:587, encrypted with STARTTLS, as ada@example.com`.
fn described(server: &SmtpSettings) -> String {
    let user = server.user().map_or_else(|| "without signing in".to_owned(), |user| format!("as {user}"));
    format!("{}, {}, {user}", server.host_and_port(), server.encryption_in_words())
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// Why the mail did not leave, what was said, and what an operator can do about it.
fn explained(failure: &SendFailure, server: &SmtpSettings) -> Failure {
    format!("{}\nAnswer  {}\nAdvice  {}", failure.kind, failure.reply, advice(failure, server)).into()
}

fn advice(failure: &SendFailure, server: &SmtpSettings) -> &'static str {
    match failure.kind {
        FailureKind::Connect => {
            "Compare the host and port in ROSTER_SMTP_URL with what the provider says, and see whether this machine may connect there: \
             many networks block port 25, few 587 (smtp://) and 465 (smtps://)."
        }
        FailureKind::Tls => {
            "See whether the scheme in ROSTER_SMTP_URL fits the port: smtps:// is encrypted from the first byte (mostly on 465), smtp:// \
             with STARTTLS (mostly on 587). The host must be the one that the certificate names; for a private authority set \
             ROSTER_SMTP_CA_FILE."
        }
        FailureKind::Auth if server.user().is_none() => "Write a user and a password into ROSTER_SMTP_URL: smtps://user:password@host.",
        FailureKind::Auth => {
            "Compare the user and password in ROSTER_SMTP_URL with what the provider says; '/', '?', '#', '@' and '%' are written %2F, \
             %3F, %23, %40 and %25 there. Some providers want a password made for programs. Leave both out where the server wants none."
        }
        FailureKind::Refused if failure.permanent => "The mail server says that the recipient is not there: is the address right?",
        FailureKind::Refused if failure.refusal.is_some() => {
            "The mail server does not want mail from here; see in the answer why. Often ROSTER_MAIL_FROM is no address that it lets you \
             send from, it wants you to sign in, or a limit is reached. Mails in the outbox wait until it accepts them."
        }
        FailureKind::Refused => {
            "The mail server wants to be asked again later. A server of Roster does so by itself; here, try again in some minutes."
        }
        FailureKind::Timeout => {
            "Often a firewall swallows the connection, or the port is wrong: compare the host and port in ROSTER_SMTP_URL with what the \
             provider says. If they are right, the mail server is busy: try again in some minutes."
        }
        FailureKind::Interrupted => {
            "It is unknown whether the mail was taken. Look into the mail server's log; is it a mail server that answers at this port?"
        }
        FailureKind::Message | FailureKind::Folder => "See whether ROSTER_MAIL_FROM is an address that mail can be sent from.",
    }
}
