//! What the command under `with_postgres` gets, and what its caller gets back.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

fn with_postgres(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_with_postgres"));
    // A cluster of its own, even where these tests have one.
    command.args(arguments).env_remove("ROSTER_TEST_POSTGRES").env_remove("DATABASE_URL");
    command
}

fn output(arguments: &[&str]) -> (Output, String) {
    let output = with_postgres(arguments).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output, printed)
}

#[test]
fn the_exit_status_of_the_command_is_passed_on() {
    let (output, _) = output(&["--", "sh", "-c", "exit 7"]);

    assert_eq!(output.status.code(), Some(7));
}

#[test]
fn the_command_finds_its_cluster_and_a_database_if_it_wants_one() {
    let (_, without) = output(&["--", "sh", "-c", "echo ${ROSTER_TEST_POSTGRES%%[?]*} ${DATABASE_URL:-none}"]);
    assert_eq!(without, "postgres://roster@localhost:5432/postgres none");

    let (_, with) = output(&["--database-url", "--", "sh", "-c", "echo ${DATABASE_URL%%[?]*}"]);
    assert!(with.starts_with("postgres://roster@localhost:5432/run_"), "{with}");
}

#[test]
fn nothing_stays_behind() {
    let (_, folder) = output(&["--", "sh", "-c", "echo $ROSTER_TEST_FOLDER; test -d $ROSTER_TEST_FOLDER/postgres || echo missing"]);

    assert!(!folder.contains("missing"), "{folder}");
    assert!(!std::path::Path::new(&folder).exists());
}

#[test]
fn a_cluster_that_is_there_already_is_used() {
    let own = env!("CARGO_BIN_EXE_with_postgres");
    let (_, printed) = output(&["--", "sh", "-c", &format!("echo $ROSTER_TEST_POSTGRES; {own} -- sh -c 'echo $ROSTER_TEST_POSTGRES'")]);

    let urls: Vec<&str> = printed.lines().collect();
    assert_eq!(urls.len(), 2, "{printed}");
    assert_eq!(urls[0], urls[1]);
}

#[test]
fn a_request_to_stop_reaches_the_command() {
    let script = "trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done";
    let mut child = with_postgres(&["--", "sh", "-c", script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();

    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();

    assert_eq!(child.wait().unwrap().code(), Some(9));
}

#[test]
fn a_wrong_call_says_how_it_is_meant() {
    for arguments in [&[][..], &["--"], &["true"]] {
        let (output, _) = output(arguments);
        assert_eq!(output.status.code(), Some(127));
        assert!(String::from_utf8_lossy(&output.stderr).contains("usage: with_postgres"), "{arguments:?}");
    }
}
