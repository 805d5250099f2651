use std::time::Duration;

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use test_support::{SmtpServer, TestDatabase};
use tokio::time::{Instant, sleep};

use crate::person::Person;
use crate::program::{Program, Serving, TIMEOUT};
use crate::wire::Wire;
use crate::world::{World, open_account};

const LIST: &str = "{ users(first: 1) { totalCount } }";

/// Runs SQL as the owner of the cluster, outside of the database of the test.
pub(super) async fn as_owner(sql: &str) {
    let mut owner = PgConnection::connect(&std::env::var("ROSTER_TEST_POSTGRES").expect("a cluster")).await.expect("connects");
    sqlx::raw_sql(sql).execute(&mut owner).await.expect("is done");
}

/// A setting of the database from now on, for new connections; those there are end.
async fn alter(world: &World, change: &str) {
    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(&world.database.pool()).await.expect("answers");
    as_owner(&format!(
        "alter database \"{name}\" {change}; select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
    ))
    .await;
}

async fn readiness(world: &World) -> (u16, Value) {
    let answer = reqwest::get(format!("{}/readyz", world.roster.url)).await.expect("answers");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

/// Waits until a request is answered with data.
async fn until_answered(person: &Person, document: &str) {
    let begun = Instant::now();
    loop {
        let answer = person.ask(document, json!({})).await;
        if answer.code().is_none() {
            return;
        }
        assert!(begun.elapsed() < TIMEOUT, "it does not recover: {answer:?}");
        sleep(Duration::from_millis(100)).await;
    }
}

fn errors(log: &str) -> Vec<&str> {
    log.lines().filter(|line| line.contains("\"ERROR\"") || line.contains("\"WARN\"")).collect()
}

#[tokio::test]
async fn an_outage_is_answered_with_unavailable_and_logged_once() {
    let world = World::start_with(&[("ROSTER_DATABASE_ACQUIRE_TIMEOUT", "1")]).await;
    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(&world.database.pool()).await.expect("answers");
    alter(&world, "with allow_connections false").await;
    let client = &world.admin.client;
    let token = world.admin.token.clone().expect("is signed in");
    for number in 0..8 {
        let answer = world.admin.ask(LIST, json!({})).await;
        assert_eq!((answer.status, answer.code()), (503, Some("UNAVAILABLE")), "{answer:?}");
        assert_eq!(answer.header("retry-after"), ["5"]);
        let input = json!({ "account": "acme", "email": "ada@acme.example", "password": format!("wrong {number}"), "transport": "TOKEN" });
        let visitor = world.visitor().attempt("signIn", input).await;
        assert_eq!((visitor.status, visitor.code()), (200, Some("UNAVAILABLE")), "{visitor:?}");
        for path in ["/history/export", "/users/export"] {
            let answer = client.get(format!("{}{path}", world.roster.url)).bearer_auth(&token).send().await.expect("answers");
            assert_eq!(answer.status(), 503);
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE");
        }
        assert_eq!(readiness(&world).await.1["problems"], json!(["the database does not answer"]));
    }
    as_owner(&format!("alter database \"{name}\" with allow_connections true")).await;
    until_answered(&world.admin, LIST).await;
    assert_eq!(readiness(&world).await.0, 200);
    // While nothing fails for a while, it counts as over.
    let recovered = |log: &str| log.contains("the database can be used again").then(|| log.to_owned());
    let log = world.roster.program.logged("the end of the outage", recovered).await;
    let errors = errors(&log);
    assert!(errors.len() <= 3 && errors.iter().any(|line| line.contains("the database cannot be used")), "{errors:#?}");
}

#[tokio::test]
async fn a_read_only_database_is_not_ready_and_service_resumes_by_itself() {
    let world = World::start().await;
    let invite = "mutation($email: String!) { inviteUser(input: { email: $email, role: VIEWER, authMethods: [\"password\"] }) \
         { user { id } userErrors { code } } }";
    alter(&world, "set default_transaction_read_only = on").await;
    let begun = Instant::now();
    while readiness(&world).await.0 == 200 {
        assert!(begun.elapsed() < TIMEOUT, "/readyz says ready while nothing can be written");
    }
    let (_, body) = readiness(&world).await;
    assert!(body["problems"][0].as_str().is_some_and(|problem| problem.contains("read-only")), "{body}");
    let answer = world.admin.ask(invite, json!({ "email": "eve@acme.example" })).await;
    assert_eq!(answer.code(), Some("UNAVAILABLE"), "{answer:?}");
    assert_eq!(world.admin.ask(LIST, json!({})).await.body["data"]["users"]["totalCount"], 1, "it can be read");

    // The connections of before stay open, and read-only.
    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(&world.database.pool()).await.expect("answers");
    as_owner(&format!("alter database \"{name}\" reset default_transaction_read_only")).await;
    let begun = Instant::now();
    for number in 0..12 {
        loop {
            let answer = world.admin.ask(invite, json!({ "email": format!("user{number}@acme.example") })).await;
            if answer.code().is_none() {
                assert_eq!(answer.body["data"]["inviteUser"]["userErrors"], json!([]));
                break;
            }
            assert!(begun.elapsed() < TIMEOUT, "it does not resume: {answer:?}");
        }
    }
    // The readiness check has a connection of its own, and asks it again within a second.
    while readiness(&world).await.0 != 200 {
        assert!(begun.elapsed() < TIMEOUT, "it is not ready again");
    }
    world.smtp.wait_for("user11@acme.example", 1).await;
}

/// Neither requests nor mail wait for connections that the network has forgotten.
#[tokio::test]
async fn forgotten_connections_are_replaced() {
    let (database, smtp) = (TestDatabase::create().await, SmtpServer::start().await);
    let wire = Wire::to(database.url()).await;
    let roster = Serving::start_with(wire.url(), smtp.port(), &[]).await;
    let (admin, account_id) = open_account(&roster).await;
    let world = World { database, smtp, roster, admin, account_id };
    let lists = (0..20).map(|_| world.admin.ask(LIST, json!({})));
    futures::future::join_all(lists).await;

    wire.forget_connections();
    until_answered(&world.admin, LIST).await;
    let invite = "mutation { inviteUser(input: { email: \"eve@acme.example\", role: VIEWER, authMethods: [\"password\"] }) { userErrors { code } } }";
    until_answered(&world.admin, invite).await;
    world.smtp.wait_for("eve@acme.example", 1).await;
    let begun = Instant::now();
    while readiness(&world).await.0 != 200 {
        assert!(begun.elapsed() < TIMEOUT, "it is not ready again");
    }
}

#[tokio::test]
async fn a_role_without_rights_is_told_which_it_lacks() {
    let database = TestDatabase::create().await;
    let role = format!("roster_app_{}", std::process::id());
    sqlx::raw_sql("drop schema public cascade; create schema public").execute(&database.pool()).await.expect("empties it");
    as_owner(&format!("create role {role} login")).await;
    let url = database.url().replace("roster@", &format!("{role}@"));
    let ended = Program::run(&["migrate"], &[("DATABASE_URL", &url)]).await;
    as_owner(&format!("drop role {role}")).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.logged.contains(&format!("grant usage, create on schema public to {role}")), "{}", ended.logged);
}
