//! Owners and servers that die in the middle of their work.

use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;
use tokio::{task::JoinHandle, time::timeout};

use crate::workshop::{Folder, Owner, TIMEOUT, ask, count_rows, execute, kill, server_processes, until, write_rows};

#[tokio::test]
async fn a_killed_owner_takes_its_server_down_and_leaves_the_data_whole() {
    for folder in [Folder::open(), Folder::closed()] {
        let owner = Owner::start(&folder);
        write_rows(&owner.url).await;
        owner.kill();

        until("the server to end", || server_processes(&folder.cluster()), Vec::is_empty).await;
        let postgres = folder.start().await;
        assert_eq!(count_rows(&postgres.url("example")).await, "1000");
        postgres.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_start_right_after_the_owner_was_killed_waits_for_its_server() {
    let folder = Folder::open();
    let owner = Owner::start(&folder);
    let left_behind = owner.server;
    write_rows(&owner.url).await;

    owner.kill();
    let postgres = folder.start().await;

    assert_ne!(postgres.report().pid, left_behind);
    assert_eq!(count_rows(&postgres.url("example")).await, "1000");
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_dies_is_noticed_and_can_be_started_again() {
    let folder = Folder::open();
    let postgres = folder.start().await;
    write_rows(&postgres.url("example")).await;

    kill(postgres.report().pid, Signal::KILL);

    let status = timeout(TIMEOUT, postgres.exited()).await.unwrap().unwrap();
    assert_eq!(status.signal(), Some(Signal::KILL.as_raw()));
    let again = folder.start().await;
    assert_eq!(count_rows(&again.url("example")).await, "1000");
    again.stop().await.unwrap();
    postgres.stop().await.unwrap();
}

/// A statement that never looks whether its server still lives.
async fn stay_busy(server: &str) -> JoinHandle<Result<(), sqlx::Error>> {
    let url = server.to_owned();
    let busy = tokio::spawn(async move { execute(&url, "do $$ begin loop end loop; end $$").await });
    let running = "select (count(*) > 0)::text from pg_stat_activity where query like 'do %' and state = 'active'";
    while ask(server, running).await != "true" {}
    busy
}

#[tokio::test]
async fn a_backend_that_outlives_its_server_is_ended_with_it() {
    let folder = Folder::open();
    let postgres = folder.start().await;
    write_rows(&postgres.url("example")).await;
    let busy = stay_busy(&postgres.url("example")).await;

    kill(postgres.report().pid, Signal::KILL);
    timeout(TIMEOUT, postgres.exited()).await.unwrap();

    assert!(busy.await.unwrap().is_err());
    let again = folder.start().await;
    assert_eq!(count_rows(&again.url("example")).await, "1000");
    again.stop().await.unwrap();
}

#[tokio::test]
async fn a_backend_that_outlives_its_server_and_its_owner_is_ended_before_the_next_start() {
    let folder = Folder::open();
    let owner = Owner::start(&folder);
    write_rows(&owner.url).await;
    let busy = stay_busy(&owner.url).await;
    let server = owner.server;
    // Frozen first, so that it cannot clear up between the two deaths.
    kill(owner.child.id(), Signal::STOP);
    kill(server, Signal::KILL);
    owner.kill();
    assert_ne!(server_processes(&folder.cluster()), Vec::<u32>::new());

    let again = folder.start().await;

    assert!(busy.await.unwrap().is_err());
    assert_eq!(count_rows(&again.url("example")).await, "1000");
    again.stop().await.unwrap();
}
