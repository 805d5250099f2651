//! Copies of a cluster's files: a standby that takes over, recovery to a point in time, and an upgrade of the server.

use std::fs::{Permissions, create_dir, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use event_store::Restored;
use rustix::process::Signal;
use serde_json::json;
use sqlx::PgPool;
use test_support::{TestFolder, own_cluster, own_cluster_with};
use tokio::time::{sleep, timeout};

use super::{assert_refused, assert_whole, done, generation, lived_in, serve};
use crate::follower::Follower;
use crate::program::TIMEOUT;
use crate::world::World;

async fn until(pool: &PgPool, sql: &str, what: &str) {
    let holds = async {
        while !sqlx::query_scalar::<_, bool>(sql).fetch_one(pool).await.is_ok_and(|holds| holds) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TIMEOUT, holds).await.unwrap_or_else(|_| panic!("waited in vain until {what}"));
}

async fn text(pool: &PgPool, sql: &str) -> String {
    sqlx::query_scalar(sql).fetch_one(pool).await.expect("answers")
}

/// Something happens after the backup; answers the cursor of a client that has seen it.
async fn happen_later(world: &World) -> String {
    world.invite("later@acme.example", "VIEWER").await;
    world.event_cursor(&world.admin).await
}

#[tokio::test(flavor = "multi_thread")]
async fn own_cluster_a_standby_takes_over_without_any_command() {
    let primary = own_cluster().await;
    let world = World::start_over(primary.create_database().await, &[]).await;
    let name = world.database.name().to_owned();
    let before = lived_in(&world).await;
    let files = primary.base_backup().await;
    let last = happen_later(&world).await;
    files.write("standby.signal", b"");
    let socket = primary.postgres().report().socket_dir.display().to_string();
    let standby = files.start(&[("primary_conninfo", &format!("host={socket} port=5432 user=roster"))]).await;
    let reached = text(&primary.pool(), "select pg_current_wal_lsn()::text").await;
    until(&standby.pool(), &format!("select pg_last_wal_replay_lsn() >= '{reached}'"), "the standby has followed").await;
    let url = standby.postgres().url(&name);
    assert!(done(&["user", "list", "--account", "acme"], &url).await.contains("later@acme.example"), "it may be asked");
    world.roster.program.signal(Signal::KILL);
    primary.stop().await;
    until(&standby.pool(), "select pg_promote()", "it is promoted").await;
    assert_eq!(generation(&url).await, 1);

    let promoted = serve(&world, standby.database(&name)).await;
    assert_eq!(generation(&url).await, 2, "a new timeline is a new generation, without any command");
    assert_whole(&promoted, &before, "promoted@acme.example").await;
    let variables = json!({ "after": last, "filter": { "types": ["INVITED"] } });
    let mut follower = Follower::subscribe(&promoted.roster.url, &promoted.admin, variables).await;
    assert_eq!(follower.next().await["user"]["email"], "promoted@acme.example", "a cursor of the last moment is good");
}

#[tokio::test(flavor = "multi_thread")]
async fn own_cluster_a_recovery_to_a_point_in_time_is_finished_and_says_which_cursors_are_gone() {
    let folder = TestFolder::create().expect("a folder can be made");
    let archive = folder.path().join("archive");
    create_dir(&archive).expect("a folder can be made");
    set_permissions(&archive, Permissions::from_mode(0o777)).expect("the server may write it");
    let (archived, fetched) = (format!("cp %p {}/%f", archive.display()), format!("cp {}/%f %p", archive.display()));
    let primary = own_cluster_with(&[("archive_mode", "on"), ("archive_command", &archived)]).await;
    let world = World::start_over(primary.create_database().await, &[]).await;
    let name = world.database.name().to_owned();
    let before = lived_in(&world).await;
    let files = primary.base_backup().await;
    let pool = primary.pool();
    text(&pool, "select pg_create_restore_point('here')::text").await;
    let lost = happen_later(&world).await;
    let wal = text(&pool, "select pg_walfile_name(pg_switch_wal())").await;
    until(&pool, &format!("select last_archived_wal >= '{wal}' from pg_stat_archiver"), "the WAL is archived").await;
    world.roster.program.signal(Signal::KILL);
    primary.stop().await;

    files.write("recovery.signal", b"");
    let target = [("restore_command", fetched.as_str()), ("recovery_target_name", "here"), ("recovery_target_action", "promote")];
    let recovered = files.start(&target).await;
    until(&recovered.pool(), "select not pg_is_in_recovery()", "it is recovered").await;
    let url = recovered.postgres().url(&name);
    assert_refused(&url, Restored::ToPointInTime).await;
    let told = done(&["restore", "finish"], &url).await;
    assert!(told.starts_with("Restored to a point in time:"), "{told}");
    let recovered = serve(&world, recovered.database(&name)).await;
    assert_whole(&recovered, &before, "recovered@acme.example").await;
    assert!(!done(&["user", "list", "--account", "acme"], &url).await.contains("later@acme.example"));
    assert_lost(&recovered, &lost).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own_cluster_an_upgrade_of_the_server_changes_nothing() {
    let old = own_cluster().await;
    let world = World::start_over(old.create_database().await, &[]).await;
    let name = world.database.name().to_owned();
    let before = lived_in(&world).await;
    let system = "select system_identifier::text from pg_control_system()";
    let was = text(&old.pool(), system).await;
    world.roster.program.signal(Signal::KILL);
    let upgraded = old.stop().await.upgrade().await.start(&[]).await;
    assert_ne!(text(&upgraded.pool(), system).await, was, "it is another cluster");
    let url = upgraded.postgres().url(&name);
    let world = serve(&world, upgraded.database(&name)).await;
    assert_eq!(generation(&url).await, 1);
    assert_whole(&world, &before, "upgraded@acme.example").await;
    let nothing = done(&["restore", "finish"], &url).await;
    assert!(nothing.starts_with("Nothing to do"), "{nothing}");
}

/// Every way to go on from a cursor says that its event is gone.
async fn assert_lost(world: &World, cursor: &str) {
    let mut follower = Follower::after(&world.roster.url, &world.admin, cursor).await;
    assert_eq!(follower.refused().await, "UNKNOWN_CURSOR");
    for (query, arguments) in [
        ("query($after: String) { auditLog(after: $after) { totalCount } }", json!({ "after": cursor })),
        ("query($event: String!) { users(asOf: { event: $event }) { totalCount } }", json!({ "event": cursor })),
        ("query($event: String!) { userChanges(from: { event: $event }) { nodes { kind } } }", json!({ "event": cursor })),
    ] {
        assert_eq!(world.admin.ask(query, arguments).await.code(), Some("UNKNOWN_CURSOR"), "{query}");
    }
}
