//! Servers that are slow, silent, gone, or strange.

use std::time::Duration;

use mail::{FailureKind, SendFailure};
use test_support::{SmtpEncryption, SmtpOptions, SmtpServer};
use tokio::net::TcpListener;

use crate::{
    limited, mail, mail_to, plain, refusal,
    scripted_server::{Reply, ScriptedServer, append_to_starttls},
    transport,
};

/// A limit that ends nothing in these tests.
const PATIENT: Duration = Duration::from_hours(1);
/// A limit for servers that say nothing: as long as a slow machine may take for an answer.
const BRIEF: Duration = Duration::from_secs(5);

#[tokio::test]
async fn one_connection_carries_several_mails_and_greets_as_the_senders_domain() {
    let server = ScriptedServer::start([]).await;
    let transport = plain(server.port);
    transport.check().await.unwrap();
    for _ in 0..3 {
        assert_eq!(transport.send(&mail()).await.unwrap().reply, "250 taken");
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(server.heard()[0], "EHLO roster.example");
    assert_eq!(server.heard().iter().filter(|line| line.as_str() == "DATA").count(), 3);
}

#[tokio::test]
async fn an_endless_reply_is_kept_as_one_short_line() {
    let reply = format!("550-one\r\n550 two {}", "x".repeat(450));
    let server = ScriptedServer::start([Reply::Now(reply)]).await;
    let failure = refusal(&plain(server.port)).await;
    assert!(failure.reply.starts_with("550 one two xxx"), "{failure}");
    assert!(failure.reply.chars().count() <= 500 && !failure.reply.contains(char::is_control));
}

#[tokio::test]
async fn a_late_reply_to_one_mail_is_never_taken_for_the_next() {
    let server = ScriptedServer::start([Reply::Late("250 after all".to_owned()), Reply::Now("550 not this one".to_owned())]).await;
    let transport = limited(&format!("smtp://127.0.0.1:{}?tls=none", server.port), None, PATIENT, BRIEF);
    let hung = refusal(&transport).await;
    assert_eq!((hung.kind, hung.permanent), (FailureKind::Timeout, false), "{hung}");
    let refused = refusal(&transport).await;
    assert_eq!((refused.kind, refused.reply.as_str()), (FailureKind::Refused, "550 not this one"));
    assert_eq!(transport.send(&mail()).await.unwrap().reply, "250 taken");
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
async fn a_server_that_never_greets_is_given_up() {
    // The kernel completes the connection; no one ever speaks.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for url in [format!("smtp://127.0.0.1:{port}?tls=none"), format!("smtp://127.0.0.1:{port}"), format!("smtps://127.0.0.1:{port}")] {
        let transport = limited(&url, None, BRIEF, PATIENT);
        let failure = refusal(&transport).await;
        assert_eq!((failure.kind, failure.permanent), (FailureKind::Timeout, false), "{url}: {failure}");
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_and_takes_the_next_mail() {
    let server = SmtpServer::start().await;
    let transport = limited(&format!("smtp://127.0.0.1:{}?tls=none", server.port()), None, Duration::from_secs(1), PATIENT);
    let failure = transport.send(&mail_to("silent@acme.example")).await.expect_err("no answer");
    assert_eq!((failure.kind, failure.permanent), (FailureKind::Timeout, false), "{failure}");
    transport.send(&mail()).await.unwrap();
    server.wait_for("grace@acme.example", 1).await;
}

#[tokio::test]
async fn a_server_that_went_away_is_a_connect_failure_and_no_stale_connection() {
    let server = SmtpServer::start().await;
    let transport = plain(server.port());
    transport.send(&mail()).await.unwrap();
    drop(server);
    assert_eq!(refusal(&transport).await.kind, FailureKind::Connect);
}

#[tokio::test]
async fn a_reply_that_was_slipped_in_before_the_encryption_is_never_believed() {
    let server = SmtpServer::start_with(SmtpOptions { encryption: SmtpEncryption::StartTls, login: None }).await;
    let passed_on = append_to_starttls(server.port(), "").await;
    transport(&format!("smtp://127.0.0.1:{passed_on}"), server.authority()).send(&mail()).await.unwrap();
    server.wait_for("grace@acme.example", 1).await;

    for injected in ["250 slipped in\r\n", "250 a\r\n250 b\r\n250 c\r\n354 d\r\n250 accepted\r\n"] {
        let between = append_to_starttls(server.port(), injected).await;
        let failure = refusal(&transport(&format!("smtp://127.0.0.1:{between}"), server.authority())).await;
        assert_eq!((failure.kind, failure.permanent), (FailureKind::Tls, false), "{failure}");
    }
    assert_eq!(server.messages().len(), 1);
}

#[tokio::test]
async fn a_reply_that_does_not_answer_a_mail_is_no_acceptance() {
    let server = ScriptedServer::start([Reply::Now("354 go on and on".to_owned())]).await;
    let failure = refusal(&plain(server.port)).await;
    let expected = SendFailure {
        permanent: false,
        kind: FailureKind::Interrupted,
        concerns_server: false,
        refusal: None,
        reply: "unexpected reply: 354 go on and on".to_owned(),
    };
    assert_eq!(failure, expected);
}
