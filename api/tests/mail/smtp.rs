use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use api::mail::{FailureKind, InvitationMail, Mail, MailSettings, MailTransport, SendFailure, SmtpSender};
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::json;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::{
    FROM, LINK, invitation, mail,
    smtp_server::{Certificates, SmtpServer},
    written_at,
};

fn transport(url: &str, authority: Option<&Path>) -> MailTransport {
    limited(url, authority, Duration::from_secs(15), Duration::from_secs(15))
}

fn limited(url: &str, authority: Option<&Path>, step: Duration, acceptance: Duration) -> MailTransport {
    let settings = MailSettings::parse(Some(url), FROM, authority).unwrap();
    MailTransport::Smtp(SmtpSender::new(settings.smtp.unwrap().with_time_outs(step, acceptance), settings.from))
}

fn plain(server: &SmtpServer) -> MailTransport {
    transport(&format!("smtp://127.0.0.1:{}?tls=none", server.port), None)
}

async fn refusal(transport: &MailTransport) -> SendFailure {
    transport.send(&mail()).await.expect_err("the mail must not be taken")
}

#[tokio::test]
async fn an_accepted_mail_arrives_whole() {
    let server = SmtpServer::start(&json!({}));
    let link = format!("{LINK}&more={}", "aB3_-.=".repeat(100));
    let mail = InvitationMail { link: link.clone(), ..invitation() }.compose(Uuid::now_v7(), written_at()).unwrap();
    let accepted = plain(&server).send(&mail).await.unwrap();
    assert_eq!(accepted.reply, "250 2.0.0 Queued as 4711");

    let received = server.received();
    assert_eq!(received.envelope["sender"], "no-reply@roster.example");
    assert_eq!(received.envelope["recipients"], json!(["grace@acme.example"]));
    assert_eq!(received.envelope["greeting"], "roster.example");
    let message = MessageParser::default().parse(&received.source).unwrap();
    assert_eq!(message.subject(), Some("ada@acme.example invited you to Acme Observability"));
    assert_eq!(message.message_id().unwrap(), format!("{}@roster.example", mail.delivery_id()));
    assert_eq!(message.date().unwrap().to_rfc3339(), "2026-11-23T14:05:09Z");
    assert_eq!(message.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
    let content_type = message.content_type().unwrap();
    assert_eq!((content_type.ctype(), content_type.subtype()), ("multipart", Some("alternative")));
    assert_eq!((message.text_body_count(), message.html_body_count(), message.attachment_count()), (1, 1, 0));
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), mail.text().trim_end());
    assert!(message.body_text(0).unwrap().contains(&link));
    assert_eq!(message.body_html(0).unwrap().replace("\r\n", "\n").trim_end(), mail.html().trim_end());
}

#[tokio::test]
async fn a_line_that_is_one_dot_does_not_end_the_mail() {
    let server = SmtpServer::start(&json!({}));
    let text = "before\n.\n..\n.after";
    let mail = Mail::new(Uuid::now_v7(), written_at(), "grace@acme.example", None, "Dots", text.to_owned(), text.to_owned()).unwrap();
    plain(&server).send(&mail).await.unwrap();
    let received = server.received();
    let message = MessageParser::default().parse(&received.source).unwrap();
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), text);
}

#[tokio::test]
async fn hostile_names_reach_one_recipient_and_forge_nothing() {
    let server = SmtpServer::start(&json!({}));
    let transport = plain(&server);
    let mut usual = None;
    for hostile in ["Ada", "\"Ada\" <mallory@evil.example>, \\\"", "\u{202e}🦀 <all@acme.example>", &"very long ".repeat(300)] {
        let mail = InvitationMail { account_name: hostile.to_owned(), inviter: Some(hostile.to_owned()), ..invitation() };
        let mail = mail.compose(Uuid::now_v7(), written_at()).unwrap();
        let addressed =
            Mail::new(Uuid::now_v7(), written_at(), mail.to(), Some(hostile), mail.subject(), mail.text().into(), mail.html().into())
                .unwrap();
        transport.send(&addressed).await.unwrap();
        let received = server.received();
        assert_eq!(received.envelope["recipients"], json!(["grace@acme.example"]), "{hostile}");
        let message = MessageParser::default().parse(&received.source).unwrap();
        let names: Vec<String> = message.headers().iter().map(|header| header.name().to_owned()).collect();
        assert_eq!(usual.get_or_insert_with(|| names.clone()), &names, "{hostile}");
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some("grace@acme.example"), "{hostile}");
    }
}

#[tokio::test]
async fn one_connection_carries_several_mails() {
    let server = SmtpServer::start(&json!({}));
    let transport = plain(&server);
    transport.check().await.unwrap();
    let mut connections = Vec::new();
    for _ in 0..3 {
        transport.send(&mail()).await.unwrap();
        connections.push(server.received().envelope["connection"].clone());
    }
    connections.dedup();
    assert_eq!(connections.len(), 1);
}

#[tokio::test]
async fn a_5xx_is_permanent() {
    let server = SmtpServer::start(&json!({ "rcpt": ["550 5.1.1 No such user"], "data": ["554 5.7.1 Looks like spam"] }));
    let transport = plain(&server);
    let recipient = refusal(&transport).await;
    let expected = |reply: &str| SendFailure { permanent: true, kind: FailureKind::Refused, reply: reply.to_owned() };
    assert_eq!(recipient, expected("550 5.1.1 No such user"));
    assert_eq!(refusal(&transport).await, expected("554 5.7.1 Looks like spam"));
    assert!(server.received_nothing());
    transport.send(&mail()).await.unwrap();
}

#[tokio::test]
async fn a_4xx_passes_and_the_same_mail_is_taken_later() {
    let server = SmtpServer::start(&json!({ "rcpt": ["451 4.7.1 Greylisted"], "data": ["452 4.3.1 Full"] }));
    let transport = plain(&server);
    let mail = mail();
    for reply in ["451 4.7.1 Greylisted", "452 4.3.1 Full"] {
        let failure = transport.send(&mail).await.expect_err(reply);
        assert_eq!(failure, SendFailure { permanent: false, kind: FailureKind::Refused, reply: reply.to_owned() });
    }
    transport.send(&mail).await.unwrap();
    let message_id = format!("<{}@roster.example>", mail.delivery_id());
    assert!(String::from_utf8(server.received().source).unwrap().contains(&message_id));
}

#[tokio::test]
async fn an_endless_reply_is_kept_as_one_short_line() {
    let server = SmtpServer::start(&json!({ "rcpt": [format!("550-one\r\n550 two {}", "x".repeat(450))] }));
    let failure = refusal(&plain(&server)).await;
    assert!(failure.reply.starts_with("550 one two xxx"), "{failure}");
    assert!(failure.reply.chars().count() <= 500 && !failure.reply.contains(char::is_control));
}

#[tokio::test]
async fn starttls_and_implicit_tls_trust_a_private_authority() {
    let authority = Certificates::get().file("ca.pem");
    for (tls, scheme) in [("starttls", "smtp"), ("implicit", "smtps")] {
        let server = SmtpServer::start_with_tls(tls);
        let transport = transport(&format!("{scheme}://127.0.0.1:{}", server.port), Some(&authority));
        transport.check().await.unwrap_or_else(|failure| panic!("{tls}: {failure}"));
        transport.send(&mail()).await.unwrap_or_else(|failure| panic!("{tls}: {failure}"));
        assert_eq!(server.received().envelope["encrypted"], true, "{tls}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_a_tls_failure() {
    let (authority, other) = (Certificates::get().file("ca.pem"), Certificates::get().file("other.pem"));
    for (tls, scheme) in [("starttls", "smtp"), ("implicit", "smtps")] {
        let server = SmtpServer::start_with_tls(tls);
        for (case, host, authority) in [
            ("another authority", "127.0.0.1", Some(&other)),
            ("only public authorities", "127.0.0.1", None),
            ("another host", "localhost", Some(&authority)),
        ] {
            let url = format!("{scheme}://user:secret@{host}:{}", server.port);
            let failure = refusal(&transport(&url, authority.map(PathBuf::as_path))).await;
            assert_eq!((failure.kind, failure.permanent), (FailureKind::Tls, false), "{tls}, {case}: {failure}");
            assert!(failure.reply.contains("certificate"), "{tls}, {case}: {failure}");
        }
        assert!(server.received_nothing(), "{tls}");
    }
}

#[tokio::test]
async fn a_server_without_encryption_gets_neither_password_nor_mail() {
    let server = SmtpServer::start(&json!({ "auth": ["user", "secret"] }));
    for scheme in ["smtp", "smtps"] {
        let failure = refusal(&transport(&format!("{scheme}://user:secret@127.0.0.1:{}", server.port), None)).await;
        assert_eq!((failure.kind, failure.permanent), (FailureKind::Tls, false), "{scheme}: {failure}");
    }
    assert!(server.received_nothing());
}

#[tokio::test]
async fn the_right_password_signs_in_and_a_wrong_one_is_for_the_operator_to_mend() {
    let server = SmtpServer::start(&json!({ "auth": ["ada@acme.example", "p:a/s%s"] }));
    let at = |user_info: &str| format!("smtp://{user_info}127.0.0.1:{}?tls=none", server.port);

    let right = transport(&at("ada%40acme.example:p%3Aa%2Fs%25s@"), None);
    right.check().await.unwrap();
    right.send(&mail()).await.unwrap();
    server.received();

    for (case, user_info) in [("wrong", "ada%40acme.example:hunter2@"), ("none", "")] {
        let failure = refusal(&transport(&at(user_info), None)).await;
        assert_eq!((failure.kind, failure.permanent), (FailureKind::Auth, false), "{case}: {failure}");
        assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
    }
    assert!(server.received_nothing());
}

#[tokio::test]
async fn credentials_for_a_server_that_wants_none_are_an_auth_failure() {
    let server = SmtpServer::start(&json!({}));
    let failure = refusal(&transport(&format!("smtp://user:secret@127.0.0.1:{}?tls=none", server.port), None)).await;
    assert_eq!((failure.kind, failure.permanent), (FailureKind::Auth, false), "{failure}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_connect_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    for url in [format!("smtp://127.0.0.1:{port}?tls=none"), format!("smtps://127.0.0.1:{port}"), "smtp://nowhere.invalid".to_owned()] {
        let transport = transport(&url, None);
        let failure = refusal(&transport).await;
        assert_eq!((failure.kind, failure.permanent), (FailureKind::Connect, false), "{url}: {failure}");
        assert_eq!(transport.check().await.expect_err(&url).kind, FailureKind::Connect);
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    // The kernel completes the connection; no one ever speaks.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for url in [format!("smtp://127.0.0.1:{port}?tls=none"), format!("smtp://127.0.0.1:{port}"), format!("smtps://127.0.0.1:{port}")] {
        let transport = limited(&url, None, Duration::from_millis(200), Duration::from_secs(15));
        let begun = Instant::now();
        let failure = refusal(&transport).await;
        assert_eq!((failure.kind, failure.permanent), (FailureKind::Timeout, false), "{url}: {failure}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{url}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_late_reply_to_one_mail_is_never_taken_for_the_next() {
    let server = SmtpServer::start(&json!({ "data": ["late 250 2.0.0 Queued after all", "550 5.7.1 Not this one"] }));
    let url = format!("smtp://127.0.0.1:{}?tls=none", server.port);
    let transport = limited(&url, None, Duration::from_secs(10), Duration::from_secs(1));
    let hung = refusal(&transport).await;
    assert_eq!((hung.kind, hung.permanent), (FailureKind::Timeout, false), "{hung}");
    let refused = refusal(&transport).await;
    assert_eq!((refused.kind, refused.permanent), (FailureKind::Refused, true), "{refused}");
    assert!(server.received_nothing());
    transport.send(&mail()).await.unwrap();
    server.received();
}

#[tokio::test]
async fn a_server_that_went_away_is_connected_to_again() {
    let first = SmtpServer::start(&json!({}));
    let transport = plain(&first);
    transport.send(&mail()).await.unwrap();
    drop(first);
    assert_eq!(refusal(&transport).await.kind, FailureKind::Connect);
}
