//! Mail against a real mail server, a real folder, and requests as they come over the network.

mod asking;
mod failing_server;
mod folder;
mod mailbox;
mod previews;
mod refusals;
mod replies;
mod scripted_server;
mod signing_in;
mod smtp;
mod smtp_faults;

use std::{path::Path, time::Duration};

use chrono::{DateTime, TimeZone, Utc};
use mail::{InvitationMail, Language, Mail, MailSettings, MailTexts, MailTransport, SendFailure, SmtpSender};
use test_support::TIMEOUT;
use uuid::Uuid;

const FROM: &str = "Roster <no-reply@roster.example>";
const LINK: &str = "https://roster.acme.example/acme/invitation?token=aB3_-dEf&x=1";

fn written_at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 14, 5, 9).unwrap()
}

fn invitation() -> InvitationMail {
    InvitationMail {
        account_name: "Acme Observability".to_owned(),
        inviter: Some("ada@acme.example".to_owned()),
        recipient: "grace@acme.example".to_owned(),
        role_label: "Editor".to_owned(),
        link: LINK.to_owned(),
        works_for: chrono::TimeDelta::hours(24),
        expires_at: Utc.with_ymd_and_hms(2026, 11, 24, 14, 5, 9).unwrap(),
        resent: false,
    }
}

fn mail() -> Mail {
    mail_to("grace@acme.example")
}

fn mail_to(recipient: &str) -> Mail {
    InvitationMail { recipient: recipient.to_owned(), ..invitation() }
        .compose(&MailTexts::built_in(), Language::English, Uuid::now_v7(), written_at())
        .unwrap()
}

fn transport(url: &str, authority: Option<&Path>) -> MailTransport {
    limited(url, authority, TIMEOUT, TIMEOUT)
}

fn limited(url: &str, authority: Option<&Path>, step: Duration, acceptance: Duration) -> MailTransport {
    let settings = MailSettings::parse(Some(url), FROM, authority).unwrap();
    MailTransport::Smtp(SmtpSender::new(settings.smtp.unwrap().with_time_outs(step, acceptance), settings.from))
}

fn plain(port: u16) -> MailTransport {
    transport(&format!("smtp://127.0.0.1:{port}?tls=none"), None)
}

async fn refusal(transport: &MailTransport) -> SendFailure {
    transport.send(&mail()).await.expect_err("the mail must not be taken")
}
