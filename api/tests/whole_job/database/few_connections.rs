//! A role of Postgres that may open few connections.

use futures::future::join_all;
use serde_json::json;
use test_support::{SmtpServer, TestDatabase};

use super::outage::as_owner;
use crate::person::Person;
use crate::program::{MASTER_KEY, Program, Serving};
use crate::world::open_account;

const LIMIT: usize = 8;
const CLIENTS: usize = 30;
const REQUESTS: usize = 10;

#[tokio::test]
async fn two_servers_and_a_command_share_the_few_connections_of_a_role() {
    let (database, smtp) = (TestDatabase::create().await, SmtpServer::start().await);
    let role = format!("roster_few_{}", std::process::id());
    as_owner(&format!("create role {role} login connection limit {LIMIT}; grant roster to {role}")).await;
    let url = database.url().replace("roster@", &format!("{role}@"));
    let one = Serving::start(&url, smtp.port()).await;
    let (admin, _) = open_account(&one).await;
    let other = Serving::start(&url, smtp.port()).await;
    let elsewhere = Person { url: other.url.clone(), ..admin.clone() };

    let clients = (0..CLIENTS).map(async |number| {
        let person = if number % 2 == 0 { &admin } else { &elsewhere };
        for _ in 0..REQUESTS {
            let answer = person.ask("{ users(first: 20) { totalCount nodes { email } } }", json!({})).await;
            assert_eq!(answer.body["data"]["users"]["totalCount"], 1, "{answer:?}");
        }
    });
    join_all(clients).await;
    let command = Program::run(&["user", "list", "--account", "acme"], &[("DATABASE_URL", &url), ("ROSTER_MASTER_KEY", MASTER_KEY)]).await;
    assert_eq!(command.code, Some(0), "{command:?}");
    let is_told = |log: &str| log.contains("Postgres allows Roster few connections").then_some(());
    one.program.logged("that connections are few", is_told).await;
    drop((one, other, database));
    as_owner(&format!("drop role {role}")).await;
}
