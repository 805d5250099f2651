//! Subscriptions over sockets: what is closed with which code, and what else a client may not do.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use graphql_http::{Limits, ServerSettings, SocketLimits, Stopped};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::running::{Running, within};
use test_support::{SUBPROTOCOL, SocketClient};

const SOON: Duration = Duration::from_millis(150);

fn init() -> Value {
    json!({ "type": "connection_init" })
}

fn subscribe(id: &str, query: &str) -> Value {
    json!({ "type": "subscribe", "id": id, "payload": { "query": query } })
}

async fn running_with(socket_limits: SocketLimits) -> Running {
    Running::start_with_sockets(Limits::default(), ServerSettings::default(), socket_limits).await
}

async fn enter(roster: &Running) -> SocketClient {
    SocketClient::enter(&roster.url(""), None).await
}

#[tokio::test]
async fn a_hash_without_its_query_is_answered_and_the_socket_goes_on() {
    let roster = running_with(SocketLimits::default()).await;
    let mut client = enter(&roster).await;
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": "x" } });
    client.say(&json!({ "type": "subscribe", "id": "1", "payload": { "extensions": extensions } })).await;
    let answer = client.hear().await;
    assert_eq!((&answer["type"], &answer["id"]), (&json!("error"), &json!("1")), "{answer}");
    assert_eq!(answer["payload"][0]["message"], "PersistedQueryNotSupported");
    assert_eq!(answer["payload"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_SUPPORTED");
    let payload = json!({ "query": "subscription { tick }", "operationName": "", "extensions": extensions });
    client.say(&json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
    assert_eq!(client.hear().await["payload"]["data"], json!({ "tick": 1 }), "an empty name is not one");
}

#[tokio::test]
async fn every_breach_of_the_subprotocol_has_its_close_code() {
    let roster = running_with(SocketLimits { init_time: Duration::from_secs(5), ..SocketLimits::default() }).await;
    let text = |value: Value| Message::text(value.to_string());
    let waits = || text(subscribe("1", "subscription { waits }"));
    let large = text(subscribe("1", &format!("subscription {{ tick }} #{}", "x".repeat(64 * 1024))));
    let cases = [
        (vec![Message::text("hello")], 4400),
        (vec![text(json!({ "type": "start", "id": "1" }))], 4400),
        (vec![Message::binary(init().to_string().into_bytes())], 4400),
        (vec![text(init()), text(json!({ "type": "subscribe", "id": "1", "payload": { "query": 1 } }))], 4400),
        (vec![text(init()), text(json!({ "type": "subscribe", "id": "", "payload": { "query": "{ a }" } }))], 4400),
        (vec![text(init()), Message::text("[".repeat(20_000))], 4400),
        (vec![waits()], 4401),
        (vec![text(json!({ "type": "connection_init", "payload": { "authorization": "Bearer stale" } }))], 4403),
        (vec![text(json!({ "type": "connection_init", "payload": { "authorization": "a\nb" } }))], 4403),
        (vec![text(init()), waits(), waits()], 4409),
        (vec![text(init()), text(init())], 4429),
        (vec![text(init()), large], 1009),
        (vec![Message::Close(None)], 1000),
    ];
    for (said, code) in cases {
        let mut client = SocketClient::open(&roster.url(""), &[SUBPROTOCOL]).await.unwrap();
        for message in &said {
            client.send(message.clone()).await;
        }
        let closed = client.closed().await;
        assert!(closed == code || (code == 1000 && closed == 1005), "{closed} instead of {code} after {said:.200?}");
    }
    let mut other = SocketClient::open(&roster.url(""), &[]).await.unwrap();
    assert_eq!(other.closed().await, 4406);
}

#[tokio::test]
async fn a_client_that_does_not_introduce_itself_is_closed() {
    let roster = running_with(SocketLimits { init_time: SOON, ..SocketLimits::default() }).await;
    let mut client = SocketClient::open(&roster.url(""), &[SUBPROTOCOL]).await.unwrap();
    assert_eq!(client.closed().await, 4408);
}

#[tokio::test]
async fn a_page_of_another_origin_opens_no_socket() {
    let roster = Running::start().await;
    for (headers, refused) in [
        (&[][..], None),
        (&[("origin", "https://roster.example")], None),
        (&[("origin", "https://roster.example"), ("sec-fetch-site", "same-site")], None),
        (&[("origin", "https://evil.example")], Some(403)),
        (&[("origin", "http://roster.example")], Some(403)),
        (&[("origin", "null")], Some(403)),
        (&[("sec-fetch-site", "cross-site")], Some(403)),
        (&[("origin", "https://roster.example"), ("origin", "https://evil.example")], Some(403)),
    ] {
        let headers: Vec<_> = headers.iter().copied().chain([SUBPROTOCOL]).collect();
        assert_eq!(SocketClient::open(&roster.url(""), &headers).await.err(), refused, "{headers:?}");
    }
}

#[tokio::test]
async fn what_is_no_subscription_or_costs_too_much_is_refused_and_the_socket_lives_on() {
    let roster = Running::start().await;
    let mut client = enter(&roster).await;
    let deep = format!("subscription {{ thing {}}}", "{ this ".repeat(20) + "{ hello }" + &"} ".repeat(20));
    let aliases = format!("subscription {{ {} }}", (0..201).map(|n| format!("a{n}: tick ")).collect::<Vec<_>>().concat());
    for (query, code) in [
        ("mutation { signIn }", "BAD_REQUEST"),
        ("{ hello }", "BAD_REQUEST"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($n: Int!) { tick }", "BAD_USER_INPUT"),
        (&deep, "QUERY_TOO_COMPLEX"),
        (&aliases, "QUERY_TOO_COMPLEX"),
        ("subscription { fails }", "INTERNAL"),
        ("subscription { panics }", "INTERNAL"),
    ] {
        client.say(&subscribe("1", query)).await;
        let answer = client.hear().await;
        assert_eq!((&answer["type"], &answer["id"]), (&json!("error"), &json!("1")), "{query:.80} {answer}");
        assert_eq!(answer["payload"][0]["extensions"]["code"], code, "{query:.80} {answer}");
        assert!(!answer.to_string().contains("10.0.0.1"), "{answer}");
    }
    assert_eq!(roster.gate.signed_in.load(Relaxed), 0);
    client.say(&subscribe("1", "subscription { tick }")).await;
    assert_eq!(client.hear().await, json!({ "type": "next", "id": "1", "payload": { "data": { "tick": 1 } } }));
    assert_eq!(client.hear().await, json!({ "type": "complete", "id": "1" }));
    client.say(&json!({ "type": "ping", "payload": { "a": 1 } })).await;
    assert_eq!(client.hear().await, json!({ "type": "pong", "payload": { "a": 1 } }));
}

#[tokio::test]
async fn a_socket_runs_so_many_subscriptions_and_a_completed_one_makes_room() {
    let roster = running_with(SocketLimits { subscriptions: 2, ..SocketLimits::default() }).await;
    let mut client = enter(&roster).await;
    for id in ["1", "2", "3"] {
        client.say(&subscribe(id, "subscription { waits }")).await;
    }
    let answer = client.hear().await;
    assert_eq!((&answer["id"], &answer["payload"][0]["extensions"]["code"]), (&json!("3"), &json!("TOO_MANY_SUBSCRIPTIONS")));
    client.say(&json!({ "type": "complete", "id": "2" })).await;
    client.say(&subscribe("2", "subscription { tick }")).await;
    assert_eq!(client.hear().await["payload"]["data"]["tick"], 1);
}

#[tokio::test]
async fn above_the_cap_no_socket_opens_and_a_closed_one_makes_room() {
    let roster = running_with(SocketLimits { sockets: 1, ..SocketLimits::default() }).await;
    let mut first = enter(&roster).await;
    assert_eq!(SocketClient::open(&roster.url(""), &[SUBPROTOCOL]).await.err(), Some(503));
    first.send(Message::Close(None)).await;
    first.closed().await;
    within(async { while SocketClient::open(&roster.url(""), &[SUBPROTOCOL]).await.is_err() {} }).await;
}

#[tokio::test]
async fn a_client_that_gives_no_sign_of_life_is_closed_and_one_that_answers_pings_is_not() {
    // There are forty pings before a socket counts as dead, so that a slow machine answers one of them in time.
    let limits = SocketLimits { ping_interval: SOON, silence: SOON * 40, ..SocketLimits::default() };
    let roster = running_with(limits).await;
    let mut listening = enter(&roster).await;
    // This one does not read, and so answers no ping.
    let mut deaf = enter(&roster).await;
    listening.subscribe("1", "subscription { waits }", json!({})).await;
    let silence = tokio::time::sleep(SOON * 60);
    tokio::select! {
        said = listening.hear() => panic!("it is still open, and nothing is said: {said:?}"),
        () = silence => {}
    }
    // The close is lost where the connection has ended before it is read.
    let code = deaf.closed().await;
    assert!(matches!(code, 1006 | 1008), "{code}");
    listening.say(&json!({ "type": "ping" })).await;
    assert_eq!(listening.hear().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn a_guest_who_may_not_stay_is_closed() {
    let roster = running_with(SocketLimits { check_interval: SOON, ..SocketLimits::default() }).await;
    let mut client = enter(&roster).await;
    client.say(&subscribe("1", "subscription { waits }")).await;
    roster.gate.is_closed.store(true, Relaxed);
    assert_eq!(client.closed().await, 4403);
}

#[tokio::test]
async fn a_stop_closes_every_socket_and_does_not_wait_for_them() {
    let roster = Running::start().await;
    let mut clients = vec![enter(&roster).await, enter(&roster).await];
    clients[0].say(&subscribe("1", "subscription { waits }")).await;
    roster.shutdown.close();
    for client in &mut clients {
        assert_eq!(client.closed().await, 1001);
    }
    drop(clients);
    let sockets = roster.sockets.clone();
    assert_eq!(roster.stopped().await, Stopped::Drained);
    sockets.close();
    within(sockets.wait()).await;
}

#[tokio::test]
async fn an_upgrade_that_is_none_is_refused_and_other_requests_are_answered_as_ever() {
    let roster = Running::start().await;
    let request = roster.client.get(roster.url("/graphql")).header("upgrade", "websocket").header("connection", "upgrade");
    assert!(request.send().await.unwrap().status().is_client_error());
    assert_eq!(roster.ask("{ hello }").await.body, json!({ "data": { "hello": "world" } }));
}
