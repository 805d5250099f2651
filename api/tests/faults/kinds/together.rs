//! A server or Postgres is killed while commands of many callers of one account share a transaction.

use std::time::Instant;

use rustix::process::Signal;

use crate::trial::{TIMEOUT, Trial};
use crate::workload::Crowd;

/// Whether a transaction has written something and is not committed.
const WRITING: &str = "select exists (
    select from pg_stat_activity where application_name = 'roster' and state in ('active', 'idle in transaction') and backend_xid is not null)";

/// How many transactions have the events of several requests, and how many requests the largest has.
const SHARED: &str = "
    select count(*)::text || ' transactions were shared, the largest by ' || coalesce(max(requests), 0) || ' commands'
    from (
        select count(distinct metadata ->> 'request_id') as requests from events where aggregate_type = 'user' group by generation, xid
    ) as transactions
    where requests > 1";

/// Sends a crowd off, and waits until it has been answered and a transaction is under way.
async fn crowd_at_work(trial: &Trial) -> Crowd {
    let notes = trial.world.journal.notes();
    let crowd = Crowd::start(trial.world.site(), &format!("c{}", notes.operations.len()));
    let began = Instant::now();
    while trial.world.journal.notes().answered < notes.answered + 50 || !trial.world.postgres.ask::<bool>(WRITING).await {
        assert!(began.elapsed() < TIMEOUT, "no transaction was found that writes");
    }
    crowd
}

async fn judge(trial: Trial) {
    let shared: String = trial.world.postgres.ask(SHARED).await;
    println!("{shared}");
    let count: usize = shared.split(' ').next().and_then(|count| count.parse().ok()).expect("a number");
    assert!(count > 0, "commands have never shared a transaction");
    trial.judge().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_in_shared_transactions_loses_none_of_their_commands() {
    let mut trial = Trial::start(17, "kill -9 of a server in shared transactions").await;
    while trial.again().await {
        let victim = trial.any_server();
        let crowd = crowd_at_work(&trial).await;
        let began = Instant::now();
        trial.world.servers.end(victim, Signal::KILL).await;
        crowd.stop().await;
        trial.served_during(began).await;
        trial.world.servers.start(victim).await;
        trial.served_after(Instant::now()).await;
    }
    judge(trial).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_killed_in_shared_transactions_loses_none_of_their_commands() {
    let mut trial = Trial::start(18, "kill -9 of Postgres in shared transactions").await;
    while trial.again().await {
        let crowd = crowd_at_work(&trial).await;
        trial.world.postgres.kill().await;
        trial.world.postgres.start_again().await;
        trial.world.servers.lead_to(&trial.world.postgres);
        let began = Instant::now();
        crowd.stop().await;
        trial.served_after(began).await;
    }
    judge(trial).await;
}
