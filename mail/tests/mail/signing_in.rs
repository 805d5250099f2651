//! The ways to sign in that servers offer.

use mail::FailureKind;

use crate::scripted_server::{ScriptedServer, Step};
use crate::{mail, refusal, transport};

/// Offers these capabilities, and answers the lines of the sign-in in turn: the name, the password, and everything after it.
async fn offering(capabilities: &str) -> ScriptedServer {
    let always = |reply: String| Step { reply: reply.into_bytes(), times: usize::MAX, cuts: false };
    let ehlo = always(format!("250-mail.test\r\n{capabilities}250 8BITMIME\r\n"));
    let auth = always(if capabilities.contains("PLAIN") { "235 2.7.0 ok\r\n".to_owned() } else { "334 VXNlcm5hbWU6\r\n".to_owned() });
    let name = always("334 UGFzc3dvcmQ6\r\n".to_owned());
    let password = always("235 2.7.0 ok\r\n".to_owned());
    ScriptedServer::start_with([], [("EHLO", ehlo), ("AUTH", auth), ("dQ==", name), ("w7w6QCU=", password)]).await
}

fn url(server: &ScriptedServer) -> String {
    format!("smtp://u:%C3%BC%3A%40%25@127.0.0.1:{}?tls=none", server.port)
}

#[tokio::test]
async fn plain_and_login_are_spoken_in_whatever_form_they_are_offered() {
    for (capabilities, heard) in [
        ("250-AUTH PLAIN LOGIN\r\n", vec!["AUTH PLAIN AHUAw7w6QCU="]),
        ("250-AUTH LOGIN XOAUTH2 PLAIN\r\n", vec!["AUTH PLAIN AHUAw7w6QCU="]),
        ("250-AUTH=LOGIN PLAIN\r\n", vec!["AUTH PLAIN AHUAw7w6QCU="]),
        ("250-auth login\r\n", vec!["AUTH LOGIN", "dQ==", "w7w6QCU="]),
        ("250-AUTH XOAUTH2\r\n250-AUTH=LOGIN\r\n", vec!["AUTH LOGIN", "dQ==", "w7w6QCU="]),
    ] {
        let server = offering(capabilities).await;
        transport(&url(&server), None).send(&mail()).await.unwrap_or_else(|failure| panic!("{capabilities}: {failure}"));
        assert_eq!(server.heard()[1..=heard.len()], heard, "{capabilities}");
    }
}

#[tokio::test]
async fn what_roster_cannot_speak_is_said_with_a_way_out() {
    for (capabilities, advised) in [
        ("250-AUTH XOAUTH2\r\n", "offers XOAUTH2, and Roster signs in with PLAIN or LOGIN: ask the provider for an app password"),
        ("", "leave the user and password out"),
    ] {
        let server = offering(capabilities).await;
        let failure = refusal(&transport(&url(&server), None)).await;
        assert_eq!((failure.kind, failure.permanent, failure.concerns_server), (FailureKind::Auth, false, true), "{failure}");
        assert!(failure.reply.contains(advised), "{failure}");
        assert!(!format!("{failure:?}").contains("ü:@%"), "{failure:?}");
    }
}
