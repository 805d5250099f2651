//! A server is stopped in the middle of what it does, holding locks, as by a debugger, a paused container or swapping.

use std::time::Instant;

use rustix::process::Signal;

use crate::pause;
use crate::trial::{TIMEOUT, Trial};

/// How many transactions of stopped clients are open.
const HELD: &str = "select count(*) from pg_stat_activity where application_name = 'roster' and state = 'idle in transaction'
    and state_change < now() - interval '200 milliseconds'";

/// Stops it at a moment when it holds locks.
async fn freeze(trial: &Trial, victim: usize) {
    let began = Instant::now();
    while began.elapsed() < TIMEOUT {
        trial.world.servers.signal(victim, Signal::STOP);
        let stopped = Instant::now();
        while stopped.elapsed() < std::time::Duration::from_millis(500) {
            if trial.world.postgres.ask::<i64>(HELD).await > 0 {
                return;
            }
            pause().await;
        }
        trial.world.servers.signal(victim, Signal::CONT);
        pause().await;
    }
    panic!("the server was never stopped in the middle of a transaction");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_server_does_not_stop_the_other() {
    let mut trial = Trial::start(4, "freeze of a server that holds locks").await;
    while trial.again().await {
        let victim = trial.any_server();
        freeze(&trial, victim).await;
        trial.served_during(Instant::now()).await;
        trial.world.servers.signal(victim, Signal::CONT);
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}
