use reqwest::Method;
use serde_json::json;

use crate::running::{Answer, Running, SESSION_COOKIE, until_closed};

#[tokio::test]
async fn every_answer_carries_the_headers_of_security() {
    let roster = Running::start().await;
    for path in ["/page/s3cret", "/graphql?query=%7Bhello%7D", "/healthz", "/nothing", "/panics"] {
        let answer = Answer::of(roster.client.get(roster.url(path)).send().await.unwrap()).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("cache-control", "no-store"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none'; style-src 'self'"), "{path}");
        assert_eq!(answer.header("x-request-id").map(str::len), Some(36), "{path}");
    }
}

#[tokio::test]
async fn a_stylesheet_may_be_kept() {
    let roster = Running::start().await;
    let answer = Answer::of(roster.client.get(roster.url("/assets/page.css")).send().await.unwrap()).await;
    assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
    assert_eq!(answer.header("content-type"), Some("text/css; charset=utf-8"));
}

#[tokio::test]
async fn a_panic_outside_graphql_is_answered_too() {
    let roster = Running::start().await;
    let answer = Answer::of(roster.client.get(roster.url("/panics")).send().await.unwrap()).await;
    assert_eq!((answer.status, answer.body), (500, json!("Something went wrong on our side")));
}

#[tokio::test]
async fn the_request_id_of_a_proxy_of_ours_is_kept_and_that_of_a_stranger_is_not() {
    for (proxies, sent, is_kept) in [
        ("127.0.0.1", "from-proxy_1", true),
        ("127.0.0.1", "not a token", false),
        ("10.0.0.0/8", "from-proxy_1", false),
        ("", "from-proxy_1", false),
    ] {
        let roster = Running::start_behind(proxies).await;
        for request in [roster.client.get(roster.url("/healthz")), roster.post(&json!({ "query": "{ hello }" }))] {
            let response = request.header("x-request-id", sent).send().await.unwrap();
            let answered = response.headers()["x-request-id"].to_str().unwrap();
            assert_eq!(answered == sent, is_kept, "{proxies:?} {sent}");
            assert!(is_kept || answered.len() == 36, "{answered}");
        }
    }
}

#[tokio::test]
async fn a_request_without_one_host_is_refused_on_every_route() {
    let roster = Running::start().await;
    let socket = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                  sec-websocket-protocol: graphql-transport-ws\r\n";
    for (line, headers) in [
        ("GET /healthz HTTP/1.1", ""),
        ("GET /none HTTP/1.1", ""),
        ("GET /assets/page.css HTTP/1.1", ""),
        ("GET /graphql?query=%7Bhello%7D HTTP/1.1", ""),
        ("GET /graphql HTTP/1.1", socket),
    ] {
        for hosts in ["", "host: a\r\nhost: a\r\n", "host: a\r\nhost: b\r\n", "host: \r\n", "host: a b\r\n"] {
            let request = format!("{line}\r\n{hosts}{headers}\r\n");
            // The connection stays open: it is closed by what is no request any more.
            let answer = until_closed(&mut roster.connect().await, &format!("{request}\0\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("BAD_REQUEST"), "{request}: {answer}");
            assert!(answer.contains("x-request-id: ") && answer.contains("x-content-type-options: nosniff"), "{request}: {answer}");
        }
    }
    let without = until_closed(&mut roster.connect().await, "GET /healthz HTTP/1.0\r\n\r\n").await;
    assert!(without.starts_with("HTTP/1.0 200 "), "{without}");
    let one = until_closed(&mut roster.connect().await, &format!("GET /graphql HTTP/1.1\r\nhost: a\r\n{socket}\r\n\0")).await;
    assert!(one.starts_with("HTTP/1.1 101 "), "{one}");
}

#[tokio::test]
async fn a_foreign_page_can_use_neither_our_cookie_nor_our_forms() {
    let roster = Running::start().await;
    let cookie = format!("{SESSION_COOKIE}=abc");
    let (own, foreign) = ("https://roster.example", "https://evil.example");
    for (method, content_type, cookie, origin, is_refused) in [
        (Method::POST, "application/x-www-form-urlencoded", "", foreign, true),
        (Method::POST, "application/x-www-form-urlencoded", "", own, false),
        (Method::POST, "application/x-www-form-urlencoded", "", "", false),
        (Method::POST, "application/json", cookie.as_str(), foreign, true),
        (Method::POST, "application/json", cookie.as_str(), own, false),
        (Method::POST, "application/json", cookie.as_str(), "", false),
        (Method::POST, "application/json", "", foreign, false),
        (Method::POST, "application/json", "other=1", foreign, false),
        (Method::GET, "application/json", cookie.as_str(), foreign, false),
    ] {
        let mut request = roster.client.request(method.clone(), roster.url("/page/x")).header("content-type", content_type);
        for (name, value) in [("cookie", cookie), ("origin", origin)] {
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status == 403, is_refused, "{method} {content_type} {cookie} {origin}: {answer:?}");
    }
}

#[tokio::test]
async fn handlers_know_the_peer() {
    let roster = Running::start().await;
    assert_eq!(roster.client.get(roster.url("/peer")).send().await.unwrap().text().await.unwrap(), "127.0.0.1");
}
