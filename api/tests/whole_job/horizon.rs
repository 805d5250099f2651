//! While a transaction somewhere in the cluster holds history back, everybody is told how far it is complete, and nothing is wrong.

use api::export::Line;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use test_support::{OwnCluster, own_cluster};
use tokio::time::{sleep, timeout};

use crate::export::{events, exported, request};
use crate::follower::Follower;
use crate::past::clock;
use crate::person::Answer;
use crate::program::TIMEOUT;
use crate::world::World;

const COMPLETE: &str = "query($id: ID!, $from: AsOf!, $to: AsOf) {
    auditLog(first: 1) { completeUntil nodes { user { email } } }
    user(id: $id) { history(first: 1) { completeUntil } }
    userChanges(from: $from, to: $to) { completeUntil to { at event } nodes { kind after { userId } } } }";

/// A Roster in a cluster of its own, so that other tests hold nothing back and are not held back.
async fn start() -> (OwnCluster, World) {
    let cluster = own_cluster().await;
    let database = cluster.create_database().await;
    (cluster, World::start_over(database, &[]).await)
}

/// What is open elsewhere in the cluster, in another database.
async fn hold(cluster: &OwnCluster) -> PgConnection {
    let mut elsewhere = PgConnection::connect(&cluster.postgres().url("postgres")).await.expect("connects");
    elsewhere.execute("begin; select pg_current_xact_id()").await.expect("takes an id");
    elsewhere
}

async fn asked(world: &World, from: &str, to: Value) -> Value {
    let mut answer = world.admin.ask(COMPLETE, json!({ "id": world.admin.id, "from": { "at": from }, "to": to })).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    answer.body["data"].take()
}

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no instant"))
}

/// `feed` of the body of `/readyz`, as soon as it fulfils a condition.
async fn feed_when(world: &World, holds: impl Fn(&Value) -> bool) -> Value {
    let wait = async {
        loop {
            let mut ready = Answer::of(world.admin.client.get(format!("{}/readyz", world.roster.url))).await;
            assert_eq!((ready.status, &ready.body["status"]), (200, &json!("ready")), "it is never a reason not to be ready");
            if holds(&ready.body["feed"]) {
                break ready.body["feed"].take();
            }
            sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    timeout(TIMEOUT, wait).await.expect("the feed in /readyz becomes what it should")
}

#[tokio::test]
async fn own_cluster_while_a_transaction_elsewhere_is_open_every_reader_says_how_far_history_is_complete() {
    let (cluster, world) = start().await;
    let from = clock(&world).await;
    let mut elsewhere = hold(&cluster).await;
    let mut invited = vec![];
    for name in ["eve", "bob", "kim"] {
        invited.push(world.invite(&format!("{name}@acme.example"), "VIEWER").await);
    }
    let first: DateTime<Utc> = sqlx::query_scalar("select recorded_at from events where aggregate_id = $1 and sequence = 1")
        .bind(&invited[0])
        .fetch_one(&world.database.pool())
        .await
        .expect("it is recorded");

    let held = asked(&world, &from, Value::Null).await;
    let changes = &held["userChanges"];
    for complete in
        [&held["auditLog"]["completeUntil"], &held["user"]["history"]["completeUntil"], &changes["completeUntil"], &changes["to"]["at"]]
    {
        assert!(instant(complete) < first && instant(complete) > instant(&json!(from)), "{held}");
    }
    assert_eq!(changes["nodes"], json!([]), "none of the three is told yet");
    let lines = exported(&world.admin, "/history/export").await;
    let Some(Ok(Line::Completed(last))) = lines.lines().next_back().map(Line::parse) else { panic!("{lines}") };
    assert!(instant(&json!(last.data.complete_until)) < first);
    assert!(events(&lines).iter().all(|event| instant(&json!(event.time)) < first));
    let feed = feed_when(&world, |feed| feed["state"] == "behind").await;
    assert!(instant(&feed["completeUntil"]) < first && feed["behindSeconds"].as_i64() >= Some(5), "{feed}");

    // The instant that was told is accepted at once, and means the same forever.
    let told = changes["to"]["at"].clone();
    let again = asked(&world, &from, json!({ "at": told })).await;
    assert_eq!((&again["userChanges"]["to"], &again["userChanges"]["nodes"]), (&changes["to"], &changes["nodes"]));
    let now: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(&world.database.pool()).await.expect("answers");
    let early = world.admin.ask(COMPLETE, json!({ "id": world.admin.id, "from": { "at": from }, "to": { "at": now } })).await;
    assert_eq!(early.code(), Some("NOT_YET"), "{:?}", early.body);

    elsewhere.execute("rollback").await.expect("ends");
    clock(&world).await;
    let again = asked(&world, &from, json!({ "at": told })).await;
    assert_eq!((&again["userChanges"]["to"], &again["userChanges"]["nodes"]), (&changes["to"], &changes["nodes"]));
    let after = asked(&world, &from, Value::Null).await;
    assert_eq!(after["userChanges"]["nodes"].as_array().map(Vec::len), Some(3), "{after}");
    assert!(instant(&after["userChanges"]["to"]["at"]) > first && instant(&after["auditLog"]["completeUntil"]) > first);
    feed_when(&world, |feed| feed["state"] == "current").await;
}

#[tokio::test]
async fn own_cluster_after_thirty_seconds_the_log_names_the_transaction_that_holds_history_back_and_says_when_it_is_over() {
    let (cluster, world) = start().await;
    let mut elsewhere = hold(&cluster).await;
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut elsewhere).await.expect("answers");
    let database: String = sqlx::query_scalar("select current_database()::text").fetch_one(&mut elsewhere).await.expect("answers");
    let warned = |log: &str| {
        let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.into_iter().find(|line| line["level"] == "WARN" && line["pid"] == pid)
    };
    let warning = world.roster.program.logged("who holds history back", warned).await;
    assert_eq!(warning["database"], database.as_str(), "{warning}");
    assert!(warning["age_seconds"].as_u64() >= Some(30), "{warning}");
    assert!(warning["user"].is_string() && !warning.to_string().contains("pg_current_xact_id"), "no statement is told: {warning}");
    elsewhere.execute("rollback").await.expect("ends");
    world.roster.program.logged("that it is over", |log| log.contains("history goes on").then_some(())).await;
}

#[tokio::test]
async fn own_cluster_subscribers_and_exports_go_on_by_themselves_once_history_is_complete_again() {
    let (cluster, world) = start().await;
    let mut follower = Follower::start(&world, &world.admin).await;
    let mut elsewhere = hold(&cluster).await;
    let id = world.invite("eve@acme.example", "VIEWER").await;
    let answer = Answer::of(request(&world.admin, "/history/export?format=csv")).await;
    assert!(answer.status == 200 && !answer.body.as_str().expect("a table").contains(&id), "{answer:?}");
    elsewhere.execute("rollback").await.expect("ends");
    assert_eq!(follower.next().await["id"], format!("{id}:1"));
}
