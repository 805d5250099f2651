//! The program runs and prints its page. How fast anything is does not matter here.

use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn help_and_an_empty_page_are_printed() {
    let bench = |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_bench")).args(arguments).stdin(Stdio::null()).output().unwrap();
    let help = bench(&["run", "--help"]);
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    for option in ["--baseline", "--quick", "--phases", "--sizes", "5db2fe2"] {
        assert!(help.contains(option), "{option}: {help}");
    }
    let unknown = bench(&["report", "no-such-file"]);
    assert!(!unknown.status.success() && String::from_utf8_lossy(&unknown.stderr).contains("no-such-file"));
}

#[test]
fn a_tiny_run_measures_every_phase() {
    // `roster` is built beside it when the whole workspace is.
    let bench = Path::new(env!("CARGO_BIN_EXE_bench"));
    assert!(bench.with_file_name("roster").exists(), "build the workspace: cargo build --workspace --bins");
    let repository = test_support::TestFolder::create().unwrap();
    let mut run = Command::new(bench);
    run.args(["run", "--quick", "--no-document", "--users", "60", "--sizes", "40,60", "--callers", "1,16,64"]);
    run.args(["--works", "invite,list,past", "--rounds", "1", "--millis", "50"]);
    run.args(["--subscriptions", "20", "--repository"]).arg(repository.path()).stdin(Stdio::null());
    test_support::end_with_test(&mut run);
    let run = run.output().unwrap();
    let (page, said) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{said}\n{page}");
    let results = std::fs::read_to_string(repository.path().join("target/bench/results.json")).unwrap();
    for measured in [
        "now process invite callers=64 users=60",
        "now http list callers=16 users=60",
        "steady now http list",
        "pgbench insert callers=64",
        "pgbench page callers=16",
        "textbook invite callers=64",
        "now bulk",
        "now bytes-of-user",
        "now rebuild",
        "now copy-out",
        "now memory-with-subscriptions",
        "now process past callers=16 users=40",
    ] {
        assert!(results.contains(measured), "{measured}\n{said}");
    }
    assert!(page.contains("durable invite in process, 64 callers / pgbench single-row insert"), "{page}");
}
