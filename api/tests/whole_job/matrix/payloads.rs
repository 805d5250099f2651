//! What mutations answer to a key that may not see users: ids, and nothing of a person.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::callers::key;
use super::mutations::commands;
use super::schema::Schema;
use crate::person::Person;
use crate::world::World;

/// The scopes of a key that may do everything but see users.
const WITHOUT_SIGHT: [&str; 4] = ["USERS_WRITE", "ADMINS_WRITE", "LINKS_READ", "AUDIT_READ"];

/// Runs a mutation, asks for all that its payload leads to, and looks at every user in it.
async fn users_in_payload(schema: &Schema, program: &Person, mutation: &str, input: Value) -> (Value, Vec<Value>) {
    let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let payload = format!("{kind}Payload");
    let document = format!("mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {} }} }}", schema.whole(&payload, 1));
    let mut answer = program.ask(&document, json!({ "input": input })).await;
    assert_eq!(answer.code(), None, "{mutation}: {:?}", answer.body);
    let answer = answer.body["data"][mutation].take();
    let mut users = vec![];
    collect_users(schema, &payload, &answer, &mut users);
    (answer, users)
}

fn collect_users(schema: &Schema, kind: &str, value: &Value, users: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_users(schema, kind, item, users)),
        Value::Object(fields) => {
            for name in schema.leading_to(kind, "User") {
                users.push(fields[name].clone());
            }
            for (name, inner) in fields.iter().filter(|(_, inner)| inner.is_object() || inner.is_array()) {
                if let Some(kind) = schema.object(kind, name) {
                    collect_users(schema, kind, inner, users);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn no_payload_shows_a_person_to_a_key_that_may_not_see_users() {
    // As many as the steps before the last ones send.
    let world = World::start_with(&[("ROSTER_INVITATIONS_PER_DAY", "5")]).await;
    let schema = Schema::ask(&world).await;
    let blind = key(&world.admin, &WITHOUT_SIGHT).await;
    let hid = world.member("hid@acme.example", "EDITOR").await;
    world.admin.run("updateUser", json!({ "id": hid.id, "name": "Hidden Person" })).await.done();
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    let row = |email: &str| json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] });
    let steps = vec![
        ("inviteUser", row("new@acme.example")),
        ("inviteUser", row("hid@acme.example")),
        ("inviteUser", row("ivo@acme.example")),
        ("inviteUsers", json!({ "rows": [row("hid@acme.example"), row("ivo@acme.example"), row("newer@acme.example")] })),
        // Nothing that changes, and what does.
        ("updateUser", json!({ "id": hid.id })),
        ("updateUser", json!({ "id": world.admin.id })),
        ("updateUser", json!({ "id": hid.id, "role": "VIEWER" })),
        ("resendInvitation", json!({ "id": ivo, "confirmEmail": "ivo@acme.example" })),
        ("resendFailedInvitations", json!({ "expectedCount": 1 })),
        ("revealInvitationLink", json!({ "id": ivo })),
        ("updateUsers", json!({ "users": { "ids": [hid.id, ivo] }, "role": "EDITOR" })),
        ("resendInvitations", json!({ "users": { "ids": [ivo, hid.id] }, "dryRun": true })),
        ("deleteUsers", json!({ "users": { "ids": [ivo, hid.id] }, "confirmCount": 2, "dryRun": true })),
        ("undo", json!({ "target": { "eventId": format!("{}:1", hid.id) }, "dryRun": true })),
        ("deactivateUser", json!({ "id": hid.id })),
        ("activateUser", json!({ "id": hid.id })),
        ("deleteUser", json!({ "id": hid.id, "confirmEmail": "hid@acme.example" })),
    ];
    let reachable: BTreeSet<_> = commands("", "")
        .iter()
        .filter(|command| command.needs.is_some_and(|(right, _)| !right.scopes.is_empty()))
        .map(|command| command.mutation)
        .collect();
    let tried: BTreeSet<_> = steps.iter().map(|(mutation, _)| *mutation).collect();
    assert_eq!(tried, reachable, "every mutation that a key may do needs a step in this test");
    for (mutation, input) in steps {
        if mutation == "resendFailedInvitations" {
            // A mail under way would be recorded as sent after this.
            world.until_mail_is_settled().await;
            world.sql("update users set delivery_state = 'failed' where email = 'ivo@acme.example'").await;
        }
        let (answer, users) = users_in_payload(&schema, &blind, mutation, input).await;
        assert!(!users.is_empty() && users.iter().all(Value::is_null), "{mutation} shows a user: {answer}");
        let text = answer.to_string();
        assert!(!text.contains("Hidden") && text.contains("\"userId\":\""), "{mutation} tells the id alone: {answer}");
    }
    let seeing = key(&world.admin, &["USERS_READ", "USERS_WRITE"]).await;
    let answer = seeing.run("updateUser", json!({ "id": ivo })).await;
    assert_eq!(answer.user()["email"], "ivo@acme.example", "a key that may see users does");
}
