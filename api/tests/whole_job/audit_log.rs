//! The audit log: everything that happened, in pages from either end, narrowed to who, whom, what and when.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::person::Person;
use crate::world::World;

const LOG: &str = "query($first: Int, $after: String, $filter: EventFilter, $direction: OrderDirection) {
    auditLog(first: $first, after: $after, filter: $filter, direction: $direction) {
        totalCount edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        nodes { id type at recordedAt requestId summary address actor { kind user { email } } user { id email }
                changes { field from to } } } }";

const HISTORY: &str = "query($id: ID!) { user(id: $id) { history(first: 100) { totalCount nodes { id type } } } }";

const WORK_LONGER: &str = "mutation { updateAccount(input: { invitationHours: 48 }) { userErrors { code } } }";

async fn log(person: &Person, arguments: Value) -> Value {
    let mut answer = person.ask(LOG, arguments).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    answer.body["data"]["auditLog"].take()
}

fn types(page: &Value) -> Vec<&str> {
    page["nodes"].as_array().expect("a list").iter().map(|event| event["type"].as_str().expect("a type")).collect()
}

fn of_type<'a>(page: &'a Value, kind: &str) -> &'a Value {
    let found = page["nodes"].as_array().expect("a list").iter().find(|event| event["type"] == kind);
    found.unwrap_or_else(|| panic!("no {kind} in {page}"))
}

/// An account in which this and that has happened: its last member, and everything oldest first.
async fn lived(world: &World) -> (Person, Value) {
    let eve = world.member("eve@acme.example", "VIEWER").await;
    world.admin.run("updateUser", json!({ "id": eve.id, "role": "EDITOR", "name": "Eve Miller" })).await.done();
    assert_eq!(world.admin.ask(WORK_LONGER, json!({})).await.code(), None);
    world.invite("refuse@acme.example", "VIEWER").await;
    world.admin.run("updateUser", json!({ "id": eve.id, "active": false })).await.done();
    world.until_mail_is_settled().await;
    world.until("select count(*) >= 2 from events where aggregate_type = 'delivery' and event_type = 'Sent'", "mails are recorded").await;
    world.until_events_are_shown().await;
    let whole = log(&world.admin, json!({ "first": 100, "direction": "ASC" })).await;
    (eve, whole)
}

#[tokio::test]
async fn everything_that_happened_is_told_with_who_whom_what_and_before_and_after() {
    let world = World::start().await;
    let (eve, whole) = lived(&world).await;
    let begun = ["ACCOUNT_OPENED", "INVITED", "ACCEPTED", "PASSWORD_SET", "SESSION_STARTED"];
    assert_eq!(types(&whole)[..5].iter().collect::<BTreeSet<_>>(), begun.iter().collect());
    for kind in ["MAIL_SENT", "MAIL_FAILED", "NAME_CHANGED", "DEACTIVATED", "INVITATION_HOURS_CHANGED"] {
        of_type(&whole, kind);
    }
    let role = of_type(&whole, "ROLE_CHANGED");
    assert_eq!(role["changes"], json!([{ "field": "role", "from": "VIEWER", "to": "EDITOR" }]));
    assert_eq!((&role["actor"]["user"]["email"], &role["user"]["email"]), (&json!("Ada@Acme.example"), &json!("eve@acme.example")));
    assert_eq!(role["requestId"].as_str().map(str::len), Some(36));
    let hours = of_type(&whole, "INVITATION_HOURS_CHANGED");
    assert_eq!((&hours["changes"][0]["from"], &hours["changes"][0]["to"], &hours["user"]), (&json!("24"), &json!("48"), &Value::Null));
    let failed = of_type(&whole, "MAIL_FAILED")["summary"].as_str().expect("a sentence");
    assert!(failed.contains("with the invitation was given up") && failed.contains("550 5.1.1"), "{failed}");
    assert_eq!(of_type(&whole, "SESSION_STARTED")["address"], "127.0.0.1");
    assert_eq!(of_type(&whole, "ACCEPTED")["address"], Value::Null);
    assert_eq!(whole["totalCount"], types(&whole).len());

    let history = world.admin.ask(HISTORY, json!({ "id": eve.id })).await.body["data"]["user"]["history"].take();
    let subject = log(&world.admin, json!({ "first": 100, "filter": { "subject": eve.id } })).await;
    assert_eq!((types(&history), &history["totalCount"]), (types(&subject), &subject["totalCount"]));
    assert!(types(&history).contains(&"MAIL_SENT") && types(&history).contains(&"SESSION_STARTED"), "{history}");
}

#[tokio::test]
async fn pages_from_either_end_show_every_event_once() {
    let world = World::start().await;
    let (_, whole) = lived(&world).await;
    let ids = |page: &Value| page["nodes"].as_array().expect("a list").iter().map(|event| event["id"].clone()).collect::<Vec<_>>();
    for direction in ["ASC", "DESC"] {
        let (mut seen, mut after) = (vec![], Value::Null);
        loop {
            let page = log(&world.admin, json!({ "first": 3, "after": after, "direction": direction })).await;
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
            assert_eq!(page["pageInfo"]["endCursor"], page["edges"].as_array().expect("a list").last().expect("not empty")["cursor"]);
            seen.extend(ids(&page));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        if direction == "DESC" {
            seen.reverse();
        }
        assert_eq!(seen, ids(&whole), "{direction}");
    }
    let newest = log(&world.admin, json!({ "first": 1 })).await;
    assert_eq!(ids(&newest), ids(&whole)[ids(&whole).len() - 1..], "the newest come first");
}

#[tokio::test]
async fn the_log_is_narrowed_to_an_actor_a_subject_types_and_a_span() {
    let world = World::start().await;
    let (eve, whole) = lived(&world).await;
    let narrowed = async |filter: Value| log(&world.admin, json!({ "first": 100, "direction": "ASC", "filter": filter })).await;
    let expected = |wanted: &dyn Fn(&Value) -> bool| {
        whole["nodes"].as_array().expect("a list").iter().filter(|event| wanted(event)).cloned().collect::<Vec<_>>()
    };
    let by_admin = expected(&|event| event["actor"]["user"]["email"] == "Ada@Acme.example");
    assert!(by_admin.len() > 3);
    assert_eq!(narrowed(json!({ "actor": world.admin.id })).await["nodes"], json!(by_admin));
    let of_eve = expected(&|event| event["user"]["id"] == json!(eve.id));
    assert_eq!(narrowed(json!({ "subject": eve.id })).await["nodes"], json!(of_eve));
    let mails = expected(&|event| event["type"] == "MAIL_SENT" || event["type"] == "MAIL_FAILED");
    assert_eq!(narrowed(json!({ "types": ["MAIL_SENT", "MAIL_FAILED"] })).await["nodes"], json!(mails));
    let middle = &whole["nodes"][4]["recordedAt"];
    let after = narrowed(json!({ "recorded": { "from": middle } })).await;
    let before = narrowed(json!({ "recorded": { "before": middle } })).await;
    assert_eq!(types(&before).len() + types(&after).len(), types(&whole).len());
    assert!(types(&before).len() <= 4 && !types(&after).is_empty());
    for no_one in ["nobody", "01935a6e-0000-7000-8000-000000000000"] {
        assert_eq!(narrowed(json!({ "subject": no_one })).await["totalCount"], 0);
        assert_eq!(narrowed(json!({ "actor": no_one })).await["totalCount"], 0);
    }
}

#[tokio::test]
async fn the_log_of_another_account_is_nobodys_and_who_is_erased_is_named_no_more() {
    let world = World::start().await;
    let (eve, whole) = lived(&world).await;
    let page = log(&world.admin, json!({ "first": 1 })).await;
    let viewer = world.member("viewer@acme.example", "VIEWER").await;
    assert_eq!(viewer.ask(LOG, json!({})).await.code(), Some("FORBIDDEN"));
    let editor = world.member("editor@acme.example", "EDITOR").await;
    assert!(log(&editor, json!({ "first": 1 })).await["nodes"][0]["id"].is_string());
    for (arguments, what) in [
        (json!({ "first": 101 }), "too large"),
        (json!({ "first": -1 }), "negative"),
        (json!({ "after": "no cursor" }), "no cursor"),
        (json!({ "after": format!("{}=", page["pageInfo"]["endCursor"].as_str().expect("a cursor")) }), "a broken cursor"),
    ] {
        assert_eq!(world.admin.ask(LOG, arguments).await.code(), Some("BAD_USER_INPUT"), "{what}");
    }
    world.admin.run("deleteUser", json!({ "id": eve.id, "confirmEmail": "eve@acme.example" })).await.done();
    world.admin.run("eraseUser", json!({ "id": eve.id, "confirmEmail": "eve@acme.example" })).await.done();
    world.until_events_are_shown().await;
    let after = log(&world.admin, json!({ "first": 100, "filter": { "subject": eve.id } })).await;
    assert!(types(&after).len() >= types(&whole).iter().filter(|kind| **kind == "ROLE_CHANGED").count() + 3);
    assert!(!after.to_string().contains("eve@acme.example") && !after.to_string().contains("Eve Miller"), "{after}");
    assert_eq!(of_type(&after, "INVITED")["summary"], "A person was invited as Viewer.");
    assert_eq!(types(&after)[0], "ERASED");
}
