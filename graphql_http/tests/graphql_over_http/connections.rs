use std::time::Duration;

use graphql_http::{Limits, ServerSettings, Stopped};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::running::{Running, until_closed, within};

const SOON: Duration = Duration::from_millis(500);
const HEALTH: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

/// A connection over which a request was answered. One that this machine was too slow to use in time is closed: another is taken.
async fn used_connection(roster: &Running) -> TcpStream {
    for _ in 0..20 {
        let mut stream = roster.connect().await;
        if is_answered(&mut stream).await {
            return stream;
        }
    }
    panic!("no connection is answered");
}

async fn is_answered(stream: &mut TcpStream) -> bool {
    let mut received = Vec::new();
    let mut goes_on = stream.write_all(HEALTH.as_bytes()).await.is_ok();
    while goes_on && !received.ends_with(b"ok") {
        goes_on = within(stream.read_buf(&mut received)).await.is_ok_and(|count| count > 0);
    }
    goes_on
}

async fn impatient() -> Running {
    let settings = ServerSettings { header_time: SOON, idle_time: SOON, ..ServerSettings::default() };
    Running::start_with(Limits::default(), settings).await
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_headers_is_cut_off() {
    let roster = impatient().await;
    for sent in
        ["", "P", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: x\r\na: b"]
    {
        let answer = until_closed(&mut roster.connect().await, sent).await;
        assert!(!answer.contains(" 200 "), "{sent:?}: {answer}");
    }
}

#[tokio::test]
async fn a_connection_without_further_requests_is_closed() {
    let roster = impatient().await;
    let mut stream = used_connection(&roster).await;
    assert_eq!(until_closed(&mut stream, "").await, "");
}

#[tokio::test]
async fn a_kept_connection_may_rest_but_not_dawdle() {
    let settings = ServerSettings { header_time: SOON, idle_time: Duration::from_mins(1), ..ServerSettings::default() };
    let roster = Running::start_with(Limits::default(), settings).await;
    let mut stream = used_connection(&roster).await;
    // A silent connection is forgotten in the meantime: the time for headers is over.
    until_closed(&mut roster.connect().await, "").await;
    assert!(is_answered(&mut stream).await);
    until_closed(&mut roster.connect().await, "").await;
    let answer = until_closed(&mut stream, "GET /healthz HTTP/1.1\r\nhost: ").await;
    assert_eq!(answer, "");
}

#[tokio::test]
async fn a_request_that_takes_long_is_not_mistaken_for_silence() {
    let roster = impatient().await;
    let asking = tokio::spawn({
        let request = roster.post(&serde_json::json!({ "query": "{ hold }" }));
        async move { request.send().await.unwrap().text().await.unwrap() }
    });
    within(roster.gate.until_entered(1)).await;
    // Another connection is forgotten twice in the meantime: the clock that would cut this one off has run out.
    for _ in 0..2 {
        until_closed(&mut roster.connect().await, "").await;
    }
    roster.gate.open.notify_waiters();
    assert_eq!(within(asking).await.unwrap(), r#"{"data":{"hold":"held"}}"#);
}

#[tokio::test]
async fn two_requests_are_answered_at_the_same_time() {
    let roster = Running::start().await;
    let ask = || roster.ask("{ hold }");
    let open = async {
        within(roster.gate.until_entered(2)).await;
        roster.gate.open.notify_waiters();
    };
    let (first, second, ()) = tokio::join!(ask(), ask(), open);
    assert_eq!((first.status, second.status), (200, 200));
}

#[tokio::test]
async fn above_the_cap_clients_wait_for_a_place() {
    let settings = ServerSettings { connections: 1, ..ServerSettings::default() };
    let roster = Running::start_with(Limits::default(), settings).await;
    let first = roster.connect().await;
    let second = roster.connect().await;
    drop(first);
    let mut second = second;
    let answer = until_closed(&mut second, "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_loses_its_place() {
    let settings = ServerSettings { connections: 1, header_time: SOON, idle_time: SOON, ..ServerSettings::default() };
    let roster = Running::start_with(Limits::default(), settings).await;
    let mut deaf = roster.connect().await;
    deaf.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let answer = until_closed(&mut roster.connect().await, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    drop(deaf);
}

#[tokio::test]
async fn a_graceful_stop_takes_no_new_connection_and_finishes_what_runs() {
    let roster = Running::start().await;
    let asking = tokio::spawn({
        let request = roster.post(&serde_json::json!({ "query": "{ hold }" }));
        async move { request.send().await.unwrap().text().await.unwrap() }
    });
    within(roster.gate.until_entered(1)).await;
    let idle = roster.connect().await;
    roster.shutdown.close();
    within(async { while TcpStream::connect(roster.address).await.is_ok() {} }).await;
    roster.gate.open.notify_waiters();
    assert_eq!(within(asking).await.unwrap(), r#"{"data":{"hold":"held"}}"#);
    assert_eq!(roster.stopped().await, Stopped::Drained);
    drop(idle);
}

#[tokio::test]
async fn a_stop_does_not_wait_forever() {
    let settings = ServerSettings { drain_time: SOON, ..ServerSettings::default() };
    let roster = Running::start_with(Limits::default(), settings).await;
    let asking = tokio::spawn({
        let request = roster.post(&serde_json::json!({ "query": "{ hold }" }));
        async move { request.send().await.is_err() }
    });
    within(roster.gate.until_entered(1)).await;
    roster.shutdown.close();
    assert_eq!(roster.stopped().await, Stopped::Cut { connections: 1 });
    assert!(within(asking).await.unwrap());
}
