use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::{Value, json};

use crate::running::{Answer, Running};

#[tokio::test]
async fn an_operation_is_run_over_post_and_a_query_also_over_get() {
    let roster = Running::start().await;
    let expected = json!({ "data": { "hello": "world" } });
    assert_eq!(roster.ask("{ hello }").await.body, expected);
    let response = roster.client.get(roster.url("/graphql?query=%7Bhello%7D")).send().await.unwrap();
    let answer = Answer::of(response).await;
    assert_eq!((answer.status, &answer.body), (200, &expected));
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
}

#[tokio::test]
async fn over_get_nothing_is_run_but_a_query() {
    let roster = Running::start().await;
    for (query, name) in [
        ("mutation { signIn }", ""),
        ("mutation Named { signIn }", ""),
        ("query A { hello } mutation B { signIn }", "B"),
        ("subscription { tick }", ""),
        ("mutation { nothingLikeThis }", ""),
    ] {
        let mut parameters = vec![("query", query)];
        parameters.extend((!name.is_empty()).then_some(("operationName", name)));
        let url = reqwest::Url::parse_with_params(&roster.url("/graphql"), parameters).unwrap();
        let answer = Answer::of(roster.client.get(url).send().await.unwrap()).await;
        assert_eq!((answer.status, answer.header("allow"), answer.code()), (405, Some("POST"), Some("METHOD_NOT_ALLOWED")), "{query}");
        assert_eq!(answer.header("set-cookie"), None, "{query}");
    }
}

/// As Apollo Client and urql send them: a hash first, and the query where the answer says so.
#[tokio::test]
async fn a_hash_without_its_query_is_answered_so_that_clients_send_the_query() {
    let roster = Running::start().await;
    let extensions =
        json!({ "persistedQuery": { "version": 1, "sha256Hash": "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38" } });
    let url = |query: &str| {
        let parameters = [("extensions", extensions.to_string()), ("variables", "{}".to_owned()), ("query", query.to_owned())];
        let given = parameters.iter().filter(|(_, text)| !text.is_empty());
        reqwest::Url::parse_with_params(&roster.url("/graphql"), given).unwrap()
    };
    for (accept, status) in [("application/json", 200), ("application/graphql-response+json", 400)] {
        let hash_only = json!({ "extensions": extensions, "variables": {} });
        for request in [roster.post(&hash_only), roster.client.get(url(""))] {
            let answer = Answer::of(request.header("accept", accept).send().await.unwrap()).await;
            let error = json!({ "message": "PersistedQueryNotSupported", "extensions": { "code": "PERSISTED_QUERY_NOT_SUPPORTED" } });
            assert_eq!((answer.status, &answer.body), (status, &json!({ "errors": [error] })), "{accept}");
        }
        // The hash beside a query is not looked at, right or wrong.
        for request in [roster.post(&json!({ "query": "{ hello }", "extensions": extensions })), roster.client.get(url("{ hello }"))] {
            let answer = Answer::of(request.header("accept", accept).send().await.unwrap()).await;
            assert_eq!((answer.status, &answer.body["data"]["hello"]), (200, &json!("world")), "{accept}");
        }
    }
}

#[tokio::test]
async fn other_methods_are_refused() {
    let roster = Running::start().await;
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let answer = Answer::of(roster.client.request(method.clone(), roster.url("/graphql")).send().await.unwrap()).await;
        assert_eq!(
            (answer.status, answer.header("allow"), answer.code()),
            (405, Some("GET, POST"), Some("METHOD_NOT_ALLOWED")),
            "{method}"
        );
    }
}

#[tokio::test]
async fn what_is_no_json_or_wants_no_json_is_refused() {
    let roster = Running::start().await;
    let mutation = json!({ "query": "mutation { signIn }" });
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql"] {
        let request = roster.client.post(roster.url("/graphql")).header("content-type", content_type).body(mutation.to_string());
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!((answer.status, answer.code()), (415, Some("UNSUPPORTED_MEDIA_TYPE")), "{content_type}");
        assert_eq!(answer.header("set-cookie"), None, "{content_type}");
    }
    let answer = Answer::of(roster.post(&mutation).header("accept", "text/html").send().await.unwrap()).await;
    assert_eq!((answer.status, answer.code(), answer.header("set-cookie")), (406, Some("NOT_ACCEPTABLE"), None));
}

#[tokio::test]
async fn a_body_that_is_no_request_is_answered_with_400_in_either_form() {
    let roster = Running::start().await;
    for accept in ["application/json", "application/graphql-response+json"] {
        for body in ["", "{", "[]", r#"[{"query":"{hello}"}]"#, "1", "{}", r#"{"query":"{hello}","variables":[]}"#] {
            let request = roster.post(&Value::Null).header("accept", accept).body(body);
            let answer = Answer::of(request.send().await.unwrap()).await;
            assert_eq!((answer.status, answer.code()), (400, Some("BAD_REQUEST")), "{accept} {body}");
            assert!(answer.header("content-type").unwrap().starts_with(accept));
            assert!(answer.body.get("data").is_none());
        }
    }
}

#[tokio::test]
async fn an_operation_that_cannot_be_run_has_a_code_and_no_data() {
    let roster = Running::start().await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{ echo(text: 1e999) }", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello { a } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Even!) { half(of: $n) }", "BAD_USER_INPUT"),
        ("query A { hello } query B { hello }", "OPERATION_RESOLUTION_FAILURE"),
        ("subscription { tick }", "BAD_REQUEST"),
        (r#"{ echo(text: "\u0000") }"#, "BAD_USER_INPUT"),
    ] {
        let (lenient, strict) = (roster.ask(query).await, roster.ask_strictly(query).await);
        assert_eq!((lenient.status, lenient.code()), (200, Some(code)), "{query}: {lenient:?}");
        assert_eq!((strict.status, strict.code()), (400, Some(code)), "{query}: {strict:?}");
        assert!(lenient.body.get("data").is_none() && strict.body.get("data").is_none(), "{query}");
    }
}

#[tokio::test]
async fn a_syntax_error_says_where_it_is() {
    let roster = Running::start().await;
    assert_eq!(roster.ask("{\n  hello(\n}").await.body["errors"][0]["locations"][0]["line"], 3);
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_the_callers_fault() {
    let roster = Running::start().await;
    assert_eq!(roster.ask("{ half(of: 4) }").await.body, json!({ "data": { "half": 2 } }));
    assert_eq!(roster.ask("{ half(of: 3) }").await.code(), Some("BAD_USER_INPUT"));
    let wrong = json!({ "query": "query($text: String!) { echo(text: $text) }", "variables": { "text": 1 } });
    let answer = Answer::of(roster.post(&wrong).send().await.unwrap()).await;
    assert_eq!((answer.code(), answer.body.get("data")), (Some("GRAPHQL_VALIDATION_FAILED"), None), "{answer:?}");
}

#[tokio::test]
async fn what_resolvers_say_in_headers_goes_out() {
    let roster = Running::start().await;
    let answer = roster.ask("mutation { signIn }").await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["__Host-roster=abc; Secure; HttpOnly; Path=/", "hint=1"]);
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
}

#[tokio::test]
async fn resolvers_know_who_asks() {
    let roster = Running::start().await;
    let request = roster.post(&json!({ "query": "{ caller }" })).header("authorization", "ada");
    assert_eq!(Answer::of(request.send().await.unwrap()).await.body, json!({ "data": { "caller": "ada" } }));
}

#[tokio::test]
async fn a_fault_shows_a_request_id_and_nothing_else() {
    let roster = Running::start().await;
    let answer = roster.ask_strictly("{ hello fails }").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["data"], json!({ "hello": "world", "fails": null }));
    assert_eq!((answer.code(), &answer.body["errors"][0]["path"]), (Some("INTERNAL"), &json!(["fails"])));
    assert_eq!(answer.body["errors"][0]["extensions"]["requestId"].as_str(), answer.header("x-request-id"));
    assert!(!answer.body.to_string().contains("10.0.0.1"));
}

#[tokio::test]
async fn a_panic_is_answered_and_shows_nothing() {
    let roster = Running::start().await;
    for answer in [roster.ask("{ hello panics }").await, roster.ask_strictly("{ panics }").await] {
        assert_eq!((answer.status, answer.code()), (500, Some("INTERNAL")));
        assert_eq!(answer.body["errors"][0]["extensions"]["requestId"].as_str(), answer.header("x-request-id"));
        assert!(answer.body.get("data").is_none() && !answer.body.to_string().contains("no one may see this"));
    }
    assert_eq!(roster.ask("{ hello }").await.status, 200);
}

#[tokio::test]
async fn a_large_answer_is_compressed_for_clients_that_accept_it() {
    let roster = Running::start().await;
    let text = "x".repeat(2_000);
    let (large, small) = (format!(r#"{{ echo(text: "{text}") }}"#), "{ hello }".to_owned());
    for (query, accepted, encoding) in
        [(&large, "gzip, deflate, br", Some("gzip")), (&large, "br", None), (&large, "gzip;q=0", None), (&small, "gzip", None)]
    {
        let request = roster.post(&json!({ "query": query })).header("accept-encoding", accepted);
        let response = request.send().await.unwrap();
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("content-encoding").as_deref(), encoding, "{accepted}");
        if encoding.is_some() {
            assert_eq!((header("content-length"), header("vary").as_deref()), (None, Some("accept-encoding")));
            let body = response.bytes().await.unwrap();
            assert!(body.len() < 200, "{}", body.len());
            let answer: Value = serde_json::from_reader(GzDecoder::new(&body[..])).unwrap();
            assert_eq!(answer, json!({ "data": { "echo": text } }));
        }
    }
}
