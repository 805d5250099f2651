//! The history and the list of users, taken out of an account: the same as the API tells, sealed as the table holds it.

use std::collections::BTreeMap;

use api::export::{CloudEvent, EventData, Line};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::person::{Answer, Person};
use crate::world::World;

/// A request for an export.
pub(crate) fn request(person: &Person, path: &str) -> RequestBuilder {
    let request = person.client.get(format!("{}{path}", person.url));
    if let Some(token) = &person.token { request.bearer_auth(token) } else { request }
}

/// What an export that may be made answers, as text.
pub(crate) async fn exported(person: &Person, path: &str) -> String {
    let answer = Answer::of(request(person, path)).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.body.as_str().map_or_else(|| answer.body.to_string(), str::to_owned)
}

/// The events of an export of the history, whose last line says that it is whole.
pub(crate) fn events(ndjson: &str) -> Vec<CloudEvent<EventData>> {
    let mut lines: Vec<_> = ndjson.lines().map(|line| Line::parse(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect();
    let Some(Line::Completed(last)) = lines.pop() else { panic!("the last line should say that it is the last") };
    let event = |line| if let Line::Event(event) = line { event } else { panic!("only the last line says that it is the last") };
    let events: Vec<_> = lines.into_iter().map(event).collect();
    assert_eq!(last.data.events, events.len() as u64);
    events
}

/// The rows of a table, each by the names of its columns.
pub(crate) fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().map(|row| row.expect("every row has every cell")).collect()
}

fn ids(events: &[CloudEvent<EventData>]) -> Vec<&str> {
    events.iter().map(|event| event.id.as_str()).collect()
}

/// What the audit log tells, oldest first.
async fn log(world: &World, filter: Value) -> Vec<Value> {
    const LOG: &str = "query($filter: EventFilter) { auditLog(first: 100, direction: ASC, filter: $filter) {
        nodes { id cursor type at recordedAt requestId summary address actor { kind user { id } } user { id email } changes { field from to } } } }";
    world.until_events_are_shown().await;
    let mut answer = world.admin.ask(LOG, json!({ "filter": filter })).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    let Value::Array(events) = answer.body["data"]["auditLog"]["nodes"].take() else { panic!("{answer:?}") };
    events
}

/// An account in which this and that has happened, and its last member.
async fn lived(world: &World) -> Person {
    let eve = world.member("eve@acme.example", "VIEWER").await;
    world.admin.run("updateUser", json!({ "id": eve.id, "role": "EDITOR", "name": "=1+1, \"Zoë\" 名" })).await.done();
    world.admin.run("updateUser", json!({ "id": eve.id, "active": false })).await.done();
    world.until_mail_is_settled().await;
    eve
}

#[tokio::test]
async fn every_filter_of_an_export_gives_what_the_audit_log_gives() {
    let world = World::start().await;
    let eve = lived(&world).await;
    let middle = log(&world, Value::Null).await[4]["recordedAt"].as_str().expect("an instant").replace("+00:00", "Z");
    for (query, filter) in [
        (String::new(), json!({})),
        (format!("&from={middle}"), json!({ "recorded": { "from": middle } })),
        (format!("&before={middle}"), json!({ "recorded": { "before": middle } })),
        (format!("&actor={}", world.admin.id), json!({ "actor": world.admin.id })),
        (format!("&subject={}", eve.id), json!({ "subject": eve.id })),
        ("&type=INVITED&type=ROLE_CHANGED".to_owned(), json!({ "types": ["INVITED", "ROLE_CHANGED"] })),
        (format!("&subject={}&type=NAME_CHANGED", eve.id), json!({ "subject": eve.id, "types": ["NAME_CHANGED"] })),
    ] {
        let told = log(&world, filter.clone()).await;
        assert!(!told.is_empty(), "{filter}");
        let expected: Vec<_> = told.iter().map(|event| event["id"].as_str().expect("an id")).collect();
        let ndjson = exported(&world.admin, &format!("/history/export?format=ndjson{query}")).await;
        let events = events(&ndjson);
        assert_eq!(ids(&events), expected, "{query}");
        assert!(events.iter().zip(&told).all(|(event, told)| event.cursor == told["cursor"]), "{query}");

        let told = log(&world, filter).await;
        let rows = rows(&exported(&world.admin, &format!("/history/export?format=csv{query}")).await);
        assert_eq!(rows.len(), told.len(), "{query}");
        for (row, told) in rows.iter().zip(&told) {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let expected = [&told["id"], &told["type"], &told["actor"]["kind"], &told["user"]["id"], &told["requestId"], &told["address"]];
            let cells = ["id", "type", "actor_kind", "subject_id", "request_id", "address"].map(|name| row[name].clone());
            assert_eq!(cells, expected.map(text), "{row:?}");
            assert_eq!((&row["summary"], &row["subject_email"]), (&text(&told["summary"]), &text(&told["user"]["email"])));
            let changes: Value = if row["changes"].is_empty() { json!([]) } else { serde_json::from_str(&row["changes"]).expect("JSON") };
            assert_eq!(changes, told["changes"]);
        }
    }
}

#[tokio::test]
async fn what_leaves_sealed_is_what_the_table_holds_also_of_who_was_erased() {
    let world = World::start().await;
    let eve = lived(&world).await;
    world.until_events_are_shown().await;
    let before = events(&exported(&world.admin, "/history/export").await);
    let of_eve = |event: &&CloudEvent<EventData>| event.subject.as_ref() == Some(&eve.id);
    assert!(before.iter().filter(of_eve).any(|event| event.data.plain.as_ref().expect("opened").to_string().contains("eve@acme.example")));

    world.admin.run("deleteUser", json!({ "id": eve.id, "confirmEmail": "eve@acme.example" })).await.done();
    world.admin.run("eraseUser", json!({ "id": eve.id, "confirmEmail": "eve@acme.example" })).await.done();
    world.until_mail_is_settled().await;
    world.until_events_are_shown().await;
    let ndjson = exported(&world.admin, "/history/export").await;
    let (after, sealed) = (events(&ndjson), events(&exported(&world.admin, "/history/export?sealed=true").await));
    let stored = "select aggregate_type, aggregate_id, sequence, event_type || '.v' || event_version, payload, metadata from events
        where event_type <> 'Requested' order by generation, xid, position";
    let stored: Vec<(String, String, i64, String, Value, Value)> =
        sqlx::query_as(stored).fetch_all(&world.database.pool()).await.expect("the database answers");
    let without_exports: Vec<_> = after.iter().filter(|event| event.data.stream.kind != "export").collect();
    assert_eq!(without_exports.len(), stored.len());
    for (event, (kind, id, sequence, name, payload, metadata)) in without_exports.iter().zip(stored) {
        assert_eq!(event.kind, format!("roster.{kind}.{name}"));
        assert_eq!((&event.data.stream.id, event.data.stream.sequence), (&id, sequence));
        assert_eq!((&event.data.sealed, &json!(event.data.metadata)), (&payload, &metadata));
        assert_eq!((event.source.as_str(), event.time.len()), (format!("urn:uuid:{}", world.account_id).as_str(), 27));
    }
    for (old, new) in before.iter().zip(&after) {
        assert_eq!((&old.id, &old.data.sealed), (&new.id, &new.data.sealed), "what is sealed never changes");
    }
    assert!(!ndjson.contains("eve@acme.example"), "she is named no more");
    let invited = after.iter().find(|event| event.subject.as_ref() == Some(&eve.id)).expect("her invitation");
    assert_eq!(invited.data.plain.as_ref().expect("opened")["Invited"]["email"], json!({ "personal": null }));
    assert!(invited.data.sealed["Invited"]["email"]["sealed"].is_string());
    assert!(sealed.iter().all(|event| event.data.plain.is_none()));
    assert!(sealed.iter().zip(&after).all(|(sealed, event)| sealed.data.sealed == event.data.sealed));
    let rows = rows(&exported(&world.admin, &format!("/history/export?format=csv&subject={}", eve.id)).await);
    assert!(rows.iter().all(|row| row["subject_email"].is_empty() && !row["summary"].contains("eve@")), "{rows:?}");
}

#[tokio::test]
async fn the_list_of_users_leaves_as_the_api_tells_it_and_harmless_in_a_spreadsheet() {
    let world = World::start().await;
    let eve = lived(&world).await;
    world.invite("ivo@acme.example", "ADMIN").await;
    for (query, arguments) in [
        ("", json!({})),
        ("?status=INACTIVE&status=PENDING_INVITATION", json!({ "filter": { "status": ["INACTIVE", "PENDING_INVITATION"] } })),
        ("?role=ADMIN&neverActive=true", json!({ "filter": { "role": ["ADMIN"], "neverActive": true } })),
        ("?search=EVE", json!({ "filter": { "search": "EVE" } })),
        (
            "?authMethod=password&delivery=SENT&delivery=WAITING",
            json!({ "filter": { "authMethods": ["password"], "delivery": ["SENT", "WAITING"] } }),
        ),
        ("?createdBefore=2026-01-01T00:00:00Z", json!({ "filter": { "created": { "before": "2026-01-01T00:00:00Z" } } })),
    ] {
        let listed = world.admin.users(arguments).await;
        let rows = rows(&exported(&world.admin, &format!("/users/export{query}")).await);
        let expected: Vec<_> = listed["nodes"].as_array().expect("a list").iter().map(|user| user["id"].as_str().expect("an id")).collect();
        assert_eq!(rows.iter().map(|row| row["id"].as_str()).collect::<Vec<_>>(), expected, "{query}");
    }
    let by_email = exported(&world.admin, "/users/export?orderBy=EMAIL&direction=DESC&includeDeleted=true").await;
    let by_email = rows(&by_email);
    assert_eq!(
        by_email.iter().map(|row| row["email"].as_str()).collect::<Vec<_>>(),
        ["ivo@acme.example", "eve@acme.example", "Ada@Acme.example"]
    );
    let row = &by_email[1];
    assert_eq!(
        (&row["id"], &row["name"], &row["status"], &row["role"]),
        (&eve.id, &"'=1+1, \"Zoë\" 名".to_owned(), &"INACTIVE".to_owned(), &"EDITOR".to_owned())
    );
    assert!(row["last_active_at"].ends_with('Z') && row["erased_at"].is_empty() && row["auth_methods"] == "password");
}
