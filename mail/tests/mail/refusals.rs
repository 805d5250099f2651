//! A mail ends only by what is said about its recipient, at whatever step it is said.

use mail::FailureKind;

use crate::scripted_server::ScriptedServer;
use crate::{plain, refusal};

#[tokio::test]
async fn only_a_refusal_of_the_recipient_is_permanent_at_whatever_step() {
    for step in ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "content"] {
        let knows_recipient = ["RCPT", "DATA", "content"].contains(&step);
        for (reply, is_about_recipient) in [
            ("550 5.1.1 no such mailbox", true),
            ("550-5.1.1 no such\r\n550 5.1.1 mailbox", true),
            ("550 5.2.1 the mailbox is disabled", true),
            ("554 5.7.1 relaying denied", false),
            ("550 5.7.26 not authenticated", false),
            ("550 5.4.5 the sending limit of the day is reached", false),
            ("550 5.1.8 the sender's domain is not there", false),
            ("554 rejected", false),
            ("550 4.7.1 come back", false),
            ("451 4.1.1 come back", false),
            ("421 4.7.0 closing", false),
            ("530 5.7.57 not authenticated", false),
        ] {
            let server = ScriptedServer::answering(step, reply).await;
            let failure = refusal(&plain(server.port)).await;
            assert_eq!(failure.permanent, knows_recipient && is_about_recipient, "{step}: {reply}: {failure:?}");
            assert_eq!(failure.reply, reply.replace("\r\n550", "").replacen("550-", "550 ", 1), "{step}");
        }
    }
}

#[tokio::test]
async fn a_server_that_closes_while_it_is_told_something_has_said_why() {
    let server = ScriptedServer::answering("MAIL", "421 4.7.0 too many mails").await;
    let failure = refusal(&plain(server.port)).await;
    assert_eq!((failure.kind, failure.concerns_server), (FailureKind::Interrupted, true), "{failure}");
    assert_eq!(failure.reply, "421 4.7.0 too many mails");
}
