//! Someone holds a lock and does not give it back: a forgotten session of an operator, a migration, another program.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio::{task::JoinSet, time::sleep};

use crate::servers::COUNT;
use crate::trial::Trial;
use crate::workload::{Client, Repeat};

async fn hold(trial: &Trial, lock: &str) -> PgConnection {
    let mut session = trial.world.postgres.connect().await;
    sqlx::raw_sql(&format!("begin; {lock}")).execute(&mut session).await.unwrap_or_else(|error| panic!("{lock}: {error}"));
    session
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lock_of_a_table_that_is_held_delays_and_loses_nothing() {
    const LASTS: Duration = Duration::from_secs(4);
    let mut trial = Trial::start(8, "held lock of a table").await;
    while trial.again().await {
        let session = hold(&trial, "lock table users").await;
        sleep(LASTS).await;
        session.close().await.expect("it closes");
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}

/// More than a server has connections.
const STUBBORN: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lock_of_a_user_that_many_wait_for_stops_no_one_else() {
    let mut trial = Trial::start(9, "held lock of a user, many waiting").await;
    let row = format!("select from users where id = '{}' for update", trial.world.quiet_user());
    while trial.again().await {
        let session = hold(&trial, &row).await;
        let began = Instant::now();
        let waiting = rename_quiet_user(&trial, STUBBORN);
        trial.served_during(began).await;
        session.close().await.expect("it closes");
        trial.served_after(Instant::now()).await;
        waiting.join_all().await;
    }
    trial.judge().await;
}

/// So many clients want to rename the same user.
fn rename_quiet_user(trial: &Trial, clients: usize) -> JoinSet<()> {
    let mut all = JoinSet::new();
    let round = trial.world.journal.notes().operations.len();
    for number in 0..clients {
        let mut client = Client::new(trial.world.site(), &format!("s{round}x{number}"), number % COUNT);
        let id = trial.world.quiet_user().to_owned();
        all.spawn(async move {
            let name = client.unique();
            client.run("updateUser", json!({ "id": id, "name": name }), Repeat::WithKey).await;
        });
    }
    all
}
