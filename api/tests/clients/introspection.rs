//! The switch that keeps the schema to oneself.

use serde_json::json;

use crate::server::Roster;

#[tokio::test]
async fn a_server_that_does_not_tell_its_schema_refuses_with_a_code_and_works_all_the_same() {
    let roster = Roster::start(&["--introspection", "false"]).await;
    let token = roster.open_account().await;
    for query in [
        "{ __schema { types { name } } }",
        "{ viewer { user { id } } here: __type(name: \"User\") { fields { name } } }",
        "{ ...F } fragment F on Query { ... { __schema { queryType { name } } } }",
    ] {
        let answer = roster.ask(Some(&token), query, json!({})).await;
        assert_eq!((answer.status, answer.code()), (200, Some("INTROSPECTION_DISABLED")), "{query}: {answer:?}");
        assert!(answer.body.get("data").is_none(), "{query}");
    }
    let answer = roster.ask(Some(&token), "{ __typename viewer { __typename user { email } } }", json!({})).await;
    assert_eq!((answer.code(), &answer.body["data"]["viewer"]["__typename"]), (None, &json!("Viewer")), "{answer:?}");
    // A mistyped name is not answered with the right one.
    let answer = roster.ask(Some(&token), "{ viewr { user { email } } }", json!({})).await;
    assert_eq!(answer.code(), Some("GRAPHQL_VALIDATION_FAILED"));
    assert!(!answer.body.to_string().contains("viewer"), "{answer:?}");
}
