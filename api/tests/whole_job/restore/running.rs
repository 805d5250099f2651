//! A server whose database is replaced by a restored one while it runs.

use std::time::Duration;

use serde_json::Value;
use sqlx::{Connection, Executor, PgConnection};
use test_support::{TestDatabase, TestFolder, bin_dir, run_program};
use tokio::time::{Instant, sleep};

use super::done;
use crate::program::TIMEOUT;
use crate::world::World;

/// Waits for what `/readyz` answers.
async fn readiness(world: &World, status: u16) -> Value {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        let answer = world.admin.client.get(format!("{}/readyz", world.roster.url)).send().await.expect("it answers");
        let (got, body) = (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"));
        let is_told = status == 200 || body["problems"].to_string().contains("restored");
        if got == status && is_told {
            return body;
        }
        assert!(Instant::now() < deadline, "{got} {body}");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_running_server_refuses_new_connections_to_a_restored_database_and_says_so() {
    let world = World::start().await;
    let (bin, folder) = (bin_dir().await, TestFolder::create().expect("a folder can be made"));
    let file = folder.path().join("dump");
    let file = file.to_str().expect("it is text");
    run_program(&bin.join("pg_dump"), &["-Fc", "--file", file, "--dbname", world.database.url()]).await;
    let restored = TestDatabase::create_empty("").await;
    run_program(&bin.join("pg_restore"), &["--exit-on-error", "--dbname", restored.url(), file]).await;
    let other = TestDatabase::create_empty("").await;
    readiness(&world, 200).await;

    // The restored database takes the other's name, as where an address leads somewhere else.
    world.database.pool().close().await;
    let mut admin = PgConnection::connect(other.url()).await.expect("connects");
    let (name, restored_name) = (world.database.name(), restored.name());
    let swap = [
        format!("alter database {name} allow_connections false"),
        format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname in ('{name}', '{restored_name}')"),
        format!("alter database {name} rename to {name}_before"),
        format!("alter database {restored_name} rename to {name}"),
    ];
    for statement in &swap {
        admin.execute(statement.as_str()).await.expect(statement);
    }
    let body = readiness(&world, 503).await;
    let sentence = "this database was restored from a dump: run `roster restore finish` first";
    assert_eq!(body["problems"], serde_json::json!([sentence]));
    let logged = world.roster.program.logged("why connections are refused", |log| log.contains(sentence).then(|| log.to_owned())).await;
    assert_eq!(logged.matches(sentence).count(), 1, "{logged}");

    done(&["restore", "finish"], world.database.url()).await;
    readiness(&world, 200).await;
    assert_eq!(world.admin.viewer().await.as_deref(), Some("Ada@Acme.example"));
    admin.execute(format!("drop database {name}_before with (force)").as_str()).await.expect("drops");
}
