//! The primary dies, and its standby takes over.

use std::time::Instant;

use reqwest::StatusCode;

use crate::pause;
use crate::postgres::Postgres;
use crate::servers::COUNT;
use crate::trial::{TIMEOUT, Trial};

/// A standby that has acknowledged everything that the primary acknowledges.
async fn standby_of(primary: &Postgres) -> Postgres {
    let mut standby = primary.copy(&["--wal-method=stream", "--write-recovery-conf"], &[]).await;
    standby.start_again().await;
    primary.run("alter system set synchronous_standby_names = '*'").await;
    primary.run("select pg_reload_conf()").await;
    primary.until("select exists (select from pg_stat_replication where sync_state = 'sync')", "the standby keeps up").await;
    standby
}

/// Waits until a server says that it cannot serve.
async fn until_not_ready(trial: &Trial, which: usize) {
    let began = Instant::now();
    while trial.world.get(which, "/readyz").await.status() != StatusCode::SERVICE_UNAVAILABLE {
        assert!(began.elapsed() < TIMEOUT, "a server is ready over a database that can only be read");
        pause().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn service_goes_on_over_a_promoted_standby() {
    let mut trial = Trial::start(15, "failover to a standby").await;
    while trial.again().await {
        let standby = standby_of(&trial.world.postgres).await;
        trial.world.postgres.kill().await;
        trial.world.postgres = standby;
        trial.world.servers.lead_to(&trial.world.postgres);
        for which in 0..COUNT {
            until_not_ready(&trial, which).await;
        }
        let promoted: bool = trial.world.postgres.ask("select pg_promote()").await;
        assert!(promoted);
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}
