//! Handing mail to a real server.

use mail::{FailureKind, InvitationMail, Language, Mail, MailTexts, Refusal, SendFailure, StatusCode};
use mail_parser::{MessageParser, MimeHeaders};
use test_support::{SmtpEncryption, SmtpOptions, SmtpServer};
use uuid::Uuid;

use crate::{LINK, invitation, mail, mail_to, plain, refusal, transport, written_at};

const GRACE: &str = "grace@acme.example";

async fn encrypted(encryption: SmtpEncryption) -> SmtpServer {
    SmtpServer::start_with(SmtpOptions { encryption, login: None }).await
}

async fn with_login(user: &str, password: &str) -> SmtpServer {
    let login = Some((user.to_owned(), password.to_owned()));
    SmtpServer::start_with(SmtpOptions { login, ..SmtpOptions::default() }).await
}

fn refused(permanent: bool, reply: &str) -> SendFailure {
    SendFailure { permanent, kind: FailureKind::Refused, concerns_server: false, refusal: None, reply: reply.to_owned() }
}

#[tokio::test]
async fn an_accepted_mail_arrives_whole() {
    let server = SmtpServer::start().await;
    let link = format!("{LINK}&more={}", "aB3_-.=".repeat(100));
    let mail = InvitationMail { link: link.clone(), ..invitation() }
        .compose(&MailTexts::built_in(), Language::English, Uuid::now_v7(), written_at())
        .unwrap();
    let accepted = plain(server.port()).send(&mail).await.unwrap();
    assert_eq!(accepted.reply, "250 2.0.0 accepted");

    let received = server.wait_for(GRACE, 1).await.remove(0);
    assert_eq!((received.from.as_str(), received.to.as_slice()), ("no-reply@roster.example", &[GRACE.to_owned()][..]));
    let message = MessageParser::default().parse(&received.raw).unwrap();
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
    let server = SmtpServer::start().await;
    let text = "before\n.\n..\n.after";
    let mail = Mail::new(Uuid::now_v7(), written_at(), GRACE, None, "Dots", text.to_owned(), text.to_owned()).unwrap();
    plain(server.port()).send(&mail).await.unwrap();
    let received = server.wait_for(GRACE, 1).await.remove(0);
    let message = MessageParser::default().parse(&received.raw).unwrap();
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), text);
}

#[tokio::test]
async fn hostile_names_reach_one_recipient_and_forge_nothing() {
    let server = SmtpServer::start().await;
    let transport = plain(server.port());
    let hostile = ["Ada", "\"Ada\" <mallory@evil.example>, \\\"", "\u{202e}🦀 <all@acme.example>", &"very long ".repeat(300)];
    for name in hostile {
        let mail = InvitationMail { account_name: name.to_owned(), inviter: Some(name.to_owned()), ..invitation() };
        let mail = mail.compose(&MailTexts::built_in(), Language::English, Uuid::now_v7(), written_at()).unwrap();
        let (subject, text, html) = (mail.subject(), mail.text().to_owned(), mail.html().to_owned());
        let addressed = Mail::new(Uuid::now_v7(), written_at(), GRACE, Some(name), subject, text, html).unwrap();
        transport.send(&addressed).await.unwrap();
    }
    server.wait_for(GRACE, hostile.len()).await;
    let mut usual = None;
    for received in server.messages() {
        assert_eq!(received.to, [GRACE]);
        let message = MessageParser::default().parse(&received.raw).unwrap();
        let headers: Vec<String> = message.headers().iter().map(|header| header.name().to_owned()).collect();
        assert_eq!(usual.get_or_insert_with(|| headers.clone()), &headers);
        assert_eq!(message.to().unwrap().as_list().map(<[_]>::len), Some(1));
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some(GRACE));
    }
}

#[tokio::test]
async fn a_recipient_who_is_not_there_is_permanent_and_a_content_that_is_not_wanted_is_not() {
    let server = SmtpServer::start().await;
    let transport = plain(server.port());
    assert_eq!(transport.send(&mail_to("refuse@acme.example")).await, Err(refused(true, "550 5.1.1 no such mailbox")));
    let unwanted = transport.send(&mail_to("spam@acme.example")).await.expect_err("it is not wanted");
    let status = Some(StatusCode { class: 5, subject: 7, detail: 1 });
    let refusal = Some(Refusal { step: "end of data", code: 554, status });
    assert_eq!(unwanted, SendFailure { refusal, ..refused(false, "554 5.7.1 the content is not wanted") });
    transport.send(&mail()).await.unwrap();
    server.wait_for(GRACE, 1).await;
    assert_eq!(server.messages().len(), 1);
}

#[tokio::test]
async fn a_4xx_passes_and_the_same_mail_is_taken_later() {
    let server = SmtpServer::start().await;
    let transport = plain(server.port());
    let mail = mail_to("greylist@acme.example");
    assert_eq!(transport.send(&mail).await, Err(refused(false, "451 4.7.1 greylisted, come back later")));
    transport.send(&mail).await.unwrap();
    let received = server.wait_for("greylist@acme.example", 1).await.remove(0);
    assert!(received.text().contains(&format!("Message-ID: <{}@roster.example>", mail.delivery_id())));
}

#[tokio::test]
async fn starttls_and_implicit_tls_trust_a_private_authority() {
    for (encryption, scheme) in [(SmtpEncryption::StartTls, "smtp"), (SmtpEncryption::Implicit, "smtps")] {
        let server = encrypted(encryption).await;
        for host in ["127.0.0.1", "localhost"] {
            let transport = transport(&format!("{scheme}://{host}:{}", server.port()), server.authority());
            transport.check().await.unwrap_or_else(|failure| panic!("{scheme}://{host}: {failure}"));
            transport.send(&mail()).await.unwrap_or_else(|failure| panic!("{scheme}://{host}: {failure}"));
        }
        server.wait_for(GRACE, 2).await;
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_a_tls_failure() {
    let other = encrypted(SmtpEncryption::Implicit).await;
    for (encryption, scheme) in [(SmtpEncryption::StartTls, "smtp"), (SmtpEncryption::Implicit, "smtps")] {
        let server = encrypted(encryption).await;
        for (case, authority) in [("another authority", other.authority()), ("only public authorities", None)] {
            let failure = refusal(&transport(&format!("{scheme}://user:secret@127.0.0.1:{}", server.port()), authority)).await;
            assert_eq!((failure.kind, failure.permanent), (FailureKind::Tls, false), "{scheme}, {case}: {failure}");
            assert!(failure.reply.contains("certificate"), "{scheme}, {case}: {failure}");
        }
        assert_eq!((server.messages().len(), server.refusals().len()), (0, 0), "{scheme}");
    }
}

#[tokio::test]
async fn a_server_without_encryption_gets_neither_password_nor_mail() {
    let server = with_login("user", "secret").await;
    for scheme in ["smtp", "smtps"] {
        let failure = refusal(&transport(&format!("{scheme}://user:secret@127.0.0.1:{}", server.port()), None)).await;
        assert_eq!((failure.kind, failure.permanent), (FailureKind::Tls, false), "{scheme}: {failure}");
    }
    assert_eq!((server.messages().len(), server.refusals().len()), (0, 0));
}

#[tokio::test]
async fn the_right_password_signs_in_and_a_wrong_one_is_for_the_operator_to_repair() {
    let server = with_login("ada@acme.example", "p:a/s%s").await;
    let at = |user_info: &str| format!("smtp://{user_info}127.0.0.1:{}?tls=none", server.port());

    let right = transport(&at("ada%40acme.example:p%3Aa%2Fs%25s@"), None);
    right.check().await.unwrap();
    right.send(&mail()).await.unwrap();
    server.wait_for(GRACE, 1).await;

    for (case, user_info) in [("wrong", "ada%40acme.example:hunter2@"), ("none", "")] {
        let failure = refusal(&transport(&at(user_info), None)).await;
        assert_eq!((failure.kind, failure.permanent), (FailureKind::Auth, false), "{case}: {failure}");
        assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
    }
    assert_eq!(server.messages().len(), 1);
}

#[tokio::test]
async fn credentials_for_a_server_that_wants_none_are_an_auth_failure() {
    let server = SmtpServer::start().await;
    let failure = refusal(&transport(&format!("smtp://user:secret@127.0.0.1:{}?tls=none", server.port()), None)).await;
    assert_eq!((failure.kind, failure.permanent), (FailureKind::Auth, false), "{failure}");
}
