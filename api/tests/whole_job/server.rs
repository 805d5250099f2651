//! The server around the API: health, logs, request ids, faults, and how it stops.

use rustix::process::Signal;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use crate::person::Answer;
use crate::world::World;

async fn get(world: &World, path: &str) -> Answer {
    Answer::of(world.admin.client.get(format!("{}{path}", world.roster.url))).await
}

#[tokio::test]
async fn every_answer_names_its_request_and_production_has_no_mailbox() {
    let world = World::start().await;
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/assets/page.css", 200),
        ("/mailbox", 404),
        ("/mail-previews", 404),
        ("/mail-previews/invitation", 404),
        ("/graphiql", 404),
        ("/no/such/page/here", 404),
    ] {
        let answer = get(&world, path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("x-request-id").first().map(|id| id.len()), Some(36), "{path}");
        assert_eq!(answer.header("x-content-type-options"), ["nosniff"], "{path}");
        assert!(answer.header("content-security-policy")[0].starts_with("default-src 'none'"), "{path}");
    }
    let ready = get(&world, "/readyz").await.body;
    assert_eq!((&ready["status"], ready.get("problems")), (&json!("ready"), None), "{ready}");
    assert_eq!(ready["workers"]["mail"], json!({ "running": true, "restarts": 0 }));
}

#[tokio::test]
async fn a_fault_shows_the_id_of_its_request_and_nothing_of_its_inside() {
    let world = World::start().await;
    world.sql("alter table users rename to users_gone").await;
    let answer = world.admin.ask("{ viewer { user { email } } users { totalCount } }", json!({})).await;
    world.sql("alter table users_gone rename to users").await;
    assert_eq!((answer.status, answer.code()), (500, Some("INTERNAL")), "{answer:?}");
    let id = answer.body["errors"][0]["extensions"]["requestId"].as_str().expect("a fault names its request").to_owned();
    assert_eq!(answer.header("x-request-id"), [&id]);
    assert!(!answer.body.to_string().contains("users_gone") && !answer.body.to_string().contains("relation"), "{answer:?}");
    let event = |log: &str| log.lines().find(|line| line.contains("\"ERROR\"") && line.contains(&id)).map(str::to_owned);
    let logged = world.roster.program.logged("the fault under its id", event).await;
    assert!(logged.contains("relation"), "its cause is in the log: {logged}");
    assert!(world.admin.viewer().await.is_some(), "the next request is answered");
}

#[tokio::test]
async fn a_server_that_lost_its_database_is_alive_but_not_ready_and_recovers() {
    let world = World::start().await;
    let admin = std::env::var("ROSTER_TEST_POSTGRES").unwrap();
    let mut postgres = PgConnection::connect(&admin).await.unwrap();
    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(&world.database.pool()).await.unwrap();
    world.database.pool().close().await;
    let allow = |allowed: bool| format!("alter database \"{name}\" with allow_connections {allowed}");
    sqlx::raw_sql(&allow(false)).execute(&mut postgres).await.unwrap();
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1")
        .bind(&name)
        .execute(&mut postgres)
        .await
        .unwrap();
    let lost = get(&world, "/readyz").await;
    assert_eq!((lost.status, &lost.body["status"]), (503, &json!("unavailable")), "{lost:?}");
    assert_eq!(get(&world, "/healthz").await.status, 200);
    sqlx::raw_sql(&allow(true)).execute(&mut postgres).await.unwrap();
    assert_eq!(get(&world, "/readyz").await.status, 200);
    assert_eq!(world.admin.viewer().await.as_deref(), Some("Ada@Acme.example"));
}

#[tokio::test]
async fn the_log_is_json_and_holds_no_address_no_token_and_no_link() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    world.invite("refuse@acme.example", "VIEWER").await;
    world.until("select count(*) = 1 from events where event_type = 'Failed'", "the failure is recorded").await;
    world.until_mail_is_settled().await;
    let welcome = world.roster.welcome_token().await;
    get(&world, &format!("/welcome/{welcome}")).await;
    get(&world, "/acme/invitations/s3cret-t0ken?email=eve@acme.example").await;
    get(&world, "/graphql?query=%7B%20nothing%28email%3A%22eve%40acme.example%22%29%20%7D").await;
    world.visitor().sign_in("acme", "eve@acme.example", "wrong-passw0rd").await;
    world.admin.run("updateUser", json!({ "id": eve.id, "name": "Evelyn Miller" })).await.done();
    eve.attempt("inviteUser", json!({ "email": "x@acme.example", "role": "VIEWER", "authMethods": ["password"] })).await;

    world.roster.program.signal(Signal::TERM);
    let ended = world.roster.program.ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.logged);
    assert_eq!(ended.printed, "", "a link is printed only in a terminal");
    for line in ended.logged.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert!(event["timestamp"].is_string() && event["level"].is_string() && event["message"].is_string(), "{line}");
    }
    let (admins, eves) = (world.admin.token.as_deref().unwrap(), eve.token.as_deref().unwrap());
    let secrets = [admins, eves, &welcome, "roster_s_", "s3cret-t0ken", "passw0rd", "Evelyn", "@", "eve%40"];
    for secret in secrets {
        let found = ended.logged.lines().find(|line| line.contains(secret));
        assert_eq!(found, None, "{secret}");
    }
    assert!(ended.logged.contains(r#""route":"/{slug}/invitations/{token}""#), "{}", ended.logged);
}

#[tokio::test]
async fn it_stops_when_it_is_asked_to_after_answering_what_is_under_way() {
    for signal in [Signal::TERM, Signal::INT] {
        let world = World::start().await;
        let mut held = world.database.pool().begin().await.unwrap();
        sqlx::raw_sql("lock table users").execute(&mut *held).await.unwrap();
        let admin = world.admin.clone();
        let asking = tokio::spawn(async move { admin.viewer().await });
        let waits = "select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        world.until(waits, "the request is under way").await;

        world.roster.program.signal(signal);
        world.roster.program.logged("that it stops", |log| log.contains("stopping").then_some(())).await;
        held.commit().await.unwrap();
        assert_eq!(asking.await.unwrap().as_deref(), Some("Ada@Acme.example"));
        let ended = world.roster.program.ended().await;
        assert_eq!(ended.code, Some(0), "{}", ended.logged);
        assert!(ended.logged.contains(r#""message":"stopped""#), "{}", ended.logged);
    }
}

/// What the reference implementation sends with every option on, and with it editors and code generators.
#[tokio::test]
async fn the_introspection_of_common_tools_is_within_the_limits() {
    let world = World::start().await;
    let answer = world.visitor().ask(include_str!("introspection.graphql"), json!({})).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body["errors"]);
    let types = answer.body["data"]["__schema"]["types"].as_array().expect("a list");
    assert!(types.iter().any(|kind| kind["name"] == "UserConnection"));
}

#[tokio::test]
async fn a_document_that_is_too_deep_or_too_complex_hears_the_limit() {
    let world = World::start().await;
    let deep = (0..16).fold("kind".to_owned(), |inner, _| format!("kind ofType {{ {inner} }}"));
    for (query, said) in [
        (format!("{{ __type(name: \"User\") {{ {deep} }} }}"), "at most 15 levels"),
        ("{ users(first: 100) { nodes { history(first: 100) { nodes { id } } } } }".to_owned(), "at most 5000 points"),
    ] {
        let answer = world.admin.ask(&query, json!({})).await;
        assert_eq!(answer.code(), Some("QUERY_TOO_COMPLEX"), "{:?}", answer.body);
        let message = answer.body["errors"][0]["message"].as_str().expect("a sentence");
        assert!(message.contains(said), "{message}");
    }
}
