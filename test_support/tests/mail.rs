//! What a test may rely on when it takes a mail server.

use std::{fs, time::Duration};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    address::Envelope,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use test_support::{ReceivedMail, SmtpEncryption, SmtpOptions, SmtpServer, TIMEOUT};
use tokio::time::timeout;

/// With a line that SMTP must escape. The sending side adds the line's end.
const MAIL: &str = "Subject: grüß Gott\r\n\r\nHello\r\n.";

type Transport = AsyncSmtpTransport<Tokio1Executor>;

fn transport(server: &SmtpServer, encryption: SmtpEncryption, login: Option<(&str, &str)>) -> Transport {
    let parameters = || {
        let authority = Certificate::from_pem(&fs::read(server.authority().unwrap()).unwrap()).unwrap();
        TlsParameters::builder("localhost".to_owned()).add_root_certificate(authority).build_rustls().unwrap()
    };
    let tls = match encryption {
        SmtpEncryption::None => Tls::None,
        SmtpEncryption::StartTls => Tls::Required(parameters()),
        SmtpEncryption::Implicit => Tls::Wrapper(parameters()),
    };
    let mut builder = Transport::builder_dangerous(server.host()).port(server.port()).tls(tls);
    if let Some((user, password)) = login {
        builder = builder.credentials(Credentials::new(user.to_owned(), password.to_owned()));
    }
    builder.build()
}

/// Sends a mail to this recipient; answers the code of a refusal, if there was an answer.
async fn send(transport: &Transport, to: &str) -> Result<(), Option<u16>> {
    send_within(TIMEOUT, transport, to).await
}

/// The same, for so long.
async fn send_within(limit: Duration, transport: &Transport, to: &str) -> Result<(), Option<u16>> {
    let to: Address = to.parse().unwrap();
    let envelope = Envelope::new(Some("roster@example.org".parse().unwrap()), vec![to]).unwrap();
    // The transport's own limit ends with the connecting: a server that says nothing would be waited for.
    match timeout(limit, transport.send_raw(&envelope, MAIL.as_bytes())).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(refused)) => Err(refused.status().map(u16::from)),
        Err(_) => Err(None),
    }
}

#[tokio::test]
async fn accepted_mail_can_be_read_back_byte_for_byte() {
    let server = SmtpServer::start().await;
    let transport = transport(&server, SmtpEncryption::None, None);

    send(&transport, "ada@example.org").await.unwrap();

    let expected =
        ReceivedMail { from: "roster@example.org".to_owned(), to: vec!["ada@example.org".to_owned()], raw: format!("{MAIL}\r\n").into() };
    assert_eq!(server.wait_for("ada@example.org", 1).await, std::slice::from_ref(&expected));
    assert_eq!(server.messages(), [expected]);
}

#[tokio::test]
async fn the_recipient_says_how_the_mail_is_treated() {
    let server = SmtpServer::start().await;
    let transport = transport(&server, SmtpEncryption::None, None);

    for (to, answers) in [
        ("refuse@example.org", [Err(Some(550)), Err(Some(550))]),
        ("greylist+1@example.org", [Err(Some(451)), Ok(())]),
        ("greylist+2@example.org", [Err(Some(451)), Ok(())]),
        ("busy@example.org", [Err(Some(451)), Err(Some(451))]),
        ("spam@example.org", [Err(Some(554)), Err(Some(554))]),
        ("ada@example.org", [Ok(()), Ok(())]),
    ] {
        assert_eq!([send(&transport, to).await, send(&transport, to).await], answers, "{to}");
    }
    server.wait_for_refusals("busy@example.org", 2).await;
}

#[tokio::test]
async fn a_server_with_encryption_and_a_login_takes_nothing_without_them() {
    let right = Some(("roster", "secret"));
    for encryption in [SmtpEncryption::None, SmtpEncryption::StartTls, SmtpEncryption::Implicit] {
        let login = right.map(|(user, password)| (user.to_owned(), password.to_owned()));
        let server = SmtpServer::start_with(SmtpOptions { encryption, login }).await;

        send(&transport(&server, encryption, right), "ada@example.org").await.unwrap();
        assert_eq!(send(&transport(&server, encryption, Some(("roster", "guess"))), "eve@example.org").await, Err(Some(535)));
        assert_eq!(send(&transport(&server, encryption, None), "eve@example.org").await, Err(Some(530)));
        if encryption != SmtpEncryption::None {
            // Where encryption comes first, the server waits for it, and says nothing.
            let plain = transport(&server, SmtpEncryption::None, None);
            assert!(send_within(Duration::from_secs(2), &plain, "eve@example.org").await.is_err());
        }

        server.wait_for("ada@example.org", 1).await;
        assert_eq!(server.messages().len(), 1, "{encryption:?}");
    }
}
