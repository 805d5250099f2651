use std::time::Duration;

use graphql_http::{Limits, ServerSettings};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::running::{Answer, Running, until_closed};

const MEBIBYTE: usize = 1024 * 1024;

fn body_of(bytes: usize) -> String {
    let empty = json!({ "query": "{ hello }", "pad": "" }).to_string();
    json!({ "query": "{ hello }", "pad": "x".repeat(bytes - empty.len()) }).to_string()
}

#[tokio::test]
async fn a_body_may_have_one_mebibyte_and_not_a_byte_more() {
    let roster = Running::start().await;
    for (bytes, status, code) in [(MEBIBYTE, 200, None), (MEBIBYTE + 1, 413, Some("PAYLOAD_TOO_LARGE"))] {
        let request = roster.post(&json!(null)).body(body_of(bytes));
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!((answer.status, answer.code()), (status, code));
    }
    let request = roster.post(&json!(null)).body(body_of(3 * MEBIBYTE));
    assert_eq!(request.send().await.unwrap().status(), 413);
}

#[tokio::test]
async fn a_body_that_says_no_length_is_cut_at_the_same_size() {
    let roster = Running::start().await;
    let mut stream = roster.connect().await;
    let head =
        "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let body = body_of(MEBIBYTE + 1);
    let answer = until_closed(&mut stream, &format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("PAYLOAD_TOO_LARGE"), "{answer}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let limits = Limits { body_time: Duration::from_millis(100), ..Limits::default() };
    let roster = Running::start_with(limits, ServerSettings::default()).await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{";
    let answer = until_closed(&mut roster.connect().await, head).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("REQUEST_TIMEOUT"), "{answer}");
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_ended() {
    let limits = Limits { execution_time: Duration::from_millis(100), ..Limits::default() };
    let roster = Running::start_with(limits, ServerSettings::default()).await;
    let answer = roster.ask("{ hold }").await;
    assert_eq!((answer.status, answer.code()), (504, Some("TIMEOUT")));
    assert!(answer.body.get("data").is_none());
}

#[tokio::test]
async fn an_operation_as_deep_as_it_may_be_does_not_end_the_process() {
    let roster = Running::start().await;
    let levels = Limits::default().nesting - 2;
    let query = format!("{{ echo(text: {}1{}) }}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(roster.ask(&query).await.code(), Some("GRAPHQL_VALIDATION_FAILED"));
}

/// The messages by which limits are told apart are another crate's: this test notices where they change.
#[tokio::test]
async fn an_operation_that_costs_too_much_is_refused_with_one_code() {
    let roster = Running::start().await;
    let deep = format!("{}hello{}", "{ this ".repeat(15) + "{ ", " }".repeat(16));
    let inline = format!("{{ {} hello {} }}", "... { ".repeat(40), "} ".repeat(40));
    let wide = format!("{{ {} }}", "hello ".repeat(301));
    let aliases = format!("{{ {} }}", (0..201).map(|n| format!("a{n}: hello ")).collect::<Vec<_>>().concat());
    let sign_ins = format!("mutation {{ {} }}", (0..11).map(|n| format!("a{n}: signIn ")).collect::<Vec<_>>().concat());
    let brackets = format!("{{ echo(text: {}1{}) }}", "[".repeat(500), "]".repeat(500));
    let doubled = (0..40).map(|n| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }} ", n + 1)).collect::<Vec<_>>().concat();
    let doubled = format!("{{ ...F0 }} fragment F40 on Query {{ hello }} {doubled}");
    let long = format!("{{ hello }} #{}", "x".repeat(70_000));
    for query in [deep, inline, wide, aliases, sign_ins, brackets, doubled, long] {
        let answer = roster.ask_strictly(&query).await;
        assert_eq!((answer.status, answer.code()), (400, Some("QUERY_TOO_COMPLEX")), "{query:.60} {:?}", answer.body);
        assert_eq!(answer.header("set-cookie"), None);
    }
}
