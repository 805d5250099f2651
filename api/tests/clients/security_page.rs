//! What the page about security says is shown by a test is shown by one.

use std::fs;
use std::path::{Path, PathBuf};

/// The sources below a folder, without what was built or installed there.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it is a folder").map(|entry| entry.expect("it can be read").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let own = folders.into_iter().filter(|path| !path.ends_with("target") && !path.ends_with("node_modules"));
    own.flat_map(|path| sources(&path))
        .chain(files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs")))
        .collect()
}

#[test]
fn every_test_that_the_page_about_security_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace is around it");
    let page = fs::read_to_string(root.join("docs/security.md")).expect("the page is there");
    let is_name =
        |text: &&str| text.matches('_').count() > 2 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let named: Vec<_> = page.split('`').skip(1).step_by(2).filter(is_name).collect();
    assert!(named.len() > 50, "it names tests: {named:?}");
    let crates = ["domain", "event_store", "projections", "commands", "graphql_http", "mail", "oidc", "api"];
    let sources: Vec<_> =
        crates.iter().flat_map(|name| sources(&root.join(name))).map(|path| fs::read_to_string(path).expect("text")).collect();
    for name in named {
        let declared = format!("fn {name}(");
        assert!(sources.iter().any(|source| source.contains(&declared)), "there is no test {name}");
    }
}
