//! A mail that the server accepted is sent, whatever the reply contains and whatever happens after it.

use std::time::Duration;

use test_support::TIMEOUT;

use crate::scripted_server::{ScriptedServer, Step};
use crate::{limited, mail, plain};

fn accepting(reply: &[u8], cuts: bool) -> [(&'static str, Step); 1] {
    [("content", Step { reply: reply.to_vec(), times: 1, cuts })]
}

#[tokio::test]
async fn an_accepted_mail_is_sent_whatever_bytes_the_reply_contains() {
    let long = [b"250 ".as_slice(), b"x".repeat(100_000).as_slice(), b"\r\n"].concat();
    let many = [b"250-2.0.0 queued\r\n".repeat(5_000), b"250 end\r\n".to_vec()].concat();
    for (reply, cuts) in [
        (&b"250 2.0.0 queued as \xff\xfe\x00\x80\r\n"[..], false),
        (b"250\r\n", false),
        (b"250 unix\n", false),
        (b"250-one\r\n250-\xc3\r\n250 three\r\n", false),
        (b"250 ok\r\n\xff\xff garbage after it\r\n", false),
        (b"250 ok\r\n550 and more\r\n", false),
        (&long, false),
        (&many, false),
        (b"250 queued\r\n", true),
        (b"250 the line does not end", true),
        (b"250", true),
        (b"250-the reply does not end\r\n", true),
    ] {
        let server = ScriptedServer::start_with([], accepting(reply, cuts)).await;
        let transport = plain(server.port);
        let shown = String::from_utf8_lossy(&reply[..reply.len().min(60)]).into_owned();
        let accepted = transport.send(&mail()).await.unwrap_or_else(|failure| panic!("{shown:?}: {failure:?}"));
        assert!(accepted.reply.starts_with("250") && accepted.reply.chars().count() <= 500, "{accepted:?}");
        // Whatever is left of the reply is no answer to the next mail.
        assert_eq!(transport.send(&mail()).await.unwrap_or_else(|failure| panic!("{shown:?}, next: {failure}")).reply, "250 taken");
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_then_falls_silent_amid_its_reply_has_accepted() {
    for reply in ["250-queued\r\n", "250 queued"] {
        let server = ScriptedServer::start_with([], accepting(reply.as_bytes(), false)).await;
        let url = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let transport = limited(&url, None, TIMEOUT, Duration::from_secs(1));
        assert_eq!(transport.send(&mail()).await.expect(reply).reply, "250 queued");
    }
}

#[tokio::test]
async fn what_is_no_acceptance_is_none() {
    for reply in ["", "25", "2500 ok\r\n", "354 go on\r\n", "\u{ff}250 ok\r\n", "250-ok\r\n451 4.3.0 or rather later\r\n"] {
        let server = ScriptedServer::start_with([], accepting(reply.as_bytes(), true)).await;
        let failure = plain(server.port).send(&mail()).await.expect_err(reply);
        assert!(!failure.permanent, "{reply}: {failure:?}");
    }
}
