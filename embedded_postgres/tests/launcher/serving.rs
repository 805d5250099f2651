//! A server that is started, used and stopped.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use embedded_postgres::EmbeddedPostgres;
use rustix::process::{Pid, getpgid};

use crate::workshop::{Folder, Owner, ask, count_rows, execute, server_processes, write_rows};

#[tokio::test]
async fn the_second_start_finds_the_data_of_the_first() {
    let folder = Folder::open();
    let first = folder.start().await;
    assert!(first.report().initialised);
    write_rows(&first.url("example")).await;
    first.stop().await.unwrap();

    let second = folder.start().await;

    assert!(!second.report().initialised);
    assert_eq!(count_rows(&second.url("example")).await, "1000");
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_stopped_server_has_shut_down_cleanly_and_left_no_process_and_no_socket() {
    let folder = Folder::open();
    let postgres = folder.start().await;
    let control = postgres.report().bin_dir.join("pg_controldata");
    postgres.stop().await.unwrap();

    let said = Command::new(control).arg(folder.cluster()).env("LC_ALL", "C").output().unwrap();

    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.lines().any(|line| line.starts_with("Database cluster state:") && line.ends_with(" shut down")), "{said}");
    assert_eq!(server_processes(&folder.cluster()), Vec::<u32>::new());
    assert!(!folder.data().join("socket").exists());
}

#[tokio::test]
async fn a_dropped_server_stops_by_itself_and_frees_its_folder() {
    let folder = Folder::open();
    let postgres = folder.start().await;
    let pid = postgres.report().pid;

    drop(postgres);

    crate::workshop::until("the server to end", || server_processes(&folder.cluster()), Vec::is_empty).await;
    let process = std::path::Path::new("/proc").join(pid.to_string());
    crate::workshop::until("the server to be reaped", || process.exists(), |exists| !exists).await;
}

#[tokio::test]
async fn data_is_durable_and_nothing_listens_on_the_network() {
    let folder = Folder::open();
    let postgres = folder.start().await;
    let url = postgres.url("example");

    for (setting, value) in
        [("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", "on"), ("data_checksums", "on"), ("listen_addresses", "")]
    {
        assert_eq!(ask(&url, &format!("select current_setting('{setting}')")).await, value, "{setting}");
    }
    assert_eq!(ask(&url, "select pg_encoding_to_char(encoding)::text || ' ' || datcollate from pg_database limit 1").await, "UTF8 C.UTF-8");
    assert_eq!(ask(&url, "select current_user::text").await, "roster");
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn only_the_owner_reaches_the_data_and_the_socket() {
    let folder = Folder::open();
    let postgres = folder.start().await;

    for private in [folder.data(), folder.cluster(), postgres.report().socket_dir.clone()] {
        let mode = fs::metadata(&private).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", private.display());
    }
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn databases_of_any_name_are_made_once() {
    let folder = Folder::open();
    let names = ["plain", "Mixed Case", "quote\"d ' %", "größer"];
    let config = || names.iter().fold(folder.config(), |config, name| config.database(*name));
    EmbeddedPostgres::start(config()).await.unwrap().stop().await.unwrap();

    let postgres = EmbeddedPostgres::start(config()).await.unwrap();

    for name in names {
        assert_eq!(ask(&postgres.url(name), "select current_database()::text").await, name);
    }
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn settings_given_win_over_ours() {
    let folder = Folder::open();
    let postgres = EmbeddedPostgres::start(folder.config().setting("log_timezone", "Europe/Vienna")).await.unwrap();

    assert_eq!(ask(&postgres.url("example"), "select current_setting('log_timezone')").await, "Europe/Vienna");
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_refused_setting_is_reported_with_the_servers_words() {
    let folder = Folder::open();

    let refused = EmbeddedPostgres::start(folder.config().setting("shared_buffers", "a lot")).await.unwrap_err().to_string();

    assert!(refused.contains("invalid value for parameter \"shared_buffers\""), "{refused}");
    folder.start().await.stop().await.unwrap();
}

#[tokio::test]
async fn ctrl_c_in_a_terminal_reaches_the_owner_alone() {
    let folder = Folder::open();
    let postgres = folder.start().await;
    let pid = Pid::from_raw(postgres.report().pid.try_into().unwrap());

    assert_ne!(getpgid(pid).unwrap(), getpgid(None).unwrap());
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn the_log_says_that_the_server_shut_down_and_nothing_about_people() {
    let folder = Folder::open();
    let owner = Owner::start(&folder);
    execute(&owner.url, "create table people (email text unique)").await.unwrap();
    let insert = "insert into people values ('ada@example.org')";
    execute(&owner.url, insert).await.unwrap();
    for refused in [insert, "select 'ada@example.org'::uuid", "do $$ begin raise warning 'ada@example.org'; end $$"] {
        // What the statement did wrong is told to the one who sent it; here only the log matters.
        let _ = execute(&owner.url, refused).await;
    }

    let log = owner.interrupt();

    assert!(log.contains("database system is shut down"), "{log}");
    assert!(!log.contains("ada@example.org"), "{log}");
}
