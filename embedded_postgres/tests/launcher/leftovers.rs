//! Files and processes that an earlier run left behind, or seems to have.

use std::{
    fs,
    process::{self, Child, Command},
};

use embedded_postgres::EmbeddedPostgres;
use rustix::process::Signal;

use crate::workshop::{Folder, count_rows, kill, start_by_hand, until, write_rows};

/// A process that has nothing to do with Postgres.
struct Bystander(Child);

impl Bystander {
    fn start(folder: &Folder) -> Self {
        Self(Command::new("sleep").arg("600").current_dir(folder.cluster()).spawn().unwrap())
    }

    fn lives(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test]
async fn a_second_start_in_the_same_folder_names_the_first() {
    let folder = Folder::open();
    let postgres = folder.start().await;

    let refused = EmbeddedPostgres::start(folder.config()).await.unwrap_err().to_string();

    assert!(refused.contains(&format!("already in use by process {}", process::id())), "{refused}");
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_lock_file_that_names_a_living_stranger_does_not_block_the_start() {
    let folder = Folder::open();
    let first = folder.start().await;
    write_rows(&first.url("example")).await;
    let lock = folder.cluster().join("postmaster.pid");
    let stale = fs::read_to_string(&lock).unwrap();
    let pid = first.report().pid.to_string();
    first.stop().await.unwrap();
    let mut stranger = Bystander::start(&folder);
    let socket = folder.data().join("socket");
    fs::create_dir(&socket).unwrap();
    fs::write(&lock, stale.replacen(&pid, &stranger.0.id().to_string(), 1)).unwrap();
    fs::write(socket.join(".s.PGSQL.5432"), "").unwrap();
    fs::write(socket.join(".s.PGSQL.5432.lock"), format!("{}\n", stranger.0.id())).unwrap();

    let second = folder.start().await;

    assert_eq!(count_rows(&second.url("example")).await, "1000");
    assert!(stranger.lives());
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_lock_file_that_names_the_server_of_another_folder_leaves_that_one_alone() {
    let (folder, other) = (Folder::open(), Folder::open());
    folder.start().await.stop().await.unwrap();
    let others = other.start().await;
    fs::copy(other.cluster().join("postmaster.pid"), folder.cluster().join("postmaster.pid")).unwrap();
    write_rows(&others.url("example")).await;

    let postgres = folder.start().await;

    assert_eq!(count_rows(&others.url("example")).await, "1000");
    postgres.stop().await.unwrap();
    others.stop().await.unwrap();
}

#[tokio::test]
async fn an_orphan_is_stopped_before_the_next_start() {
    let folder = Folder::open();
    let first = folder.start().await;
    write_rows(&first.url("example")).await;
    let bin_dir = first.report().bin_dir.clone();
    first.stop().await.unwrap();
    let mut orphan = start_by_hand(&bin_dir, &folder).unwrap();
    let lock = folder.cluster().join("postmaster.pid");
    until("the orphan to be ready", || fs::read_to_string(&lock).unwrap_or_default(), |text| text.contains("ready")).await;

    let second = folder.start().await;

    assert!(orphan.wait().unwrap().success(), "an orphan is asked to stop, not killed");
    assert_eq!(count_rows(&second.url("example")).await, "1000");
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_half_made_cluster_is_made_again() {
    let folder = Folder::open();
    folder.start().await.stop().await.unwrap();
    fs::rename(folder.cluster(), folder.data().join("cluster.unfinished")).unwrap();
    fs::remove_file(folder.data().join("cluster.unfinished/PG_VERSION")).unwrap();

    let postgres = folder.start().await;

    assert!(postgres.report().initialised);
    assert!(!folder.data().join("cluster.unfinished").exists());
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_frozen_orphan_is_ended_in_the_end() {
    let folder = Folder::open();
    let first = folder.start().await;
    let bin_dir = first.report().bin_dir.clone();
    first.stop().await.unwrap();
    let mut orphan = start_by_hand(&bin_dir, &folder).unwrap();
    let lock = folder.cluster().join("postmaster.pid");
    until("the orphan to be ready", || fs::read_to_string(&lock).unwrap_or_default(), |text| text.contains("ready")).await;
    kill(orphan.id(), Signal::STOP);

    let second = folder.start().await;

    assert!(orphan.try_wait().unwrap().is_some());
    second.stop().await.unwrap();
}
