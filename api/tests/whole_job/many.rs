//! Many people invited at once, over HTTP.

use serde_json::{Value, json};

use crate::person::Person;
use crate::world::World;

const INVITE: &str = "mutation($input: InviteUsersInput!) { inviteUsers(input: $input) {
    invited results { index email user { email status } userErrors { code message field } } userErrors { code message field } } }";

fn row(email: &str) -> Value {
    json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] })
}

async fn invite(person: &Person, input: Value) -> Value {
    let mut answer = person.ask(INVITE, json!({ "input": input })).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    answer.body["data"]["inviteUsers"].take()
}

#[tokio::test]
async fn many_are_invited_at_once_and_each_row_is_answered() {
    let world = World::start().await;
    let rows = json!([row("ivo@acme.example"), row("none"), row("IVO@acme.example"), row("Jun@acme.example")]);
    let dry = invite(&world.admin, json!({ "rows": rows, "dryRun": true, "idempotencyKey": "k" })).await;
    assert_eq!((&dry["invited"], &dry["results"][0]["user"], &dry["userErrors"]), (&json!(2), &Value::Null, &json!([])));
    assert_eq!(world.admin.users(json!({})).await["totalCount"], 1);

    let input = json!({ "rows": rows, "idempotencyKey": "k" });
    let done = invite(&world.admin, input.clone()).await;
    let results = done["results"].as_array().expect("a list");
    let codes: Vec<_> = results.iter().map(|result| result["userErrors"][0]["code"].as_str()).collect();
    assert_eq!((codes, &done["invited"]), (vec![None, Some("INVALID_EMAIL"), Some("ALREADY_INVITED"), None], &json!(2)));
    assert_eq!(results[1]["userErrors"][0]["field"], json!(["input", "rows", "1", "email"]));
    assert_eq!((&results[2]["index"], &results[2]["email"]), (&json!(2), &json!("IVO@acme.example")));
    let ivo = json!({ "email": "ivo@acme.example", "status": "PENDING_INVITATION" });
    assert_eq!((&results[0]["user"], &results[2]["user"]), (&ivo, &ivo));
    world.smtp.wait_for("ivo@acme.example", 1).await;
    world.smtp.wait_for("jun@acme.example", 1).await;
    assert_eq!(invite(&world.admin, input).await, done, "a repeated request gets the same answer");
    assert_eq!(world.admin.users(json!({})).await["totalCount"], 3);

    let other_input = invite(&world.admin, json!({ "rows": [row("kim@acme.example")], "idempotencyKey": "k" })).await;
    assert_eq!((&other_input["userErrors"][0]["code"], &other_input["results"]), (&json!("IDEMPOTENCY_KEY_REUSED"), &json!([])));
    let too_many: Vec<_> = (0..1_001).map(|number| row(&format!("u{number}@acme.example"))).collect();
    for (rows, code) in [(json!([]), "NO_ROWS"), (json!(too_many), "TOO_MANY_ROWS")] {
        let refused = invite(&world.admin, json!({ "rows": rows })).await;
        let error = &refused["userErrors"][0];
        assert_eq!((&error["code"], &error["field"], &refused["invited"]), (&json!(code), &json!(["input", "rows"]), &json!(0)));
    }
    assert_eq!(world.visitor().ask(INVITE, json!({ "input": { "rows": [] } })).await.code(), Some("UNAUTHENTICATED"));
}
