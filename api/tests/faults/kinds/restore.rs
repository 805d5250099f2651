//! The database is lost, and restored from a backup that was taken while clients worked. What was acknowledged before the backup is there;
//! what came later may be gone. `roster restore finish` is what an operator runs then.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Stdio, time::Instant};

use rustix::process::Signal;
use test_support::cluster;

use crate::postgres::{Postgres, succeed};
use crate::servers::{COUNT, roster};
use crate::trial::Trial;
use crate::world::World;

const DATABASE: &str = cluster::TEMPLATE;

/// Writes what it archives into a folder of its own.
const ARCHIVING: [(&str, &str); 2] = [("archive_mode", "on"), ("archive_command", "cp %p {place}/archive/%f")];

/// Has the servers work with a restored database, as an operator does.
async fn take_up(trial: &mut Trial, backed_up: Instant, restored: Postgres) {
    let ended = Instant::now();
    let refused = roster(&restored, &["projections", "verify"]).await;
    assert!(refused.code != Some(0) && refused.logged.contains("roster restore finish"), "{refused:?}");
    let finished = roster(&restored, &["restore", "finish"]).await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    trial.world.journal.doubt_since(backed_up);
    trial.world.postgres = restored;
    trial.world.servers.lead_to(&trial.world.postgres);
    for which in 0..COUNT {
        trial.world.servers.start(which).await;
    }
    trial.resume();
    trial.served_after(ended).await;
}

/// Everything stops.
async fn shut_down(trial: &mut Trial) {
    trial.pause().await;
    for which in 0..COUNT {
        let ended = trial.world.servers.end(which, Signal::TERM).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_is_restored_into_a_younger_cluster_by_pg_restore() {
    let mut trial = Trial::start(11, "restore by pg_restore").await;
    while trial.again().await {
        trial.park_follower();
        let backed_up = Instant::now();
        let dump = trial.world.postgres.place().join("roster.dump");
        let old = &trial.world.postgres;
        succeed(old.tool("pg_dump").arg("--dbname").arg(old.url()).args(["--format=custom", "--file"]).arg(&dump)).await;
        trial.served_after(Instant::now()).await;
        shut_down(&mut trial).await;

        let restored = empty_cluster().await;
        let target = restored.url();
        succeed(restored.tool("pg_restore").args(["--exit-on-error", "--dbname"]).arg(target).arg(&dump)).await;
        take_up(&mut trial, backed_up, restored).await;
    }
    trial.judge().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_is_restored_into_an_older_cluster_by_psql() {
    /// More transactions than the old cluster has seen.
    const GROW_OLD: &str = "do $$ begin for i in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$";
    let mut trial = Trial::start(12, "restore by psql").await;
    while trial.again().await {
        trial.park_follower();
        let backed_up = Instant::now();
        let dump = trial.world.postgres.place().join("roster.sql");
        let old = &trial.world.postgres;
        succeed(old.tool("pg_dump").arg("--dbname").arg(old.url()).arg("--file").arg(&dump)).await;
        trial.served_after(Instant::now()).await;
        shut_down(&mut trial).await;

        let restored = empty_cluster().await;
        restored.run(GROW_OLD).await;
        let target = restored.url();
        let mut psql = restored.tool("psql");
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--file"]).arg(&dump).arg(target);
        succeed(psql.stdout(Stdio::null())).await;
        take_up(&mut trial, backed_up, restored).await;
    }
    trial.judge().await;
}

/// A cluster with an empty database.
async fn empty_cluster() -> Postgres {
    let postgres = Postgres::start_empty(&[]).await;
    let target = postgres.url_of("postgres");
    succeed(postgres.tool("psql").args(["--quiet", "--command"]).arg(format!("create database {DATABASE}")).arg(target)).await;
    postgres
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_base_backup_is_recovered_to_a_point_in_time() {
    let postgres = archiving(Postgres::prepare(&ARCHIVING)).await;
    cluster::prepare_template(&postgres.url_of("postgres")).await.expect("the schema can be made");
    let mut trial = Trial::start_over(13, "point-in-time recovery", World::start(postgres).await).await;
    while trial.again().await {
        let archive = trial.world.postgres.place().join("archive");
        let restore = format!("cp {}/%f %p", archive.display());
        let settings = [("restore_command", restore.as_str()), ("recovery_target_name", "here"), ("recovery_target_action", "promote")];
        let copy = trial.world.postgres.copy(&["--wal-method=none"], &[&ARCHIVING[..], &settings].concat()).await;
        trial.park_follower();
        let backed_up = Instant::now();
        trial.world.postgres.run("select pg_create_restore_point('here')").await;
        // What is acknowledged now is lost with the cluster.
        trial.served_after(Instant::now()).await;
        shut_down(&mut trial).await;
        // It archives all that it has written, and nothing of it but the archive is used.
        trial.world.postgres.stop().await;

        fs::write(copy.data().join("recovery.signal"), "").expect("the folder can be written");
        let restored = archiving(copy).await;
        restored.until("select not pg_is_in_recovery()", "it has recovered").await;
        take_up(&mut trial, backed_up, restored).await;
    }
    trial.judge().await;
}

/// Starts it with a folder for its archive.
async fn archiving(mut postgres: Postgres) -> Postgres {
    let archive: PathBuf = postgres.place().join("archive");
    fs::create_dir(&archive).expect("the folder can be written");
    // Before its first start it is not known as which user it runs.
    fs::set_permissions(&archive, fs::Permissions::from_mode(0o777)).expect("the folder is ours");
    postgres.start_again().await;
    postgres
}
