//! Processes are killed: a server, the postmaster, a backend.

use std::time::Instant;

use rustix::process::Signal;

use crate::postgres::kill;
use crate::trial::Trial;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_outlives_a_killed_server() {
    let mut trial = Trial::start(1, "kill -9 of a server").await;
    while trial.again().await {
        let victim = trial.any_server();
        let began = Instant::now();
        trial.world.servers.end(victim, Signal::KILL).await;
        trial.served_during(began).await;
        trial.world.servers.start(victim).await;
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_outlives_a_killed_postgres() {
    let mut trial = Trial::start(2, "kill -9 of Postgres").await;
    while trial.again().await {
        trial.world.postgres.kill().await;
        trial.world.postgres.start_again().await;
        trial.world.servers.lead_to(&trial.world.postgres);
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_outlives_a_killed_backend() {
    /// Most likely one that is in the middle of something.
    const BUSY: &str = "select pid from pg_stat_activity where application_name = 'roster'
        order by state = 'idle in transaction' desc, state = 'active' desc, state_change desc limit 1";
    let mut trial = Trial::start(3, "kill -9 of a backend").await;
    while trial.again().await {
        let backend: i32 = trial.world.postgres.ask(BUSY).await;
        kill(backend.unsigned_abs());
        // Postgres ends all others, recovers by itself, and takes connections again.
        trial.world.postgres.until("select true", "Postgres has recovered").await;
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}
