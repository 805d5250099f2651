//! `roster mail`: whether mail leaves.

use std::time::{Duration, Instant};

use chrono::Utc;
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::Failure;
use super::mail_queue::QueueArgs;
use super::output::print_line;
use super::settings::MailArgs;
use mail::{FailureKind, Language, Mail, MailError, MailTransport, SendFailure, SmtpSender, SmtpSettings, TestMail};

/// Commands for mail.
#[derive(Subcommand)]
pub(super) enum MailCommand {
    /// Send a test mail to check the configuration of the mail server
    ///
    /// It sends the mail through the mail server of ROSTER_SMTP_URL, as `roster serve` does, and prints the result. If it fails, it prints
    /// the reply of the mail server and advice, and exits with 1. It needs neither a database nor a running server.
    #[command(after_help = "Example: roster mail test you@example.com")]
    Test(TestArgs),
    /// List the mails that wait to be sent, and why; with --retry, try them again now
    ///
    /// A mail waits until the mail server accepts it, its link expires, or it is no longer needed. The last column shows the last reply of
    /// the mail server.
    #[command(after_help = "Example: roster mail queue --account acme --retry")]
    Queue(QueueArgs),
}

#[derive(Args)]
pub(super) struct TestArgs {
    /// The e-mail address to send the mail to
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
                        'Roster <no-reply@example.com>': the mail is sent like those of a server"
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
            "The mail server has accepted the mail. Whether it arrives depends on the servers after it: if it does not arrive in a few minutes, \
             look into the spam folder, too, and into the mail server's log."
        );
        Ok(())
    }

    fn compose(&self, server: &SmtpSettings) -> Result<Mail, Failure> {
        let mail = TestMail { recipient: self.email.clone(), server: server.host_and_port() };
        mail.compose(&*self.mail.texts()?, Language::default(), Uuid::now_v7(), Utc::now()).map_err(|error| match error {
            MailError::Address => {
                format!("{:?} is not an e-mail address: give the bare address, such as you@example.com", self.email).into()
            }
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

/// Why the mail was not sent, what the mail server replied, and advice.
fn explained(failure: &SendFailure, server: &SmtpSettings) -> Failure {
    format!("{}\nAnswer  {}\nAdvice  {}", failure.kind, failure.reply, advice(failure, server)).into()
}

fn advice(failure: &SendFailure, server: &SmtpSettings) -> &'static str {
    match failure.kind {
        FailureKind::Connect => {
            "Compare the host and port in ROSTER_SMTP_URL with those of the provider, and check whether this machine may connect to them: \
             many networks block port 25, few 587 (smtp://) and 465 (smtps://)."
        }
        FailureKind::Tls => {
            "Check whether the scheme in ROSTER_SMTP_URL fits the port: smtps:// is encrypted from the first byte (mostly on 465), smtp:// \
             with STARTTLS (mostly on 587). The host must be the one that the certificate names; for a private authority set \
             ROSTER_SMTP_CA_FILE."
        }
        FailureKind::Auth if server.user().is_none() => "Write a user and a password into ROSTER_SMTP_URL: smtps://user:password@host.",
        FailureKind::Auth => {
            "Compare the user and password in ROSTER_SMTP_URL with those of the provider; '/', '?', '#', '@' and '%' are written %2F, \
             %3F, %23, %40 and %25 there. Some providers require an app password. Leave both out if the server requires none."
        }
        FailureKind::Refused if failure.permanent => "The mail server says that the recipient does not exist: is the address right?",
        FailureKind::Refused if failure.refusal.is_some() => {
            "The mail server does not accept mail from here; the answer says why. Often ROSTER_MAIL_FROM is not an address that you may \
             send from, the server requires sign-in, or a limit is reached. Mails in the outbox wait until it accepts them."
        }
        FailureKind::Refused => {
            "The mail server asks to try again later. A Roster server does so by itself; here, try again in some minutes."
        }
        FailureKind::Timeout => {
            "Often a firewall drops the connection, or the port is wrong: compare the host and port in ROSTER_SMTP_URL with those of \
             the provider. If they are right, the mail server is busy: try again in some minutes."
        }
        FailureKind::Interrupted => {
            "It is unknown whether the mail was accepted. Check the mail server's log, and check that the port belongs to a mail server."
        }
        FailureKind::Message | FailureKind::Folder => "Check whether ROSTER_MAIL_FROM is an address that mail can be sent from.",
    }
}
