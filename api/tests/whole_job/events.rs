//! Following events: what was missed, then live; every kind, each event once and in its order.

use std::collections::BTreeSet;

use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::export::exported;
use crate::follower::{Follower, rename_often};
use crate::person::Person;
use crate::program::Serving;
use crate::world::World;
use test_support::SocketClient;

const WRITERS: usize = 4;

/// Four users, and a writer who renames each of them so many times.
async fn start_writers(world: &World, times: usize) -> JoinSet<()> {
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let id = world.invite(&format!("u{writer}@acme.example"), "VIEWER").await;
        writers.spawn(rename_often(world.admin.clone(), id, times));
    }
    writers
}

#[tokio::test]
async fn an_event_says_who_did_what_to_whom() {
    let world = World::start().await;
    let types = json!({ "types": ["INVITED", "ACCEPTED", "ROLE_CHANGED", "NAME_CHANGED"] });
    let mut follower = Follower::filtered(&world, &world.admin, types).await;
    let id = world.invite("ivo@acme.example", "VIEWER").await;
    world.admin.run("updateUser", json!({ "id": id, "role": "EDITOR", "name": "Ivo" })).await.done();
    let ada = "Ada@Acme.example";
    let new = |field, to| json!({ "field": field, "from": null, "to": to });
    let invited = json!([new("role", "VIEWER"), new("authMethods", "password")]);
    let expected = [
        ("INVITED", "A person was invited as Viewer.", invited),
        ("ROLE_CHANGED", "The role changed from Viewer to Editor.", json!([{ "field": "role", "from": "VIEWER", "to": "EDITOR" }])),
        ("NAME_CHANGED", "The name changed.", json!([{ "field": "name", "from": null, "to": "Ivo" }])),
    ];
    for (place, (kind, summary, changes)) in expected.into_iter().enumerate() {
        let event = follower.next().await;
        assert_eq!((&event["type"], &event["summary"], &event["changes"]), (&json!(kind), &json!(summary), &changes));
        assert_eq!(event["id"], format!("{id}:{}", place + 1));
        assert_eq!(event["actor"], json!({ "kind": "USER", "user": { "email": ada } }));
        assert_eq!(event["user"], json!({ "id": id, "email": "ivo@acme.example", "status": "PENDING_INVITATION" }));
        assert!(event["at"].is_string() && event["recordedAt"].is_string(), "{event}");
    }
    world.member("eve@acme.example", "VIEWER").await;
    assert_eq!(follower.next().await["type"], "INVITED");
    let accepted = follower.next().await;
    let eve = json!({ "kind": "USER", "user": { "email": "eve@acme.example" } });
    assert_eq!((&accepted["type"], &accepted["actor"]), (&json!("ACCEPTED"), &eve), "a person who joins does it themselves");
}

/// Does what is recorded in each kind of stream, as the admin.
async fn do_everything(world: &World) {
    let eve = world.member("eve@acme.example", "VIEWER").await;
    world.admin.run("updateUser", json!({ "id": eve.id, "role": "EDITOR" })).await.done();
    world.admin.new_key("createApiKey", &json!({ "name": "Reports", "scopes": ["USERS_READ"] })).await;
    world.admin.new_key("createServiceKey", &json!({ "name": "Intranet", "scopes": ["USERS_READ"] })).await;
    let view = "mutation($input: SaveViewInput!) { saveView(input: $input) { userErrors { code } } }";
    let input = json!({ "input": { "name": "Editors", "query": "", "shared": true } });
    assert_eq!(world.admin.ask(view, input).await.body["data"]["saveView"]["userErrors"], json!([]));
    world.admin.rename_account("Acme Limited").await;
    exported(&world.admin, "/users/export?format=csv").await;
    assert_eq!(eve.sign_out().await.status, 200);
    world.until_mail_is_settled().await;
    world.until_events_show().await;
}

/// What is shown of an event, wherever it is shown.
const SHOWN: &str = "id cursor type storedType at recordedAt requestId address summary actor { kind user { email } serviceKeyName }
    user { id email } changes { field from to }";

#[tokio::test]
async fn events_of_every_kind_arrive_as_the_audit_log_lists_them_to_those_who_may_read_it() {
    let world = World::start().await;
    let editor = world.member("ed@acme.example", "EDITOR").await;
    let key = json!({ "name": "Auditor", "scopes": ["AUDIT_READ"] });
    let key = Person { token: Some(world.admin.new_key("createServiceKey", &key).await), ..world.visitor() };
    let without = json!({ "name": "Reader", "scopes": ["USERS_READ", "USERS_WRITE", "LINKS_READ"] });
    let without = Person { token: Some(world.admin.new_key("createServiceKey", &without).await), ..world.visitor() };
    world.until_mail_is_settled().await;
    let variables = json!({ "after": world.event_cursor(&world.admin).await });
    let document = format!("subscription($after: String) {{ userEvents(after: $after) {{ {SHOWN} }} }}");
    let mut sockets = vec![];
    for person in [&world.admin, &editor, &key] {
        let mut socket = SocketClient::enter(&world.roster.url, person.token.as_deref()).await;
        socket.subscribe("live", &document, variables.clone()).await;
        sockets.push((person, socket));
    }
    do_everything(&world).await;

    let query = format!("query($after: String) {{ auditLog(first: 100, after: $after, direction: ASC) {{ nodes {{ {SHOWN} }} }} }}");
    for (person, socket) in &mut sockets {
        let listed = person.ask(&query, variables.clone()).await.body["data"]["auditLog"]["nodes"].take();
        let listed = listed.as_array().expect("a list");
        let mut live = vec![];
        for _ in listed {
            live.push(socket.hear().await["payload"]["data"]["userEvents"].take());
        }
        assert_eq!(&live, listed);
        let kinds: BTreeSet<_> =
            live.iter().filter_map(|event| event["storedType"].as_str()?.split_once('.')).map(|(kind, _)| kind).collect();
        assert_eq!(kinds, BTreeSet::from(["account", "api_key", "delivery", "export", "saved_view", "service_key", "session", "user"]));
        // One who comes later reads the same from the database.
        let mut late = SocketClient::enter(&world.roster.url, person.token.as_deref()).await;
        late.subscribe("late", &document, variables.clone()).await;
        for event in listed {
            assert_eq!(&late.hear().await["payload"]["data"]["userEvents"], event);
        }
    }
    for person in [&without, &world.member("vi@acme.example", "VIEWER").await] {
        let mut refused = SocketClient::enter(&world.roster.url, person.token.as_deref()).await;
        refused.subscribe("refused", &document, variables.clone()).await;
        let answer = refused.hear().await;
        assert_eq!((&answer["type"], &answer["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("FORBIDDEN")), "{answer}");
    }
}

#[tokio::test]
async fn a_filter_narrows_to_types_of_every_kind() {
    let world = World::start().await;
    let types = ["MAIL_SENT", "SESSION_ENDED", "API_KEY_CREATED", "SERVICE_KEY_CREATED", "ACCOUNT_RENAMED", "EXPORT_REQUESTED"];
    let mut follower = Follower::filtered(&world, &world.admin, json!({ "types": types })).await;
    do_everything(&world).await;
    let mut arrived = BTreeSet::new();
    for _ in types {
        arrived.insert(follower.next().await["type"].as_str().expect("a type").to_owned());
    }
    assert_eq!(arrived, types.map(str::to_owned).into());
}

#[tokio::test]
async fn what_was_missed_comes_first_and_then_what_happens_while_four_write() {
    const EACH: usize = 40;
    let world = World::start().await;
    let mut early = Follower::start(&world, &world.admin).await;
    let before = world.event_ids().await.len();
    let mut writers = start_writers(&world, EACH).await;
    // Each is invited, gets a mail, and is renamed so many times.
    let total = WRITERS * (EACH + 2);
    let (mut seen, cursor) = early.take(total / 3).await;
    // In the middle of it another one follows from there.
    let mut late = Follower::after(&world.roster.url, &world.admin, &cursor).await;
    let rest = late.take(total - seen.len()).await.0;
    let live = early.take(total - seen.len()).await.0;
    while let Some(written) = writers.join_next().await {
        written.unwrap();
    }
    assert_eq!(rest, live);
    seen.extend(rest);
    assert_eq!(seen, world.event_ids().await[before..]);
}

#[tokio::test]
async fn after_a_kill_of_the_server_a_client_goes_on_from_its_last_cursor() {
    let mut world = World::start().await;
    // Without mails: a server that was killed leaves some unsent.
    let filter = json!({ "types": ["INVITED", "NAME_CHANGED"] });
    let mut follower = Follower::filtered(&world, &world.admin, filter.clone()).await;
    let before = world.invitation_and_name_ids().await.len();
    let writers = start_writers(&world, 10_000).await;
    let (mut seen, cursor) = follower.take(60).await;
    world.roster.program.signal(Signal::KILL);
    assert_eq!(follower.client.closed().await, 1006);
    drop(writers);
    world.roster = Serving::start(world.database.url(), world.smtp.port()).await;
    world.admin.url.clone_from(&world.roster.url);

    let mut follower = Follower::subscribe(&world.roster.url, &world.admin, json!({ "after": cursor, "filter": filter })).await;
    world.invite("after@acme.example", "VIEWER").await;
    let all = world.invitation_and_name_ids().await.split_off(before);
    seen.extend(follower.take(all.len() - seen.len()).await.0);
    assert_eq!(seen, all);
}

#[tokio::test]
async fn a_filter_lets_through_what_it_names() {
    let world = World::start().await;
    let (ivo, eve) = (world.invite("ivo@acme.example", "VIEWER").await, world.invite("eve@acme.example", "VIEWER").await);
    let filter = |filter: Value| Follower::filtered(&world, &world.admin, filter);
    let mut of_ivo = filter(json!({ "users": [ivo, "nobody"] })).await;
    let mut roles = filter(json!({ "types": ["ROLE_CHANGED"] })).await;
    for id in [&eve, &ivo] {
        world.admin.run("updateUser", json!({ "id": id, "role": "EDITOR", "name": "Someone" })).await.done();
    }
    assert_eq!(of_ivo.take(2).await.0, [format!("{ivo}:2"), format!("{ivo}:3")]);
    assert_eq!(roles.take(2).await.0, [format!("{eve}:2"), format!("{ivo}:2")]);
}

#[tokio::test]
async fn without_a_cursor_one_follows_from_now_on() {
    let world = World::start().await;
    world.until_events_show().await;
    let mut follower = Follower::subscribe(&world.roster.url, &world.admin, json!({})).await;
    let renaming = tokio::spawn(rename_often(world.admin.clone(), world.admin.id.clone(), 10_000));
    let seen = follower.take(20).await.0;
    renaming.abort();
    let all = world.event_ids().await;
    let first = all.iter().position(|id| *id == seen[0]).expect("it is known");
    assert!(first >= 2, "what was before is not told: {first}");
    assert_eq!(seen, all[first..first + 20]);
}
