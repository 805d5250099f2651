//! Folders of every kind that people choose.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

use embedded_postgres::{Config, EmbeddedPostgres, Error, RunsAs};

use crate::workshop::{Folder, Owner, count_rows, is_root, server_processes, until, write_rows};

/// Starts twice in this folder, and answers where the socket was.
async fn serves(config: Config) -> std::path::PathBuf {
    let config = config.database("example");
    let first = EmbeddedPostgres::start(config.clone()).await.unwrap();
    write_rows(&first.url("example")).await;
    let socket = first.report().socket_dir.clone();
    first.stop().await.unwrap();
    assert!(!socket.exists(), "{} stays behind", socket.display());

    let second = EmbeddedPostgres::start(config).await.unwrap();
    assert_eq!(count_rows(&second.url("example")).await, "1000");
    second.stop().await.unwrap();
    socket
}

#[tokio::test]
async fn a_path_with_spaces_quotes_and_foreign_letters_works() {
    let folder = Folder::open();
    let data = folder.path().join("my \"data\"; größer & 数据 %41+");

    let socket = serves(Config::new(&data)).await;

    assert!(socket.starts_with(&data));
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_has_its_socket_elsewhere() {
    let folder = Folder::open();
    let data = folder.path().join("long".repeat(30)).join("data");

    let socket = serves(Config::new(&data)).await;

    assert!(!socket.starts_with(folder.path()), "{}", socket.display());
}

#[tokio::test]
async fn a_path_that_clients_could_not_name_has_its_socket_elsewhere() {
    for name in [OsStr::from_bytes(b"not \xff text"), OsStr::new("one, two")] {
        let folder = Folder::open();

        let socket = serves(Config::new(folder.path().join(name))).await;

        assert!(!socket.starts_with(folder.path()), "{}", socket.display());
    }
}

#[tokio::test]
async fn a_socket_elsewhere_that_a_killed_owner_left_is_removed_by_the_next_start() {
    let folder = Folder::open();
    let long = Folder::open();
    let deep = long.path().join("long".repeat(30));
    fs::create_dir(&deep).unwrap();
    std::os::unix::fs::symlink(&deep, folder.data()).unwrap();
    let owner = Owner::start(&folder);
    let left: std::path::PathBuf = fs::read_to_string(deep.join("socket.path")).unwrap().into();
    assert!(left.exists());
    owner.kill();
    until("the server to end", || server_processes(&deep.join("cluster")), Vec::is_empty).await;
    assert!(left.exists(), "no process was there to remove it");

    folder.start().await.stop().await.unwrap();

    assert!(!left.exists());
}

#[tokio::test]
async fn a_relative_path_means_below_the_working_folder() {
    let folder = Folder::open();
    let up = std::env::current_dir().unwrap().ancestors().skip(1).map(|_| "../").collect::<String>();
    let relative = format!("{up}{}", folder.data().display());

    let socket = serves(Config::new(relative)).await;

    assert!(socket.is_absolute());
}

#[tokio::test]
async fn root_runs_the_server_as_a_user_who_can_reach_the_folder_and_stays_with_that_user() {
    let folder = Folder::open();
    let first = folder.start().await;
    let chosen = first.report().runs_as.clone();
    first.stop().await.unwrap();
    let second = folder.start().await;

    if is_root() {
        let RunsAs::SystemUser { uid, gid, .. } = chosen else { panic!("{chosen:?}") };
        assert_eq!(second.report().runs_as, RunsAs::ClusterOwner { uid, gid });
    } else {
        assert_eq!(second.report().runs_as, chosen);
    }
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_that_is_closed_to_others_works_and_stays_closed() {
    let folder = Folder::closed();

    let socket = serves(folder.config()).await;

    assert!(socket.starts_with(folder.path()));
    if is_root() {
        let postgres = folder.start().await;
        assert_eq!(postgres.report().runs_as, RunsAs::Namespace);
        postgres.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_cluster_whose_folder_was_closed_to_its_owner_says_which_folder() {
    let folder = Folder::open();
    folder.start().await.stop().await.unwrap();
    if is_root() {
        let closed = Folder::closed();
        let moved = closed.path().join("data");
        fs::rename(folder.data(), &moved).unwrap();

        let refused = EmbeddedPostgres::start(Config::new(moved)).await.unwrap_err();

        assert!(matches!(&refused, Error::Unreachable { closed: named, .. } if named == closed.path()), "{refused}");
    }
}

#[tokio::test]
async fn a_folder_with_other_files_is_left_alone() {
    let folder = Folder::open();
    fs::create_dir(folder.data()).unwrap();
    fs::write(folder.data().join("letter.txt"), "dear Ada").unwrap();

    let refused = EmbeddedPostgres::start(folder.config()).await.unwrap_err().to_string();

    assert!(refused.contains("holds files that are not ours"), "{refused}");
    assert_eq!(fs::read_dir(folder.data()).unwrap().count(), 1);
}
