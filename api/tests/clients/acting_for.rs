//! A page of the dashboard acts for no one but the person whom it shows: every document of it is refused when someone else is signed in.

use serde_json::{Map, Value, json};
use test_support::TIMEOUT;

use crate::dashboard_documents::{definitions, variables, whole};
use crate::server::{Answer, Roster};
use test_support::{SUBPROTOCOL, SocketClient};

/// Whom the page shows: someone who is not signed in any more.
const ANOTHER: &str = "0193e0a0-0000-7000-8000-000000000000";

/// The variables of a document. What its input holds does not matter: no one looks at it.
fn any_variables(text: &str) -> Value {
    if text.starts_with("mutation") {
        let names = text.split('{').next().unwrap_or_default().split('$').skip(1).filter_map(|part| part.split(':').next());
        return Value::Object(names.map(|name| (name.to_owned(), json!({}))).collect::<Map<_, _>>());
    }
    variables(text)
}

#[tokio::test]
async fn every_document_of_the_dashboard_is_refused_where_someone_else_is_signed_in() {
    let roster = Roster::start(&[]).await;
    let token = roster.open_account().await;
    let definitions = definitions();
    let (mut operations, mut subscriptions) = (0, 0);
    for definition in &definitions {
        let text = whole(&definitions, definition);
        if definition.text.starts_with("fragment") {
            continue;
        }
        if definition.text.starts_with("subscription") {
            subscriptions += 1;
            continue;
        }
        operations += 1;
        let body = json!({ "query": text, "variables": any_variables(&definition.text) }).to_string();
        for shown in [ANOTHER, "nobody"] {
            let request = roster.post().bearer_auth(&token).header("roster-acting-for", shown).body(body.clone());
            let answer = Answer::of(request).await;
            assert_eq!(answer.code(), Some("SESSION_CHANGED"), "{} for {shown}: {:?}", definition.name, answer.body);
            assert_eq!(answer.body["data"], Value::Null, "{}", definition.name);
        }
    }
    assert!(operations >= 40 && subscriptions >= 1, "{operations} operations and {subscriptions} subscriptions were found");
    let viewer = roster.ask(Some(&token), "{ viewer { user { id } } }", json!({})).await;
    assert!(viewer.body["data"]["viewer"].is_object(), "no mutation was run, and who sends no header is not asked: {viewer:?}");

    let mut socket = SocketClient::open(&roster.url, &[SUBPROTOCOL]).await.expect("it opens");
    let payload = json!({ "authorization": format!("Bearer {token}"), "actingFor": ANOTHER });
    socket.say(&json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(socket.closed().await, 4403);

    for path in ["/users/export", "/history/export"] {
        let request = roster.client.get(format!("{}{path}?acting_for={ANOTHER}", roster.url)).timeout(TIMEOUT);
        let answer = Answer::of(request.bearer_auth(&token)).await;
        assert_eq!((answer.status, answer.code()), (409, Some("SESSION_CHANGED")), "{path}: {answer:?}");
    }
}
