//! A client that tries too often is told when to try again: in the error, and in the head of the answer.

use serde_json::json;

use crate::person::Answer;
use crate::world::World;

/// The seconds that an answer tells in its head.
fn head(answer: &Answer) -> u64 {
    let [seconds] = answer.header("retry-after")[..] else { panic!("one header was expected: {answer:?}") };
    seconds.parse().expect("a number")
}

#[tokio::test]
async fn too_many_attempts_tell_the_seconds_to_wait_in_the_error_and_in_the_head() {
    let limits = [("ROSTER_ATTEMPTS_PER_USER", "1"), ("ROSTER_ATTEMPTS_PER_ADDRESS", "60")];
    let world = World::start_with(&limits).await;
    let visitor = world.visitor();
    let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code retryAfterSeconds } } }";
    let guess = async |email: &str| {
        let input = json!({ "account": "acme", "email": email, "password": "wrong", "transport": "TOKEN" });
        visitor.ask(sign_in, json!({ "input": input })).await
    };
    let first = guess("eve@acme.example").await;
    assert_eq!(first.body["data"]["signIn"]["userErrors"], json!([{ "code": "INVALID_CREDENTIALS", "retryAfterSeconds": null }]));
    assert!(first.header("retry-after").is_empty(), "{first:?}");
    let mut refused = guess("eve@acme.example").await;
    // A known client has some more.
    for _ in 0..5 {
        refused = guess("eve@acme.example").await;
    }
    let error = &refused.body["data"]["signIn"]["userErrors"][0];
    assert_eq!(error["code"], "TOO_MANY_ATTEMPTS", "{refused:?}");
    let seconds = error["retryAfterSeconds"].as_u64().expect("a number");
    assert!((1..=900).contains(&seconds), "{seconds}");
    assert_eq!(head(&refused), seconds);

    // An error of a query says it in its extensions.
    let preview = loop {
        let answer = visitor.preview("no token").await;
        if answer.code() == Some("TOO_MANY_ATTEMPTS") {
            break answer;
        }
        assert_eq!(answer.code(), Some("INVALID_INVITATION_LINK"), "{answer:?}");
    };
    let seconds = preview.body["errors"][0]["extensions"]["retryAfterSeconds"].as_u64().expect("a number");
    assert!((1..=900).contains(&seconds));
    assert_eq!(head(&preview), seconds);

    // Of several in one document, the head tells the longest.
    let both = "mutation($input: SignInInput!) { a: signIn(input: $input) { userErrors { retryAfterSeconds } } b: signIn(input: $input) { userErrors { retryAfterSeconds } } }";
    let input = json!({ "account": "acme", "email": "eve@acme.example", "password": "wrong", "transport": "TOKEN" });
    let answer = visitor.ask(both, json!({ "input": input })).await;
    let told = ["a", "b"].map(|name| answer.body["data"][name]["userErrors"][0]["retryAfterSeconds"].as_u64());
    assert_eq!(Some(head(&answer)), told.into_iter().flatten().max(), "{answer:?}");
}
