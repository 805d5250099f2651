//! A server that fails for everybody for a while, and then works again.

use std::time::Duration;

use futures::StreamExt;
use mail::{FailureKind, MailTransport};
use test_support::{SmtpBehaviour, SmtpServer, TIMEOUT};

use crate::scripted_server::{Reply, ScriptedServer};
use crate::{limited, mail, mail_to, plain, refusal};

/// It waits briefly where the server is too slow on purpose: as long as a slow machine may take for an answer.
fn transport(server: &SmtpServer, kind: FailureKind) -> MailTransport {
    let limit = if kind == FailureKind::Timeout { Duration::from_secs(5) } else { TIMEOUT };
    limited(&format!("smtp://127.0.0.1:{}?tls=none", server.port()), None, limit, limit)
}

#[tokio::test]
async fn each_failure_says_whether_it_is_for_good_and_whether_it_concerns_everybody_and_passes_with_its_cause() {
    use FailureKind::{Auth, Connect, Interrupted, Refused, Timeout, Tls};
    let server = SmtpServer::start().await;
    // Over the connection that is open, and over a new one.
    for (behaviour, kind, permanent, concerns_server) in [
        (SmtpBehaviour::Refusing, Refused, true, false),
        (SmtpBehaviour::Greylisting, Refused, false, false),
        (SmtpBehaviour::Hanging, Timeout, false, true),
        (SmtpBehaviour::Dropping, Interrupted, false, false),
        (SmtpBehaviour::DroppingAfterKeeping, Interrupted, false, false),
        (SmtpBehaviour::DroppingMidData, Interrupted, false, false),
        (SmtpBehaviour::Slow(Duration::from_mins(10)), Timeout, false, false),
        (SmtpBehaviour::RefusingSenders, Refused, false, true),
        (SmtpBehaviour::Limiting, Refused, false, true),
        (SmtpBehaviour::RefusingContents, Refused, false, false),
        (SmtpBehaviour::DemandingStartTls, Tls, false, true),
        (SmtpBehaviour::DemandingAuth, Auth, false, true),
        (SmtpBehaviour::Down, Connect, false, true),
    ] {
        let (used, new) = (transport(&server, kind), transport(&server, kind));
        used.send(&mail()).await.unwrap_or_else(|failure| panic!("before {behaviour:?}: {failure}"));
        server.behave(behaviour).await;
        let kept = server.messages().len();
        for (transport, case) in [(&used, "a connection that is open"), (&new, "a new connection")] {
            let failure = refusal(transport).await;
            let told = (failure.kind, failure.permanent, failure.concerns_server);
            assert_eq!(told, (kind, permanent, concerns_server), "{behaviour:?}, {case}: {failure}");
        }
        // What it has told so far comes before its word that it applies.
        server.behave(SmtpBehaviour::Healthy).await;
        let expected = if behaviour == SmtpBehaviour::DroppingAfterKeeping { kept + 2 } else { kept };
        assert_eq!(server.messages().len(), expected, "{behaviour:?}");
        for transport in [&used, &new] {
            transport.send(&mail()).await.unwrap_or_else(|failure| panic!("after {behaviour:?}: {failure}"));
        }
        server.wait_for("grace@acme.example", expected + 2).await;
    }
}

#[tokio::test]
async fn a_server_that_closes_concerns_everybody_and_refuses_no_one_for_good() {
    let server = ScriptedServer::start([Reply::Now("421 4.3.2 closing for maintenance".to_owned())]).await;
    let failure = refusal(&plain(server.port)).await;
    assert_eq!((failure.kind, failure.permanent, failure.concerns_server), (FailureKind::Interrupted, false, true), "{failure}");
}

#[tokio::test]
async fn one_connection_is_used_again_also_after_a_refusal_and_never_more_are_open_than_mails_under_way() {
    let server = SmtpServer::start().await;
    let transport = plain(server.port());
    for number in 0..20 {
        let recipient = if number % 3 == 0 { "refuse@acme.example" } else { "grace@acme.example" };
        assert_eq!(transport.send(&mail_to(recipient)).await.is_ok(), number % 3 != 0);
    }
    assert_eq!(server.connections(), 1);
    let mails: Vec<_> = (0..50).map(|_| mail()).collect();
    let sent = futures::stream::iter(&mails).map(|mail| transport.send(mail)).buffer_unordered(4).filter(|sent| {
        let taken = sent.is_ok();
        async move { taken }
    });
    assert_eq!(sent.count().await, 50);
    assert!(server.most_connections() <= 4 && server.connections() <= 4, "{} {}", server.most_connections(), server.connections());
}
