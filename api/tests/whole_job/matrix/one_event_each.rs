//! Every success is one event, or as many as the table says and why; every refusal is one refused attempt, or none as the table says.
//!
//! Each event names who did it. A mutation, an export or a page without a row fails. The command line has a table of its own
//! (`command_line/one_event_each.rs`), and so have the pages of providers (`oidc/one_event_each.rs`).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::Matrix;
use super::mutations::commands;
use super::recorder::{Recorder, by, signed_in};
use super::schema::Schema;
use crate::letters::{reset_token_of, token_of};
use crate::person::{Answer, Person};
use crate::refused_attempts::so_many;
use crate::world::{PASSWORD, World};

const OTHER_PASSWORD: &str = "nine quiet harbours at dusk";

/// Every route, and where it is tested what it records. Those that only read record nothing.
const ROUTES: &[(&str, &str)] = &[
    ("/graphql", "the mutations, in this file"),
    ("/history/export", "this file"),
    ("/users/export", "this file"),
    ("/sign-in/{provider}", "oidc/one_event_each.rs"),
    ("/sign-in/callback/{provider}", "oidc/one_event_each.rs"),
    ("/sign-in/choice", "oidc/one_event_each.rs"),
    ("/sign-in/return", "reads"),
    ("/auth", "reads"),
    ("/assets/page.css", "reads"),
    ("/assets/icon.svg", "reads"),
    ("/assets/{*path}", "reads"),
    ("/assets/logos/{digest}", "reads"),
    ("/healthz", "reads"),
    ("/readyz", "reads"),
    ("/graphiql", "reads"),
    ("/graphiql/graphiql.css", "reads"),
    ("/graphiql/graphiql.js", "reads"),
    ("/graphiql/page.css", "reads"),
    ("/mailbox", "reads"),
    ("/mailbox.json", "reads"),
    ("/mailbox/{id}", "reads"),
    ("/mailbox/{id}/html", "reads"),
    ("/mailbox/{id}/raw", "reads"),
    ("/mail-previews", "reads"),
    ("/mail-previews/{name}", "reads"),
    ("/mail-previews/{name}/html", "reads"),
    ("/mail-previews/{name}/raw", "reads"),
    ("/broken", "a unit test's own"),
    ("/endless", "a unit test's own"),
    ("/accept/{token}", "a unit test's own"),
];

pub(super) async fn export(person: &Person, path: &str) -> Answer {
    let request = person.client.get(format!("{}{path}", person.url)).bearer_auth(person.token.as_deref().unwrap_or_default());
    let answer = request.send().await.expect("answers");
    Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body: Value::from(answer.text().await.expect("a body")) }
}

async fn sessions_of(admin: &Person, id: &str) -> Vec<String> {
    let document = "query($id: ID!) { user(id: $id) { sessions { id } } }";
    let answer = admin.ask(document, json!({ "id": id })).await;
    let sessions = answer.body["data"]["user"]["sessions"].as_array().expect("a list");
    sessions.iter().map(|session| session["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn every_success_is_one_event_or_as_many_as_the_table_says_by_anyone_who_did_it() {
    const EVE: &str = "eve@acme.example";
    let world = World::start().await;
    let url = &world.roster.url;
    let mut recorder = Recorder::new(&world);
    let (admin, visitor) = (world.admin.clone(), world.visitor());
    let by_admin = by(&admin.id);
    recorder.recorded("openAccount", &by_admin).await;

    let invite = json!({ "email": EVE, "role": "EDITOR", "authMethods": ["password"] });
    recorder.run(&admin, "inviteUser", invite, &by_admin).await;
    let token = token_of(&world.smtp.wait_for(EVE, 1).await[0], url, "acme");
    let eve = world.admin.users(json!({ "filter": { "search": EVE } })).await["nodes"][0]["id"].as_str().expect("an id").to_owned();
    let accept = json!({ "token": token, "password": PASSWORD, "transport": "TOKEN" });
    recorder.run(&visitor, "acceptInvitation", accept, &by(&eve)).await;

    recorder.sign_in(EVE, PASSWORD, &eve).await;
    let asked = recorder.run(&visitor, "requestPasswordReset", json!({ "account": "acme", "email": EVE }), "").await;
    assert!(asked.is_object());
    let token = reset_token_of(&world.smtp.wait_for(EVE, 2).await[1], url, "acme");
    world.until_mail_is_settled().await;
    let mails = "select metadata ->> 'actor' from events where aggregate_type = 'delivery'";
    let mails: Vec<String> = sqlx::query_scalar(mails).fetch_all(&world.database.pool()).await.expect("answers");
    assert_eq!(mails, ["system", "system"], "each mail is one event");
    let reset = json!({ "token": token, "newPassword": OTHER_PASSWORD, "transport": "TOKEN" });
    recorder.run(&visitor, "resetPassword", reset, &by(&eve)).await;

    let row = |email: &str| json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] });
    let rows = json!({ "rows": [row("ivo@acme.example"), row("ida@acme.example")] });
    let invited = recorder.run(&admin, "inviteUsers", rows, &by_admin).await;
    let ivo = invited["results"][0]["user"]["id"].as_str().expect("an id");
    recorder.run(&admin, "updateUser", json!({ "id": eve, "role": "VIEWER", "name": "Eve" }), &by_admin).await;
    recorder.run(&admin, "resendInvitation", json!({ "id": ivo, "confirmEmail": "ivo@acme.example" }), &by_admin).await;
    // Their mails have arrived; here they count as failed.
    world.until_mail_is_settled().await;
    world.sql("update users set delivery_state = 'failed' where status = 'invited'").await;
    recorder.run(&admin, "resendFailedInvitations", json!({ "expectedCount": 2 }), &by_admin).await;
    recorder.run(&admin, "revealInvitationLink", json!({ "id": ivo }), &by_admin).await;
    let invited: Vec<_> = (0..2).map(|row| invited["results"][row]["user"]["id"].clone()).collect();
    let both = json!({ "ids": invited });
    recorder.run(&admin, "resendInvitations", json!({ "users": both }), &by_admin).await;
    let update = json!({ "users": both, "role": "EDITOR", "authMethods": ["password"] });
    let updated = recorder.run(&admin, "updateUsers", update, &by_admin).await;
    recorder.run(&admin, "undo", json!({ "target": { "operationId": updated["operationId"] } }), &by_admin).await;
    recorder.run(&admin, "deleteUsers", json!({ "users": { "ids": [invited[1]] }, "confirmCount": 1 }), &by_admin).await;
    recorder.run(&admin, "deleteUser", json!({ "id": ivo, "confirmEmail": "ivo@acme.example" }), &by_admin).await;
    recorder.run(&admin, "eraseUser", json!({ "id": ivo, "confirmEmail": "ivo@acme.example" }), &by_admin).await;
    recorder.run(&admin, "deactivateUser", json!({ "id": eve }), &by_admin).await;
    recorder.run(&admin, "activateUser", json!({ "id": eve }), &by_admin).await;
    recorder.run(&admin, "updateAccount", json!({ "name": "Acme Labs" }), &by_admin).await;

    let key = json!({ "name": "CI", "scopes": ["USERS_WRITE"], "expiresInDays": 1 });
    let key = recorder.run(&admin, "createApiKey", key, &by_admin).await;
    let program = Person { token: key["token"].as_str().map(str::to_owned), ..visitor.clone() };
    let key = key["apiKey"]["id"].as_str().expect("an id");
    recorder.run(&program, "inviteUser", row("max@acme.example"), &format!("api_key:{key}")).await;
    recorder.run(&admin, "revokeApiKey", json!({ "id": key }), &by_admin).await;

    let key = json!({ "name": "Sync", "scopes": ["USERS_WRITE"], "expiresInDays": 1 });
    let key = recorder.run(&admin, "createServiceKey", key, &by_admin).await;
    let program = Person { token: key["token"].as_str().map(str::to_owned), ..visitor.clone() };
    let key = key["serviceKey"]["id"].as_str().expect("an id");
    recorder.run(&program, "inviteUser", row("mia@acme.example"), &format!("service_key:{key}")).await;
    recorder.run(&admin, "revokeServiceKey", json!({ "id": key }), &by_admin).await;

    let view = json!({ "name": "Editors", "query": "role=EDITOR", "shared": false });
    let view = recorder.run(&admin, "saveView", view, &by_admin).await["view"]["id"].take();
    recorder.run(&admin, "updateView", json!({ "id": view, "shared": true }), &by_admin).await;
    recorder.run(&admin, "deleteView", json!({ "id": view }), &by_admin).await;

    let first = recorder.sign_in(EVE, OTHER_PASSWORD, &eve).await;
    let session = sessions_of(&admin, &eve).await.pop().expect("one");
    recorder.run(&admin, "endSession", json!({ "id": session }), &by_admin).await;
    assert_eq!(first.viewer().await, None);
    recorder.sign_in(EVE, OTHER_PASSWORD, &eve).await;
    recorder.run(&admin, "endSessions", json!({ "userId": eve }), &by_admin).await;
    let again = recorder.sign_in(EVE, OTHER_PASSWORD, &eve).await;
    assert!(again.sign_out().await.code().is_none());
    recorder.recorded("signOut", &by(&eve)).await;
    let again = recorder.sign_in(EVE, OTHER_PASSWORD, &eve).await;
    recorder.run(&again, "leaveAccount", json!({ "confirmEmail": EVE }), &by(&eve)).await;

    let change = json!({ "currentPassword": PASSWORD, "newPassword": OTHER_PASSWORD, "transport": "TOKEN" });
    let admin = signed_in(&visitor, &recorder.run(&admin, "changePassword", change, &by_admin).await);
    for operation in ["GET /history/export", "GET /users/export"] {
        assert_eq!(export(&admin, &operation[4..]).await.status, 200);
        recorder.recorded(operation, &by_admin).await;
    }

    let schema = Schema::ask(&world).await;
    let expected: BTreeSet<_> = schema.fields("Mutation").into_iter().chain(["GET /history/export", "GET /users/export"]).collect();
    assert_eq!(recorder.done, expected, "an operation needs a row, and a step in this test");
    // They are written in their order: were there one of before, it would be here with this one.
    visitor.sign_in("acme", EVE, "wrong").await.refused();
    let attempts = so_many(&admin, 1, json!({})).await;
    assert_eq!(attempts[0]["code"], "INVALID_CREDENTIALS", "what succeeded has left no refused attempt");
}

#[tokio::test]
async fn every_refusal_is_one_refused_attempt_by_anyone_who_tried_and_no_event() {
    let matrix = Matrix::start().await;
    let (world, visitor) = (&matrix.world, matrix.world.visitor());
    let vic = &matrix.callers.iter().find(|caller| caller.name == "VIEWER").expect("a viewer").person;
    let before = world.everything().await;
    let mut expected: Vec<(&str, &str)> = vec![];

    // Access that is denied: forbidden operations are in `every_change_that_is_forbidden_to_a_member_is_kept_as_a_refused_attempt`.
    for (path, operation) in [("/history/export", "exportHistory"), ("/users/export", "exportUsers")] {
        assert_eq!(export(vic, path).await.status, 403);
        expected.push((operation, "FORBIDDEN"));
    }
    // What is another's is answered like what does not exist, and recorded as what it is.
    let session = sessions_of(&world.admin, &world.admin.id).await.pop().expect("one");
    assert_eq!(refused(vic, "endSession", json!({ "id": session })).await, "NOT_FOUND");
    expected.push(("endSession", "FORBIDDEN"));
    let create = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }";
    let key = world.admin.ask(create, json!({ "input": { "name": "CI", "scopes": ["USERS_READ"] } })).await;
    let key = key.body["data"]["createApiKey"]["apiKey"]["id"].clone();
    assert_eq!(refused(vic, "revokeApiKey", json!({ "id": key })).await, "NOT_FOUND");
    expected.push(("revokeApiKey", "FORBIDDEN"));
    // Who someone is that is not proved.
    let change = json!({ "currentPassword": "wrong", "newPassword": OTHER_PASSWORD, "transport": "TOKEN" });
    assert_eq!(refused(vic, "changePassword", change).await, "WRONG_PASSWORD");
    expected.push(("changePassword", "WRONG_PASSWORD"));
    for email in [vic.email.as_str(), "nobody@acme.example"] {
        visitor.sign_in("acme", email, "wrong").await.refused();
        expected.push(("signIn", "INVALID_CREDENTIALS"));
    }
    let attempts = so_many(&world.admin, expected.len(), json!({})).await;
    let told: Vec<_> = attempts
        .iter()
        .rev()
        .map(|attempt| (attempt["operation"].as_str().expect("a text"), attempt["code"].as_str().expect("a text")))
        .collect();
    assert_eq!(told, expected);
    for attempt in &attempts {
        let is_visitor = attempt["operation"] == "signIn";
        assert_eq!(attempt["actor"]["kind"], if is_visitor { "VISITOR" } else { "USER" }, "{attempt}");
        assert_eq!(attempt["actor"]["user"]["email"] == vic.email.as_str(), !is_visitor, "{attempt}");
    }

    // What a rule refuses of someone who may ask it is told to them, and recorded nowhere: no one tried what they may not. So it is with
    // links that do not work, which name no account, with visitors, and with what is asked of no account.
    for command in commands(&matrix.ivo, &world.admin.id).iter().filter(|command| command.mutation != "signIn") {
        matrix.try_command(matrix.callers.iter().find(|caller| caller.name == "ADMIN").expect("an admin"), command).await;
        matrix.try_command(matrix.callers.iter().find(|caller| caller.name == "no one").expect("the visitor is a caller"), command).await;
    }
    visitor.sign_in("nowhere", &vic.email, "wrong").await.refused();
    visitor.sign_in("acme", &vic.email, "the last one").await.refused();
    so_many(&world.admin, expected.len() + 1, json!({})).await;
    let after = world.everything().await;
    // One event more than before: the key that was made to be revoked.
    assert_eq!(count_events(&after), count_events(&before) + 1);
}

fn count_events(everything: &crate::world::Everything) -> i64 {
    everything.count("events")
}

async fn refused(person: &Person, mutation: &str, input: Value) -> String {
    let name = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!("mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}");
    let answer = person.ask(&document, json!({ "input": input })).await;
    answer.body["data"][mutation]["userErrors"][0]["code"].as_str().unwrap_or_else(|| panic!("{:?}", answer.body)).to_owned()
}

#[test]
fn every_route_has_a_row() {
    let mut routes = BTreeSet::new();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders: Vec<_> = ["api/src", "graphql_http/src", "mail/src"].iter().map(|folder| workspace.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let source = fs::read_to_string(&path).expect("readable");
                routes.extend(
                    source
                        .split(".route(")
                        .skip(1)
                        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
                        .map(str::to_owned),
                );
            }
        }
    }
    let rows: BTreeSet<_> = ROUTES.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(routes, rows, "a route needs a row, and a test of what it records");
}
