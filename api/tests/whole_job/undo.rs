//! Many users are changed at once, found in the audit log by the operation, and the operation is undone.

use serde_json::{Value, json};

use crate::person::Person;
use crate::world::World;

const UPDATE: &str = "mutation($input: UpdateUsersInput!) { updateUsers(input: $input) { changed unchanged refused operationId
    results { index userId outcome user { role } userErrors { code message field } }
    userErrors { code message field expectedCount currentCount } } }";

const UNDO: &str = "mutation($input: UndoInput!) { undo(input: $input) { changed unchanged refused operationId
    results { userId outcome user { role } userErrors { code } } userErrors { code field } } }";

const LOG: &str = "query($filter: EventFilter) { auditLog(filter: $filter, direction: ASC) { totalCount nodes {
    id type summary operationId undoesOperationId undoesEventId canUndo { allowed code } } } }";

async fn run(person: &Person, document: &str, name: &str, input: Value) -> Value {
    let mut answer = person.ask(document, json!({ "input": input })).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    answer.body["data"][name].take()
}

async fn log(world: &World, operation: &Value) -> Vec<Value> {
    world.until_events_are_shown().await;
    let mut answer = world.admin.ask(LOG, json!({ "filter": { "operationId": operation } })).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    let nodes = answer.body["data"]["auditLog"]["nodes"].as_array_mut().expect("a list").drain(..).collect::<Vec<_>>();
    assert_eq!(answer.body["data"]["auditLog"]["totalCount"], nodes.len());
    nodes
}

#[tokio::test]
async fn what_was_done_to_many_is_one_operation_that_can_be_undone_and_done_again() {
    let world = World::start().await;
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    let ida = world.invite("ida@acme.example", "EDITOR").await;
    let users = json!({ "matching": { "filter": { "status": ["PENDING_INVITATION"] }, "expectedCount": 3 } });
    let refused = run(&world.admin, UPDATE, "updateUsers", json!({ "users": users, "role": "EDITOR" })).await;
    let error = &refused["userErrors"][0];
    assert_eq!((&error["code"], &error["expectedCount"], &error["currentCount"]), (&json!("COUNT_CHANGED"), &json!(3), &json!(2)));
    assert_eq!(error["field"], json!(["input", "users", "matching", "expectedCount"]));
    assert_eq!(error["message"], "there are 2 now, not 3: look again");

    let users = json!({ "ids": [ivo, ida, "no id", world.admin.id] });
    let input = json!({ "users": users, "role": "EDITOR", "active": false });
    let update = run(&world.admin, UPDATE, "updateUsers", input).await;
    let outcome = |row: usize| (update["results"][row]["outcome"].clone(), update["results"][row]["userErrors"][0]["code"].clone());
    assert_eq!(outcome(0), (json!("REFUSED"), json!("INVITATION_PENDING")));
    assert_eq!(outcome(2), (json!("REFUSED"), json!("NOT_FOUND")));
    assert_eq!(update["results"][2]["userErrors"][0]["field"], json!(["input", "users", "ids", "2"]));
    assert_eq!(outcome(3), (json!("REFUSED"), json!("CANNOT_DEACTIVATE_SELF")));

    let input = json!({ "users": { "ids": [ivo, ida] }, "role": "EDITOR" });
    let dry = run(&world.admin, UPDATE, "updateUsers", json!({ "users": { "ids": [ivo, ida] }, "role": "EDITOR", "dryRun": true })).await;
    assert_eq!((&dry["changed"], &dry["unchanged"], &dry["operationId"]), (&json!(1), &json!(1), &Value::Null));
    assert_eq!(dry["results"][0]["user"]["role"], "VIEWER");
    let update = run(&world.admin, UPDATE, "updateUsers", input).await;
    assert_eq!((&update["changed"], &update["unchanged"], &update["refused"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!(update["results"][0]["user"]["role"], "EDITOR");

    let events = log(&world, &update["operationId"]).await;
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0]["type"], &events[0]["canUndo"]["allowed"]), (&json!("ROLE_CHANGED"), &json!(true)));

    let operation = json!({ "target": { "operationId": update["operationId"] } });
    let undone = run(&world.admin, UNDO, "undo", operation.clone()).await;
    assert_eq!((&undone["changed"], &undone["results"][0]["user"]["role"]), (&json!(1), &json!("VIEWER")));
    assert_eq!(log(&world, &update["operationId"]).await[0]["canUndo"], json!({ "allowed": false, "code": "CHANGED_SINCE" }));
    let events = log(&world, &undone["operationId"]).await;
    assert_eq!(events[0]["summary"], "The role changed from Editor to Viewer. This undid an earlier change.");
    assert_eq!((&events[0]["undoesOperationId"], &events[0]["undoesEventId"]), (&update["operationId"], &Value::Null));
    assert_eq!(run(&world.admin, UNDO, "undo", operation).await["unchanged"], 1);

    let redone = run(&world.admin, UNDO, "undo", json!({ "target": { "eventId": events[0]["id"] } })).await;
    assert_eq!(redone["results"][0]["user"]["role"], "EDITOR");
    assert_eq!(log(&world, &redone["operationId"]).await[0]["undoesEventId"], events[0]["id"]);

    let unknown = run(&world.admin, UNDO, "undo", json!({ "target": { "eventId": "none" } })).await;
    assert_eq!(unknown["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "target"] }]));
    let invited = run(&world.admin, UNDO, "undo", json!({ "target": { "eventId": format!("{ivo}:1") } })).await;
    assert_eq!(invited["results"][0]["userErrors"], json!([{ "code": "NOT_UNDOABLE" }]));
}

#[tokio::test]
async fn who_may_only_read_the_log_cannot_undo() {
    let world = World::start().await;
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    let editor = world.member("eve@acme.example", "EDITOR").await;
    let input = json!({ "users": { "ids": [ivo] }, "role": "EDITOR" });
    let update = run(&world.admin, UPDATE, "updateUsers", input).await;
    log(&world, &update["operationId"]).await;
    let answer = editor.ask(LOG, json!({ "filter": { "operationId": update["operationId"] } })).await;
    assert_eq!(answer.body["data"]["auditLog"]["nodes"][0]["canUndo"], json!({ "allowed": false, "code": "FORBIDDEN" }));
    let undo = json!({ "input": { "target": { "operationId": update["operationId"] } } });
    assert_eq!(editor.ask(UNDO, undo).await.code(), Some("FORBIDDEN"));
}

#[tokio::test]
async fn an_update_names_its_events_and_they_are_undone_one_by_one() {
    const UPDATE_ONE: &str = "mutation($input: UpdateUserInput!) { updateUser(input: $input) { eventIds userErrors { code } } }";
    let world = World::start().await;
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    let input = json!({ "id": ivo, "role": "EDITOR", "idempotencyKey": "once" });
    let update = run(&world.admin, UPDATE_ONE, "updateUser", input.clone()).await;
    let events = update["eventIds"].as_array().expect("a list").clone();
    assert_eq!(events, [json!(format!("{ivo}:2"))]);
    // What a repeated request did is not known any more.
    assert_eq!(run(&world.admin, UPDATE_ONE, "updateUser", input).await, json!({ "eventIds": [], "userErrors": [] }));
    let refused = run(&world.admin, UPDATE_ONE, "updateUser", json!({ "id": ivo, "expectedVersion": 1, "role": "VIEWER" })).await;
    assert_eq!(refused, json!({ "eventIds": [], "userErrors": [{ "code": "VERSION_CONFLICT" }] }));
    for event in events.iter().rev() {
        let undo = run(&world.admin, UNDO, "undo", json!({ "target": { "eventId": event } })).await;
        assert_eq!(undo["changed"], 1, "{undo}");
    }
    let user = world.admin.ask("query($id: ID!) { user(id: $id) { role authMethods { id } } }", json!({ "id": ivo })).await;
    assert_eq!(user.body["data"]["user"]["role"], "VIEWER");
}
