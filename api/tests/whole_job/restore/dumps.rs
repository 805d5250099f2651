//! Dumps that are restored into clusters with lower and with higher transaction ids.

use event_store::Restored;
use test_support::{ClusterFiles, OwnCluster, TestDatabase, TestFolder, bin_dir, run_program};

use super::{assert_refused, assert_whole, done, generation, lived_in, serve};
use crate::follower::rename_often;
use crate::world::World;

/// The next transaction id of a cluster that has lived long.
const OLD: u64 = 1_000_000_000;

async fn old_cluster() -> OwnCluster {
    let files = ClusterFiles::create().await;
    files.set_next_transaction(OLD).await;
    files.start(&[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn own_cluster_a_dump_made_under_load_shows_the_same_history_where_transaction_ids_are_lower() {
    let old = old_cluster().await;
    let source = old.create_empty_database().await;
    done(&["migrate"], source.url()).await;
    let world = World::start_over(source, &[]).await;
    let before = lived_in(&world).await;
    let busy = tokio::spawn(rename_often(world.admin.clone(), world.admin.id.clone(), 100_000));
    world.until("select count(*) > 40 from events where event_type = 'NameChanged'", "someone writes").await;
    let (bin, folder) = (bin_dir().await, TestFolder::create().expect("a folder can be made"));
    let file = folder.path().join("dump");
    let file = file.to_str().expect("it is text");
    run_program(&bin.join("pg_dump"), &["-Fc", "--file", file, "--dbname", world.database.url()]).await;
    assert!(!busy.is_finished(), "it was written meanwhile");
    busy.abort();

    let target = TestDatabase::create_empty("").await;
    run_program(&bin.join("pg_restore"), &["--exit-on-error", "--dbname", target.url(), file]).await;
    assert_refused(target.url(), Restored::FromDump).await;
    let told = done(&["restore", "finish"], target.url()).await;
    assert!(told.contains("The generation was 1 and is now 2."), "{told}");
    let younger = serve(&world, target).await;
    assert_whole(&younger, &before, "younger@acme.example").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own_cluster_plain_sql_shows_the_same_history_where_transaction_ids_are_higher() {
    let world = World::start().await;
    let before = lived_in(&world).await;
    let (bin, folder) = (bin_dir().await, TestFolder::create().expect("a folder can be made"));
    let file = folder.path().join("plain.sql");
    let file = file.to_str().expect("it is text");
    run_program(&bin.join("pg_dump"), &["--file", file, "--dbname", world.database.url()]).await;

    let old = old_cluster().await;
    let target = old.create_empty_database().await;
    run_program(&bin.join("psql"), &["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file, "-d", target.url()]).await;
    let ahead = "select count(*) from events where generation = current_generation() and xid >= pg_snapshot_xmin(pg_current_snapshot())";
    let ahead: i64 = sqlx::query_scalar(ahead).fetch_one(&target.pool()).await.expect("answers");
    assert_eq!(ahead, 0, "to compare transaction ids finds nothing");
    assert_refused(target.url(), Restored::FromDump).await;
    done(&["restore", "finish"], target.url()).await;
    assert_eq!(generation(target.url()).await, 2);
    let older = serve(&world, target).await;
    assert_whole(&older, &before, "older@acme.example").await;
}
