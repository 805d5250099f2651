//! What holds for all tests of the workspace, read from their source: no test depends on how fast the machine is, and none that is killed
//! leaves a process behind.

use std::fs;
use std::path::{Path, PathBuf};

/// Where time is measured, and with what of the same run it is compared. Limits without such a control belong into `make bench`.
const MEASURED: [(&str, &str); 8] = [
    ("api/tests/faults/", "nothing: how long a recovery takes is printed"),
    ("api/tests/clients/costly_requests.rs", "with the largest body that is allowed; the best of three tries"),
    ("api/tests/whole_job/deactivation.rs", "with a second and twenty answers"),
    ("api/tests/whole_job/enumeration.rs", "of two kinds of people, one right after the other"),
    ("api/tests/whole_job/event_access.rs", "with a second and twenty answers"),
    ("api/tests/whole_job/person.rs", "it is the control itself"),
    ("commands/tests/commands/bulk.rs", "a row of many with a row of few"),
    ("test_support/tests/habits.rs", "nothing"),
];

/// Where a limit on waiting is short, and why no slow machine fails there.
const SHORT: [(&str, &str); 5] = [
    ("api/tests/faults/", "a client gives up and tries again; two minutes without any answer end a trial"),
    ("test_support/src/lib.rs", "the time limit of all"),
    ("embedded_postgres/tests/launcher/workshop.rs", "it must not know test_support: three minutes as well"),
    ("api/tests/program/mod.rs", "it begins again with whatever is said, after the end of the program"),
    ("test_support/tests/habits.rs", "nothing"),
];

/// Where a test sleeps other than between two looks at a condition, and why it must.
const SLEEPS: [(&str, &str); 5] = [
    ("api/tests/faults/", "a fault lasts for a while, and clients pause between two requests"),
    ("api/tests/graphql_over_http/sockets.rs", "time itself is tested: a silent client is closed after a while, another one is not"),
    ("api/tests/whole_job/memory.rs", "memory at rest: the allocator gives pages back by its own clock"),
    ("test_support/tests/with_postgres.rs", "a program of the test's own that waits to be ended"),
    ("test_support/tests/habits.rs", "nothing"),
];

/// Who may ask for the present cursor of the feed without waiting until it shows everything.
const CURSORS: [(&str, &str); 6] = [
    ("api/tests/whole_job/follower.rs", "it waits: World::event_cursor"),
    ("api/tests/statements/", "it waits in its own way, without a server"),
    ("api/tests/whole_job/cursors.rs", "any cursor will do"),
    ("api/tests/whole_job/event_access.rs", "only the code of the answer counts"),
    ("api/tests/whole_job/growth/", "only the plan counts"),
    ("test_support/tests/habits.rs", "nothing"),
];

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the workspace")
}

/// Every file of tests, with its path in the workspace and its text.
fn tests() -> Vec<(String, String)> {
    let crates = fs::read_dir(workspace()).unwrap().flatten().map(|entry| entry.path().join("tests"));
    let mut folders: Vec<PathBuf> = crates.filter(|folder| folder.is_dir() && !folder.starts_with(workspace().join("target"))).collect();
    folders.push(workspace().join("test_support/src"));
    let mut files = vec![];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(workspace()).unwrap().to_str().expect("text").to_owned();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(files.len() > 100, "the tests are found");
    files
}

/// The lines of tests for which something holds, except in some files and folders.
fn lines(allowed: &[(&str, &str)], is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let files = tests().into_iter().filter(|(name, _)| !allowed.iter().any(|(allowed, _)| name.starts_with(allowed)));
    files
        .flat_map(|(name, text)| {
            text.lines().filter(|line| is_wrong(line)).map(|line| format!("{name}: {}", line.trim())).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn time_that_is_measured_is_compared_with_a_control_of_the_same_run() {
    let measured = lines(&MEASURED, |line| line.contains(".elapsed()") && !line.contains(".elapsed() < TIMEOUT"));
    assert_eq!(measured, Vec::<String>::new(), "move the limit to a bench, or compare it with a control and say so in MEASURED");
}

#[test]
fn anyone_who_waits_waits_until_nothing_can_come_any_more() {
    // `timeout(Duration::from_secs(5), …)`, `Instant::now() + Duration::from_secs(5)`, `const TIMEOUT: Duration = …`.
    let is_short = |line: &str| {
        let line = line.replace("std::time::", "").replace("tokio::time::", "");
        ["timeout(Duration::from_secs", "timeout(Duration::from_millis", "now() + Duration::from_secs", "TIMEOUT: Duration"]
            .iter()
            .any(|short| line.contains(short))
    };
    assert_eq!(lines(&SHORT, is_short), Vec::<String>::new(), "wait for test_support::TIMEOUT");
}

#[test]
fn no_test_sleeps_but_between_two_looks_at_a_condition() {
    let mut wrong = vec![];
    for (name, text) in tests().into_iter().filter(|(name, _)| !SLEEPS.iter().any(|(allowed, _)| name.starts_with(allowed))) {
        let lines: Vec<_> = text.lines().collect();
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.contains("sleep(") || line.contains("sleep_until(")) {
            let before = &lines[number.saturating_sub(12)..number];
            let looks = before.iter().any(|line| line.trim_start().starts_with("loop {") || line.contains("while "));
            if !looks || line.contains("sleep_until(") {
                wrong.push(format!("{name}: {}", line.trim()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "wait for a condition, with a deadline");
}

#[test]
fn a_cursor_to_follow_from_is_asked_for_once_the_feed_shows_everything() {
    // Transactions of other tests hold the horizon back, so an early cursor repeats what the test has done before.
    let early = lines(&CURSORS, |line| line.contains("{ eventCursor }"));
    assert_eq!(early, Vec::<String>::new(), "use World::event_cursor");
}

#[test]
fn every_process_that_a_test_starts_ends_with_it() {
    for (name, text) in tests() {
        let (killed, ends) = (text.matches(".kill_on_drop(true)").count(), text.matches("end_with_test(command.as_std_mut())").count());
        let is_run = name == "test_support/src/bin/with_postgres.rs" || name == "test_support/tests/habits.rs";
        assert!(is_run || killed == ends, "{name} starts processes that a killed test leaves behind: use test_support::end_with_test");
        assert!(is_run || !text.contains(".process_group(0)") || ends > 0, "{name}: the runner of tests does not kill this group");
    }
}
