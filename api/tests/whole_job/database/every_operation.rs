//! Every operation of the schema, many times at once, with one connection for all requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use futures::future::join_all;
use reqwest::Client;
use serde_json::{Value, json};

use crate::matrix::operations;
use crate::person::Person;
use crate::world::World;

const AT_ONCE: usize = 64;

/// A read that holds a connection while it waits for another waits for itself here.
#[tokio::test]
async fn every_operation_at_once_works_with_one_connection_and_the_server_stays_ready() {
    let world = World::start_with(&[("ROSTER_DATABASE_CONNECTIONS", "1"), ("ROSTER_DATABASE_ACQUIRE_TIMEOUT", "30")]).await;
    let operations = operations(&world).await;
    assert!(operations.len() > 60, "only {} operations were found", operations.len());
    let is_over = Arc::new(AtomicBool::new(false));
    let readiness = tokio::spawn(stays_ready(world.roster.url.clone(), Arc::clone(&is_over)));
    for (document, variables) in operations {
        let asked = (0..AT_ONCE).map(|_| ask(&world.admin, &document, &variables));
        for answer in join_all(asked).await {
            let code = answer["errors"][0]["extensions"]["code"].as_str();
            assert!(!matches!(code, Some("INTERNAL" | "UNAVAILABLE" | "TIMEOUT")), "{document}: {answer}");
        }
    }
    is_over.store(true, Relaxed);
    readiness.await.expect("it was ready all the time");
}

async fn ask(person: &Person, document: &str, variables: &Value) -> Value {
    person.ask(document, variables.clone()).await.body
}

async fn stays_ready(url: String, is_over: Arc<AtomicBool>) {
    let client = Client::new();
    while !is_over.load(Relaxed) {
        let answer = client.get(format!("{url}/readyz")).send().await.expect("it answers");
        let (status, body) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
        assert_eq!((status.as_u16(), &body["status"]), (200, &json!("ready")), "{body}");
    }
}
