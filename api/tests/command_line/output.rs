//! What a command does when no one reads its output, when a disk is full, and when a variable is misspelt.

use std::fs::OpenOptions;
use std::process::{Output, Stdio};

use test_support::TestDatabase;

use crate::operator::{OPEN, done, refused};
use crate::program::{MASTER_KEY, Program, roster};

/// Every kind of command that prints. `{}` is another word in each run.
const PRINTING: [&[&str]; 16] = [
    &["account", "open", "--name", "Acme", "--slug", "acme-{}", "--admin", "ada@acme.example"],
    &["user", "invite", "--account", "acme", "--email", "{}@acme.example"],
    &["user", "link", "--account", "acme", "ada@acme.example"],
    &["user", "list", "--account", "acme"],
    &["user", "export", "--account", "acme"],
    &["history", "export", "--account", "acme"],
    &["erasures", "list"],
    &["mail", "queue"],
    &["keys", "generate"],
    &["keys", "status"],
    &["keys", "rotate"],
    &["projections", "verify"],
    &["projections", "rebuild"],
    &["replay", "--account", "acme"],
    &["migrate"],
    &["schema"],
];

/// Runs a command with these as its standard output and standard error.
fn run(database: &TestDatabase, arguments: &[String], stdout: Stdio, stderr: Stdio) -> Output {
    let mut command = roster().into_std();
    command.args(arguments).env("DATABASE_URL", database.url()).env("ROSTER_MASTER_KEY", MASTER_KEY);
    command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);
    command.spawn().and_then(std::process::Child::wait_with_output).expect("it runs")
}

fn words(command: &[&str], word: &str) -> Vec<String> {
    command.iter().map(|argument| argument.replace("{}", word)).collect()
}

fn full_disk() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").expect("Linux has it").into()
}

/// A pipe whose reader has gone.
fn closed_pipe() -> Stdio {
    std::io::pipe().expect("a pipe").1.into()
}

async fn with_account() -> TestDatabase {
    let database = TestDatabase::create().await;
    done(&OPEN, &[("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)]).await;
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_whose_output_no_one_reads_ends_in_peace() {
    let database = with_account().await;
    for command in PRINTING {
        let ended = run(&database, &words(command, "unread"), closed_pipe(), Stdio::piped());
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(0), "{command:?}: {told}");
        assert!(!told.contains("panicked") && !told.contains("roster: "), "{command:?}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_an_error_that_says_so() {
    let database = with_account().await;
    // No one was erased, so that list is empty.
    for command in PRINTING.into_iter().filter(|command| *command != ["erasures", "list"]) {
        let ended = run(&database, &words(command, "full"), full_disk(), Stdio::piped());
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{command:?}: {told}");
        assert!(told.contains("roster: the standard output cannot be written: No space left on device"), "{command:?}: {told}");
        assert!(!told.contains("panicked"), "{command:?}: {told}");
        // What it would tell beside the output is told to no one, and the command ends as it does otherwise.
        let ended = run(&database, &words(command, "silent"), Stdio::null(), full_disk());
        assert_eq!(ended.status.code(), Some(0), "{command:?}");
    }
}

#[tokio::test]
async fn a_misspelt_variable_is_an_error_and_an_empty_one_is_none() {
    let database = TestDatabase::create().await;
    let needed = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    let with = |more: &[(&'static str, &'static str)]| [&needed[..], more].concat();
    let told = refused(&["migrate"], &with(&[("ROSTER_SMTP_ULR", "smtp://127.0.0.1:25")])).await;
    assert_eq!(told, "ROSTER_SMTP_ULR is not a variable of Roster: did you mean ROSTER_SMTP_URL?");
    let told = refused(&["serve"], &with(&[("ROSTER_LOG", "debgu"), ("ROSTER_PUBLIC_URL", "http://127.0.0.1:1")])).await;
    assert!(told.starts_with("ROSTER_LOG: `debgu` is neither a level nor a part of Roster: did you mean `debug`?"), "{told}");
    let told = refused(&["migrate"], &with(&[("ROSTER_MAIL_FROM", "\"Roster <a@acme.example>\"")])).await;
    assert!(told.contains("ROSTER_MAIL_FROM is in quotes"), "{told}");

    // Every variable of every option may be empty. Of those that are missing, `serve` names the first.
    let empty = with(&[
        ("ROSTER_PUBLIC_URL", ""),
        ("ROSTER_SMTP_URL", ""),
        ("ROSTER_MAIL_FROM", ""),
        ("ROSTER_DATABASE_CONNECTIONS", ""),
        ("ROSTER_LISTEN", " "),
        ("ROSTER_LOG", ""),
        ("ROSTER_TRUSTED_PROXIES", ""),
        ("ROSTER_MASTER_KEY_FILE", ""),
        ("ROSTER_INTROSPECTION", ""),
    ]);
    let told = refused(&["serve"], &empty).await;
    assert!(told.starts_with("set ROSTER_PUBLIC_URL"), "{told}");
    done(&["migrate"], &empty).await;
}

#[tokio::test]
async fn the_welcome_link_is_printed_until_an_account_exists_and_no_log_holds_it() {
    let database = TestDatabase::create().await;
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY), ("ROSTER_PUBLIC_URL", "https://roster.example")];
    let server =
        Program::start(&["serve"], &[&variables[..], &[("ROSTER_LISTEN", "127.0.0.1:0"), ("ROSTER_SHUTDOWN_DELAY", "0")]].concat());
    let log = server.logged("where the link is", |log| log.contains("`roster account welcome`").then(|| log.to_owned())).await;
    server.logged("`ready`", |log| log.contains("\"ready\"").then_some(())).await;
    server.signal(rustix::process::Signal::TERM);
    let ended = server.ended().await;
    assert!(!log.contains("/welcome/") && !ended.logged.contains("/welcome/") && ended.printed.is_empty(), "{ended:?}");

    let printed = done(&["account", "welcome"], &variables).await.printed;
    assert!(printed.starts_with("https://roster.example/welcome/"), "{printed}");
    done(&OPEN, &variables[..2]).await;
    let told = refused(&["account", "welcome"], &variables).await;
    assert_eq!(told, "an account already exists: open another one with `roster account open`");
}
