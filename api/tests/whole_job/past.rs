//! Users as they were: lists as of a moment, one user, and who came, went and was changed between two.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::person::Person;
use crate::world::World;

const LIST: &str = "query($asOf: AsOf, $first: Int, $after: String, $filter: UserFilter, $orderBy: UserOrder) {
    users(first: $first, after: $after, filter: $filter, orderBy: $orderBy, asOf: $asOf) {
        totalCount asOf { at event } pageInfo { hasNextPage endCursor }
        nodes { userId email name role status version } } }";

const CHANGES: &str = "query($from: AsOf!, $to: AsOf, $first: Int, $after: String) {
    userChanges(from: $from, to: $to, first: $first, after: $after) {
        from { at event } to { at event } pageInfo { hasNextPage endCursor } edges { cursor }
        nodes { kind before { email role status } after { email role status name } } } }";

const USER: &str = "query($id: ID!, $asOf: AsOf) { user(id: $id, asOf: $asOf) { email role status viewerCan { delete { allowed } } sessions { id } apiKeys { id } } }";

async fn answered(person: &Person, query: &str, arguments: Value, field: &str) -> Value {
    let mut answer = person.ask(query, arguments).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    answer.body["data"][field].take()
}

/// The clock of the database, once everything that was recorded is settled.
pub(crate) async fn clock(world: &World) -> String {
    world.until_events_are_shown().await;
    let at: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(&world.database.pool()).await.expect("answers");
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn column<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    list["nodes"].as_array().expect("a list").iter().map(|user| user[name].as_str().unwrap_or("-")).collect()
}

#[tokio::test]
async fn the_list_of_then_has_every_filter_order_and_page_and_never_changes() {
    let world = World::start().await;
    let before_all = "2020-01-01T00:00:00Z";
    let eve = world.member("eve@acme.example", "VIEWER").await;
    let bob = world.member("bob@acme.example", "VIEWER").await;
    let then = clock(&world).await;
    world.admin.run("updateUser", json!({ "id": eve.id, "role": "EDITOR", "name": "Eve Miller" })).await.done();
    world.admin.run("deleteUser", json!({ "id": bob.id, "confirmEmail": "bob@acme.example" })).await.done();
    world.invite("kim@acme.example", "ADMIN").await;
    clock(&world).await;

    let by_email = json!({ "field": "EMAIL", "direction": "ASC" });
    let whole = answered(&world.admin, LIST, json!({ "asOf": { "at": then }, "orderBy": by_email }), "users").await;
    assert_eq!(column(&whole, "email"), ["Ada@Acme.example", "bob@acme.example", "eve@acme.example"]);
    assert_eq!(column(&whole, "role"), ["ADMIN", "VIEWER", "VIEWER"]);
    assert_eq!((&whole["totalCount"], &whole["nodes"][2]["name"]), (&json!(3), &Value::Null));
    assert_eq!(whole["asOf"]["at"].as_str().expect("an instant").parse::<DateTime<Utc>>().ok(), then.parse().ok());
    let event = &whole["asOf"]["event"];
    let by_event = answered(&world.admin, LIST, json!({ "asOf": { "event": event }, "orderBy": by_email }), "users").await;
    assert_eq!((&by_event["nodes"], &by_event["asOf"]["event"]), (&whole["nodes"], event));

    let filter = json!({ "role": ["VIEWER"], "search": "example BOB" });
    let filtered = answered(&world.admin, LIST, json!({ "asOf": { "at": then }, "filter": filter }), "users").await;
    assert_eq!((column(&filtered, "email"), &filtered["totalCount"]), (vec!["bob@acme.example"], &json!(1)));
    for (field, search) in
        [("EMAIL", ""), ("STATUS", ""), ("ROLE", ""), ("CREATED_AT", ""), ("LAST_ACTIVE_AT", ""), ("RELEVANCE", ""), ("RELEVANCE", "b")]
    {
        for direction in ["ASC", "DESC"] {
            let order = json!({ "field": field, "direction": direction });
            let page = async |first: i32, after: Value| {
                let filter = json!({ "search": search });
                let arguments = json!({ "asOf": { "at": then }, "orderBy": order, "filter": filter, "first": first, "after": after });
                answered(&world.admin, LIST, arguments, "users").await
            };
            let all = page(100, Value::Null).await;
            let (mut paged, mut after) = (vec![], Value::Null);
            loop {
                let one = page(1, after).await;
                paged.extend(one["nodes"].as_array().expect("a list").clone());
                after = one["pageInfo"]["endCursor"].clone();
                if one["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(json!(paged), all["nodes"], "{field} {direction}");
        }
    }
    let no_one = answered(&world.admin, LIST, json!({ "asOf": { "at": before_all } }), "users").await;
    assert_eq!((&no_one["totalCount"], &no_one["asOf"]["event"]), (&json!(0), &Value::Null));

    let was = answered(&world.admin, USER, json!({ "id": eve.id, "asOf": { "at": then } }), "user").await;
    assert_eq!(
        was,
        json!({ "email": "eve@acme.example", "role": "VIEWER", "status": "ACTIVE", "viewerCan": null, "sessions": null, "apiKeys": null })
    );
    let own = answered(&eve, USER, json!({ "id": eve.id, "asOf": { "at": then } }), "user").await;
    assert_eq!(own["role"], "VIEWER");
    let not_yet = world.admin.ask(USER, json!({ "id": eve.id, "asOf": { "at": before_all } })).await;
    assert_eq!(not_yet.code(), Some("NOT_FOUND"));
}

#[tokio::test]
async fn who_came_went_and_was_changed_is_told_with_before_and_after() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "VIEWER").await;
    let bob = world.member("bob@acme.example", "VIEWER").await;
    let from = clock(&world).await;
    world.admin.run("updateUser", json!({ "id": eve.id, "role": "EDITOR" })).await.done();
    world.admin.run("deleteUser", json!({ "id": bob.id, "confirmEmail": "bob@acme.example" })).await.done();
    world.invite("kim@acme.example", "ADMIN").await;
    let brief = world.invite("brief@acme.example", "VIEWER").await;
    world.admin.run("deleteUser", json!({ "id": brief, "confirmEmail": "brief@acme.example" })).await.done();
    let to = clock(&world).await;
    world.admin.run("updateUser", json!({ "id": eve.id, "role": "ADMIN" })).await.done();
    clock(&world).await;

    let arguments = json!({ "from": { "at": from }, "to": { "at": to } });
    let changes = answered(&world.admin, CHANGES, arguments, "userChanges").await;
    let expected = json!([
        { "kind": "CHANGED", "before": { "email": "eve@acme.example", "role": "VIEWER", "status": "ACTIVE" },
          "after": { "email": "eve@acme.example", "role": "EDITOR", "status": "ACTIVE", "name": null } },
        { "kind": "WENT", "before": { "email": "bob@acme.example", "role": "VIEWER", "status": "ACTIVE" },
          "after": { "email": "bob@acme.example", "role": "VIEWER", "status": "DELETED", "name": null } },
        { "kind": "CAME", "before": null,
          "after": { "email": "kim@acme.example", "role": "ADMIN", "status": "PENDING_INVITATION", "name": null } },
        { "kind": "CAME_AND_WENT", "before": null,
          "after": { "email": "brief@acme.example", "role": "VIEWER", "status": "DELETED", "name": null } },
    ]);
    assert_eq!(changes["nodes"], expected);
    let (mut paged, mut after) = (vec![], Value::Null);
    for _ in 0..4 {
        let arguments = json!({ "from": { "at": from }, "to": { "at": to }, "first": 1, "after": after });
        let page = answered(&world.admin, CHANGES, arguments, "userChanges").await;
        paged.extend(page["nodes"].as_array().expect("a list").clone());
        after = page["edges"][0]["cursor"].clone();
    }
    assert_eq!(json!(paged), expected);
    let latest = answered(&world.admin, CHANGES, json!({ "from": { "at": to } }), "userChanges").await;
    assert_eq!(latest["nodes"][0]["after"]["role"], "ADMIN");
    assert_eq!(latest["nodes"].as_array().map(Vec::len), Some(1));
    let backward = world.admin.ask(CHANGES, json!({ "from": { "at": to }, "to": { "at": from } })).await;
    assert_eq!(backward.code(), Some("BAD_USER_INPUT"));
}

#[tokio::test]
async fn an_invitation_has_expired_by_the_clock_of_then() {
    let world = World::start().await;
    world.invited_at("soon@acme.example", Utc::now() - chrono::TimeDelta::hours(24) + chrono::TimeDelta::seconds(3)).await;
    let then = clock(&world).await;
    let status = async |as_of: Value| {
        let list = answered(&world.admin, LIST, json!({ "asOf": as_of, "filter": { "search": "soon" } }), "users").await;
        column(&list, "status").join(" ")
    };
    assert_eq!(status(json!({ "at": then })).await, "PENDING_INVITATION");
    world.until("select invitation_expires_at < now() from users where email = 'soon@acme.example'", "it has expired").await;
    assert_eq!(status(Value::Null).await, "EXPIRED_INVITATION");
    assert_eq!(status(json!({ "at": then })).await, "PENDING_INVITATION", "it was not expired then");
}

#[tokio::test]
async fn the_past_is_for_who_may_see_the_list_and_the_future_is_nobodys() {
    let world = World::start().await;
    let editor = world.member("editor@acme.example", "EDITOR").await;
    let now = clock(&world).await;
    for (query, arguments) in [
        (LIST, json!({ "asOf": { "at": now } })),
        (CHANGES, json!({ "from": { "at": now } })),
        (USER, json!({ "id": world.admin.id, "asOf": { "at": now } })),
    ] {
        assert_eq!(editor.ask(query, arguments.clone()).await.code(), Some("FORBIDDEN"), "{arguments}");
        assert_eq!(world.visitor().ask(query, arguments.clone()).await.code(), Some("UNAUTHENTICATED"), "{arguments}");
    }
    let future = (Utc::now() + chrono::TimeDelta::days(1)).to_rfc3339();
    assert_eq!(world.admin.ask(LIST, json!({ "asOf": { "at": future } })).await.code(), Some("NOT_YET"));
    assert_eq!(world.admin.ask(CHANGES, json!({ "from": { "at": now }, "to": { "at": future } })).await.code(), Some("NOT_YET"));
    for wrong in ["", "no cursor", "ZXZlbnQ6MDE5MzVhNmUtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwOjEuNzYyLjE"] {
        assert_eq!(world.admin.ask(LIST, json!({ "asOf": { "event": wrong } })).await.code(), Some("BAD_USER_INPUT"), "{wrong}");
    }
    let both = json!({ "asOf": { "at": now, "event": "x" } });
    assert!(world.admin.ask(LIST, both).await.body["errors"].is_array());
    let progress = world.admin.ask("{ projectionRebuild { progress } }", json!({})).await;
    assert_eq!(progress.body["data"]["projectionRebuild"], Value::Null);
}
