//! `roster mail`, with a real mail server.

use std::net::TcpListener;

use mail_parser::MessageParser;
use test_support::{SmtpEncryption, SmtpOptions, SmtpServer};

use crate::program::{Ended, Program};

const FROM: &str = "Roster <roster@acme.example>";

async fn send(to: &str, url: &str, more: &[(&str, &str)]) -> Ended {
    let variables = [&[("ROSTER_SMTP_URL", url), ("ROSTER_MAIL_FROM", FROM)], more].concat();
    Program::run(&["mail", "test", to], &variables).await
}

fn plain(port: u16) -> String {
    format!("smtp://127.0.0.1:{port}?tls=none")
}

async fn with_login(encryption: SmtpEncryption) -> SmtpServer {
    let login = Some(("ada@acme.example".to_owned(), "s3cret".to_owned()));
    SmtpServer::start_with(SmtpOptions { encryption, login }).await
}

/// What it says about a mail that did not leave: the kind of failure, the answer, the advice.
fn said(ended: &Ended) -> [&str; 3] {
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let lines: Vec<_> = ended.logged.lines().collect();
    let [kind, answer, advice] = lines[..] else { panic!("three lines were expected: {ended:?}") };
    let parts = [kind.strip_prefix("roster: "), answer.strip_prefix("Answer  "), advice.strip_prefix("Advice  ")];
    parts.map(|part| part.unwrap_or_else(|| panic!("{ended:?}")))
}

#[tokio::test]
async fn a_mail_for_testing_is_sent_and_it_says_how() {
    let server = SmtpServer::start().await;
    let ended = send("you@acme.example", &plain(server.port()), &[]).await;
    assert_eq!((ended.code, ended.logged.as_str()), (Some(0), ""), "{ended:?}");
    let lines: Vec<_> = ended.printed.lines().collect();
    let place = format!("Server  127.0.0.1:{}, not encrypted, without signing in", server.port());
    assert_eq!(lines[..3], ["From    Roster <roster@acme.example>", "To      you@acme.example", &place]);
    assert!(lines[3].starts_with("Took    ") && lines[3].ends_with(" s"), "{ended:?}");
    assert_eq!(lines[4..6], ["Answer  250 2.0.0 accepted", ""]);
    assert!(lines[6].contains("has accepted the mail") && lines[6].contains("spam folder"), "{ended:?}");

    let received = server.wait_for("you@acme.example", 1).await.remove(0);
    let message = MessageParser::default().parse(&received.raw).unwrap();
    assert_eq!((received.from.as_str(), message.subject()), ("roster@acme.example", Some("Test mail from Roster")));
    assert!(message.body_text(0).unwrap().contains(&format!("through the mail server 127.0.0.1:{}", server.port())));
}

#[tokio::test]
async fn it_signs_in_and_never_shows_the_password() {
    let server = with_login(SmtpEncryption::StartTls).await;
    let authority = server.authority().unwrap().to_str().unwrap();
    let url = format!("smtp://ada%40acme.example:s3cret@localhost:{}", server.port());
    let ended = send("you@acme.example", &url, &[("ROSTER_SMTP_CA_FILE", authority)]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let place = format!("localhost:{}, encrypted with STARTTLS, as ada@acme.example", server.port());
    assert!(ended.printed.contains(&place) && !format!("{ended:?}").contains("s3cret"), "{ended:?}");
    server.wait_for("you@acme.example", 1).await;

    let untrusted = send("you@acme.example", &url, &[]).await;
    let [kind, answer, advice] = said(&untrusted);
    assert_eq!(kind, "no trusted connection to the mail server");
    assert!(answer.contains("certificate") && advice.contains("ROSTER_SMTP_CA_FILE"), "{untrusted:?}");
}

#[tokio::test]
async fn texts_of_the_operator_are_sent_and_one_that_cannot_be_used_is_named() {
    let server = SmtpServer::start().await;
    let folder = std::env::temp_dir().join(format!("roster-texts-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(folder.join("en")).unwrap();
    let file = folder.join("en/test.txt");
    let (url, templates) = (plain(server.port()), folder.to_str().unwrap());
    let write = |paragraph: &str| {
        std::fs::write(&file, format!("subject: Ours\npreview: p\nheading: h\nfooter: f\n\n{paragraph}\n")).unwrap();
    };
    write("Through **{{ server }}**.");
    assert_eq!(send("you@acme.example", &url, &[("ROSTER_MAIL_TEMPLATES", templates)]).await.code, Some(0));
    let received = server.wait_for("you@acme.example", 1).await.remove(0);
    let message = MessageParser::default().parse(&received.raw).unwrap();
    assert_eq!(message.subject(), Some("Ours"));
    assert!(message.body_text(0).unwrap().contains(&format!("Through 127.0.0.1:{}.", server.port())));

    write("Through {{ sevrer }}.");
    let refused = send("other@acme.example", &url, &[("ROSTER_MAIL_TEMPLATES", templates)]).await;
    let problem = format!("{}:6: the placeholder `sevrer` is unknown: this text can contain recipient, server", file.display());
    assert!(refused.code == Some(1) && format!("{refused:?}").contains(&problem), "{refused:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_mail_that_is_refused_comes_with_the_answer_and_an_advice() {
    let server = SmtpServer::start().await;
    for (to, expected, advised) in [
        ("refuse@acme.example", "550 5.1.1 no such mailbox", "is the address right?"),
        ("spam@acme.example", "554 5.7.1 the content is not wanted", "ROSTER_MAIL_FROM"),
        ("greylist@acme.example", "451 4.7.1 greylisted, come back later", "try again in some minutes"),
    ] {
        let ended = send(to, &plain(server.port()), &[]).await;
        let [kind, answer, advice] = said(&ended);
        assert_eq!((kind, answer), ("the mail server refused the mail", expected));
        assert!(advice.contains(advised), "{ended:?}");
        assert!(ended.printed.contains(&format!("To      {to}\n")) && ended.printed.contains("Took    "), "{ended:?}");
    }
    assert_eq!(server.messages().len(), 0);
}

#[tokio::test]
async fn a_wrong_or_missing_password_is_for_the_operator_to_repair() {
    let server = with_login(SmtpEncryption::None).await;
    for (user_info, advised) in [("ada%40acme.example:hunter2@", "Compare the user and password"), ("", "Write a user and a password")] {
        let ended = send("you@acme.example", &format!("smtp://{user_info}127.0.0.1:{}?tls=none", server.port()), &[]).await;
        let [kind, _, advice] = said(&ended);
        assert_eq!(kind, "the mail server does not accept the credentials");
        assert!(advice.contains(advised) && !format!("{ended:?}").contains("hunter2"), "{ended:?}");
    }
    assert_eq!(server.messages().len(), 0);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().port();
    let ended = send("you@acme.example", &plain(port), &[]).await;
    let [kind, _, advice] = said(&ended);
    assert_eq!(kind, "the mail server cannot be reached");
    assert!(advice.contains("host and port in ROSTER_SMTP_URL") && ended.printed.contains(&format!("127.0.0.1:{port}")), "{ended:?}");
}

#[tokio::test]
async fn without_a_mail_server_it_says_what_to_set() {
    for variables in [&[][..], &[("ROSTER_MAIL_FROM", FROM)], &[("ROSTER_SMTP_URL", "smtp://127.0.0.1:1?tls=none")]] {
        let ended = Program::run(&["mail", "test", "you@acme.example"], variables).await;
        assert_eq!((ended.code, ended.printed.as_str()), (Some(1), ""), "{ended:?}");
        assert!(ended.logged.starts_with("roster: set ROSTER_SMTP_URL, such as smtps://") && ended.logged.contains("ROSTER_MAIL_FROM"));
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_before_anything_is_sent() {
    let server = SmtpServer::start().await;
    for address in ["", "you", "You <you@acme.example>", "you@acme.example, all@acme.example", "you@acme.example\r\nRCPT TO:<x@y.example>"]
    {
        let ended = send(address, &plain(server.port()), &[]).await;
        assert_eq!((ended.code, ended.printed.as_str()), (Some(1), ""), "{ended:?}");
        assert!(ended.logged.contains(&format!("{address:?} is not an e-mail address")) && ended.logged.lines().count() == 1, "{ended:?}");
    }
    assert_eq!((server.messages().len(), server.refusals().len()), (0, 0));
}
