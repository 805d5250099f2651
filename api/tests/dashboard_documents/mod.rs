//! The documents in the dashboard's sources, for the tests that send them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// The largest page that the list of users offers.
const LARGEST_PAGE: u32 = 75;

/// An operation or a fragment of the dashboard's sources.
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) text: String,
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("it can be read").map(|entry| entry.expect("it can be read").path());
    // What is generated from these sources repeats them.
    let own = entries.filter(|path| !path.ends_with("gql"));
    let nested = own.map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    nested.flatten().filter(|path| path.extension().is_some_and(|extension| extension == "ts" || extension == "tsx")).collect()
}

/// Every document in the dashboard's sources.
pub(crate) fn definitions() -> Vec<Definition> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboard/src");
    let mut found = vec![];
    for file in sources(&folder) {
        let text = std::fs::read_to_string(file).expect("it can be read");
        for part in text.split("graphql(`").skip(1) {
            let text = part.split('`').next().expect("it ends").trim().to_owned();
            let name = text.split(|c: char| !c.is_alphanumeric() && c != '_').nth(1).expect("it has a name").to_owned();
            found.push(Definition { name, text });
        }
    }
    found
}

/// The text with every fragment that it needs.
pub(crate) fn whole(definitions: &[Definition], operation: &Definition) -> String {
    let (mut text, mut added) = (operation.text.clone(), BTreeSet::new());
    while let Some(missing) = definitions.iter().find(|definition| {
        let is_spread = text
            .match_indices(&format!("...{}", definition.name))
            .any(|(at, spread)| !text[at + spread.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        is_spread && !added.contains(&definition.name)
    }) {
        added.insert(missing.name.clone());
        text = format!("{text}\n{}", missing.text);
    }
    text
}

/// Values for the variables that need one, and the largest page where its size is one.
pub(crate) fn variables(text: &str) -> Value {
    let mut values = Map::new();
    let head = text.split('{').next().unwrap_or_default();
    for declared in head.split('$').skip(1) {
        let (name, kind) = declared.split_once(':').expect("a variable has a type");
        let kind = kind.trim().trim_end_matches([')', ',', ' ']);
        let value = match (name, kind) {
            ("first", _) => json!(LARGEST_PAGE),
            (_, "ID!" | "String!") => json!("x"),
            (_, "Boolean!") => json!(true),
            (_, "AsOf!") => json!({ "at": "2026-01-01T00:00:00Z" }),
            (_, kind) if !kind.ends_with('!') => continue,
            (name, kind) => panic!("no value for {name}: {kind}"),
        };
        values.insert(name.to_owned(), value);
    }
    Value::Object(values)
}
