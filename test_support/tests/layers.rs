//! What holds for the crates, read from their source, where neither the compiler nor `cargo deny` (`deny.toml`) can say it.

use std::fs;
use std::path::{Path, PathBuf};

/// SQL that belongs to a session. Through a pooler that shares sessions, nothing may outlive a transaction.
const SESSION_STATE: [&str; 6] =
    ["pg_advisory_lock", "pg_advisory_unlock", "pg_try_advisory_lock", "create temp", "\"prepare ", " cursor for"];

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the workspace")
}

/// Every source file of some folders, with its path in the workspace and its text without comments.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| workspace().join(folder)).collect();
    let mut files = vec![];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).expect("a folder of sources").map(|entry| entry.expect("readable").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("readable");
                let code: Vec<_> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
                files.push((path.strip_prefix(workspace()).expect("below it").display().to_string(), code.join("\n")));
            }
        }
    }
    files
}

#[test]
fn what_is_served_takes_no_connection_itself() {
    // It might hold one while it waits for another: what it reads belongs into event_store/src/reads.rs, which takes one at a time.
    let served = sources(&["api/src"]).into_iter().filter(|(name, _)| !name.starts_with("api/src/cli/"));
    let takers: Vec<_> = served.filter(|(_, text)| text.contains("pool.acquire()") || text.contains("database.acquire()")).collect();
    assert!(takers.is_empty(), "{:?}", takers.iter().map(|(name, _)| name).collect::<Vec<_>>());
}

#[test]
fn no_statement_leaves_something_in_its_session() {
    let crates = ["event_store/src", "projections/src", "commands/src", "api/src"];
    for (name, text) in sources(&crates) {
        let text = text.to_lowercase();
        for word in SESSION_STATE {
            assert!(!text.contains(word), "{name} uses what belongs to a session, and is lost through a pooler: {word}");
        }
        let listens = text.match_indices("\"listen ").count();
        assert_eq!(listens, 0, "{name} listens, which belongs to a session");
    }
}

#[test]
fn the_domain_has_no_database_no_runtime_and_no_randomness() {
    let manifest = fs::read_to_string(workspace().join("domain/Cargo.toml")).expect("readable");
    for name in ["sqlx", "tokio", "getrandom", "rand", "reqwest", "hyper"] {
        let uses = manifest.lines().any(|line| line.split(['.', ' ', '=']).next() == Some(name));
        assert!(!uses, "domain depends on {name}: clock, randomness and look-ups arrive in the command");
    }
}
