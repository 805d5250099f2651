use reqwest::Method;
use serde_json::json;

use crate::running::{Answer, Running, SESSION_COOKIE};

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
async fn a_proxys_request_id_is_kept() {
    let roster = Running::start().await;
    for (sent, is_kept) in [("from-proxy_1", true), ("not a token", false)] {
        let response = roster.client.get(roster.url("/healthz")).header("x-request-id", sent).send().await.unwrap();
        assert_eq!(response.headers()["x-request-id"] == sent, is_kept, "{sent}");
    }
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
