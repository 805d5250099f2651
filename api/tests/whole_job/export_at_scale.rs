//! An export of a long history: in little memory, without what happens meanwhile, and never whole when it was cut off.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use api::export::Line;
use reqwest::Response;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use test_support::{TestFolder, end_with_test};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Child;
use tokio::time::{sleep, timeout};

use crate::export::request;
use crate::person::Answer;
use crate::program::{MASTER_KEY, TIMEOUT, roster};
use crate::world::World;

/// How many events an account has that has long been used.
const MANY: usize = 30_000;

/// Events of no one, as many as it takes.
const EVENTS: &str = "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id)
    select 'user', gen_random_uuid()::text, 1, 'Activated', '1', '{\"Activated\": {}}',
        jsonb_build_object('actor', 'operator', 'cause', 'test', 'at', '2026-11-24T09:30:00.000000Z', 'request_id', repeat('x', 200)), $1
    from generate_series(1, $2)";

/// A Roster whose account has a long history.
async fn long_used() -> World {
    let world = World::start().await;
    let insert = sqlx::query(EVENTS).bind(world.account_id.uuid()).bind(i64::try_from(MANY).expect("few"));
    insert.execute(&world.database.pool()).await.expect("the database takes them");
    // As autovacuum would, soon.
    world.sql("analyze events").await;
    world.until_events_are_shown().await;
    world
}

/// An export of which a part has left.
async fn begun(world: &World) -> Response {
    let mut response = request(&world.admin, "/history/export").timeout(TIMEOUT).send().await.expect("the server answers");
    assert_eq!(response.status(), 200);
    assert!(response.chunk().await.expect("a part comes").is_some());
    response
}

/// Whether the rest of an export comes to a regular end.
async fn ends_well(mut response: Response) -> bool {
    loop {
        match response.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

/// Ends every connection to the database, and lets no one connect.
async fn lose_database(world: &World) {
    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(&world.database.pool()).await.expect("it answers");
    let admin = std::env::var("ROSTER_TEST_POSTGRES").expect("the tests run beside a Postgres");
    let mut postgres = PgConnection::connect(&admin).await.expect("it is there");
    world.database.pool().close().await;
    let forbid = format!("alter database \"{name}\" with allow_connections false");
    sqlx::raw_sql(&forbid).execute(&mut postgres).await.expect("it applies");
    let end = sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1").bind(&name);
    end.execute(&mut postgres).await.expect("it applies");
}

/// The most memory that the server has ever had, in bytes.
fn most_memory(world: &World) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", world.roster.program.id().as_raw_nonzero())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the kernel tells");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1024
}

#[tokio::test]
async fn a_long_history_leaves_in_little_memory_and_without_what_happens_meanwhile() {
    let world = long_used().await;
    let warm = Answer::of(request(&world.admin, "/history/export?type=ACCOUNT_OPENED")).await;
    assert_eq!(warm.status, 200);
    let count = "select count(*) from events where recorded_at < (select min(recorded_at) from events where event_type = 'Requested')";
    let all: i64 = sqlx::query_scalar(count).fetch_one(&world.database.pool()).await.expect("the database answers");
    // The export that warmed up is remembered, and part of this one.
    let all = usize::try_from(all).expect("few") + 1;
    world.until_events_are_shown().await;
    let before = most_memory(&world);
    let mut response = request(&world.admin, "/history/export").timeout(TIMEOUT).send().await.expect("the server answers");
    let mut whole = response.chunk().await.expect("a part comes").expect("it is not empty").to_vec();
    world.admin.run("updateUser", json!({ "id": world.admin.id, "name": "Meanwhile" })).await.done();
    while let Some(part) = response.chunk().await.expect("nothing breaks") {
        whole.extend(part);
    }
    let grown = most_memory(&world) - before;
    println!("{} bytes left, and the server grew by {grown}", whole.len());
    assert!(whole.len() > 20_000_000, "{} bytes", whole.len());
    assert!(grown < 10_000_000, "the server grew by {grown} bytes");
    let text = String::from_utf8(whole).expect("text");
    let Ok(Line::Completed(last)) = Line::parse(text.lines().last().expect("it is not empty")) else { panic!("it is whole") };
    assert_eq!((last.data.events, text.lines().count()), (text.lines().count() as u64 - 1, all + 1));
    assert!(!text.contains("Meanwhile"), "what happens meanwhile is in the next one");
}

#[tokio::test]
async fn so_many_exports_of_an_account_run_at_once_and_one_that_ends_makes_room() {
    let world = long_used().await;
    let (first, second) = (begun(&world).await, begun(&world).await);
    let refused = Answer::of(request(&world.admin, "/users/export")).await;
    assert_eq!((refused.status, refused.code(), refused.header("retry-after")), (429, Some("TOO_MANY_EXPORTS"), vec!["10"]));
    drop(first);
    let room = async {
        while Answer::of(request(&world.admin, "/users/export")).await.status != 200 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TIMEOUT, room).await.expect("a client that goes away gives its slot back");
    assert!(ends_well(second).await);
}

#[tokio::test]
async fn an_export_is_cut_off_when_the_session_ends() {
    let world = long_used().await;
    let response = begun(&world).await;
    world.admin.sign_out().await;
    assert!(!ends_well(response).await, "what comes after the sign-out does not look whole");
}

#[tokio::test]
async fn a_client_sees_an_error_when_the_database_is_lost_midway() {
    let world = long_used().await;
    let response = begun(&world).await;
    lose_database(&world).await;
    assert!(!ends_well(response).await, "a part does not look like the whole");
    world.roster.program.logged("why", |log| log.contains("an export was cut off").then_some(())).await;
}

/// A `roster history export`, with more arguments.
fn export(world: &World, more: &[&str]) -> Child {
    let mut command = roster();
    command.args(["history", "export", "--account", "acme"]).args(more);
    command.env("DATABASE_URL", world.database.url()).env("ROSTER_MASTER_KEY", MASTER_KEY);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    end_with_test(command.as_std_mut());
    command.spawn().expect("it starts")
}

/// The same into a file of a folder, begun.
async fn export_into(world: &World, folder: &Path) -> Child {
    let child = export(world, &["--output", folder.join("acme.ndjson").to_str().expect("text")]);
    let files = || std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").metadata().expect("it is there").len());
    let begun = async {
        while files().all(|size| size == 0) {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(TIMEOUT, begun).await.expect("the file is begun");
    child
}

/// What a program says that must fail.
async fn failed(mut program: Child) -> String {
    let mut said = String::new();
    program.stderr.take().expect("it is piped").read_to_string(&mut said).await.expect("text");
    let status = timeout(TIMEOUT, program.wait()).await.expect("it ends").expect("it can be waited for");
    assert_eq!(status.code(), Some(1), "{said}");
    said
}

#[tokio::test]
async fn the_command_line_fails_with_a_sentence_when_the_database_is_lost_midway() {
    let (world, folder) = (long_used().await, TestFolder::create().expect("a folder"));
    let mut printing = export(&world, &[]);
    let mut printed = BufReader::new(printing.stdout.take().expect("it is piped"));
    printed.read_line(&mut String::new()).await.expect("a line comes");
    let writing = export_into(&world, folder.path()).await;
    lose_database(&world).await;
    let mut rest = String::new();
    printed.read_to_string(&mut rest).await.expect("text");
    assert!(!rest.contains("roster.export.Completed.v1"), "it does not say that it is whole");
    for program in [printing, writing] {
        let said = failed(program).await;
        assert!(said.starts_with("roster: the database is not available: "), "{said}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "no file is left");
}

#[tokio::test]
async fn an_export_that_is_interrupted_leaves_no_file() {
    let (world, folder) = (long_used().await, TestFolder::create().expect("a folder"));
    let writing = export_into(&world, folder.path()).await;
    let id = writing.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)).expect("it runs");
    kill_process(id, Signal::INT).expect("it takes signals");
    let said = failed(writing).await;
    assert_eq!(said, "roster: interrupted: the output is incomplete\n");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "no file is left");
}
