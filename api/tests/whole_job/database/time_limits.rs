use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;
use sqlx::PgConnection;
use sqlx::postgres::PgPool;
use tokio::time::{sleep, timeout};

use crate::person::Person;
use crate::program::{Serving, TIMEOUT};
use crate::world::World;

const LIST: &str = "{ users(first: 1) { totalCount } }";

/// How many statements of a server wait for a lock.
async fn waiting(pool: &PgPool) -> i64 {
    let count = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'roster' \
         and wait_event_type = 'Lock'";
    sqlx::query_scalar(count).fetch_one(pool).await.expect("the database answers")
}

async fn until_waiting(pool: &PgPool, expected: i64, what: &str) {
    let holds = async {
        while waiting(pool).await != expected {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TIMEOUT, holds).await.unwrap_or_else(|_| panic!("waited in vain until {what}"));
}

/// Locks the users, so that everything that reads them waits.
async fn hold_users(pool: &PgPool) -> sqlx::PgTransaction<'static> {
    let mut held = pool.begin().await.expect("begins");
    sqlx::query("lock table users").execute(&mut *held as &mut PgConnection).await.expect("locks");
    held
}

#[tokio::test]
async fn a_statement_ends_when_its_client_gives_up() {
    let without_limits = [("ROSTER_DATABASE_LOCK_TIMEOUT", "0"), ("ROSTER_DATABASE_STATEMENT_TIMEOUT", "0")];
    let world = World::start_with(&without_limits).await;
    let pool = world.database.pool();
    let held = hold_users(&pool).await;
    let admin = world.admin.clone();
    let asking = tokio::spawn(async move { admin.ask(LIST, json!({})).await });
    until_waiting(&pool, 1, "the statement is under way").await;
    asking.abort();
    until_waiting(&pool, 0, "the statement has ended, while the lock is still held").await;
    held.rollback().await.expect("ends");
    assert_eq!(world.admin.ask(LIST, json!({})).await.body["data"]["users"]["totalCount"], 1);
}

#[tokio::test]
async fn a_held_lock_is_answered_with_unavailable_and_the_server_stays_ready() {
    let world = World::start_with(&[("ROSTER_DATABASE_LOCK_TIMEOUT", "1"), ("ROSTER_DATABASE_CONNECTIONS", "2")]).await;
    let held = hold_users(&world.database.pool()).await;
    for _ in 0..3 {
        let answer = world.admin.ask(LIST, json!({})).await;
        assert_eq!(answer.code(), Some("UNAVAILABLE"), "{answer:?}");
        assert_eq!(answer.header("retry-after"), ["5"], "{answer:?}");
        let ready = reqwest::get(format!("{}/readyz", world.roster.url)).await.expect("answers");
        assert_eq!(ready.status(), 200);
    }
    held.rollback().await.expect("ends");
    assert_eq!(world.admin.ask(LIST, json!({})).await.body["data"]["users"]["totalCount"], 1);
}

#[tokio::test]
async fn a_frozen_process_stops_no_other_for_long() {
    let brief = [("ROSTER_DATABASE_IDLE_TRANSACTION_TIMEOUT", "1"), ("ROSTER_DATABASE_LOCK_TIMEOUT", "30")];
    let world = World::start_with(&brief).await;
    let other = Serving::start_with(world.database.url(), world.smtp.port(), &brief).await;
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    world.until_mail_is_settled().await;
    let pool = world.database.pool();
    // The command has claimed the user when it comes to the row.
    let mut held = pool.begin().await.expect("begins");
    sqlx::query("lock table users in share mode").execute(&mut *held).await.expect("locks");
    let (admin, id) = (world.admin.clone(), ivo.clone());
    tokio::spawn(async move { admin.attempt("updateUser", json!({ "id": id, "role": "EDITOR" })).await });
    until_waiting(&pool, 1, "the command is in the middle of its transaction").await;
    world.roster.program.signal(Signal::STOP);
    held.rollback().await.expect("ends");

    let elsewhere = Person { url: other.url.clone(), ..world.admin.clone() };
    let changed = elsewhere.run("updateUser", json!({ "id": ivo, "role": "ADMIN" })).await;
    assert_eq!(changed.user()["role"], "ADMIN");
    world.roster.program.signal(Signal::CONT);
    assert_eq!(world.admin.ask(LIST, json!({})).await.body["data"]["users"]["totalCount"], 2);
}
