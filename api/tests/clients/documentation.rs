//! `docs/api.md` is true: its examples do what they show, its tables are complete.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Instant;

use api::graphql::{COST_OF_COUNT, COST_OF_READ, MAX_COMPLEXITY, MAX_DEPTH};
use api::server::MAX_LOGO_TEXT;
use commands::LimitSettings;
use graphql_http::Limits;
use serde_json::{Value, json};

use crate::program::TIMEOUT;
use crate::server::{ADMIN, PASSWORD, Roster};

const PAGE: &str = include_str!("../../../docs/api.md");

/// An operation of the page: its text, its variables, and what is shown as its answer.
struct Example {
    query: String,
    variables: Value,
    answer: Value,
}

fn examples() -> Vec<Example> {
    let mut examples: Vec<Example> = vec![];
    let mut rest = PAGE;
    while let Some((_, block)) = rest.split_once("\n```") {
        let (kind, block) = block.split_once('\n').expect("a block has lines");
        let (text, after) = block.split_once("\n```").expect("a block ends");
        rest = after;
        match (kind, examples.last_mut()) {
            ("graphql", _) => examples.push(Example { query: text.to_owned(), variables: json!({}), answer: Value::Null }),
            ("json", Some(example)) => {
                let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
                let is_answer = value.get("data").is_some() || value.get("errors").is_some();
                *(if is_answer { &mut example.answer } else { &mut example.variables }) = value;
            }
            _ => {}
        }
    }
    examples
}

/// Puts values where `<…>` stands.
fn filled(value: &Value, known: &BTreeMap<&str, String>) -> Value {
    match value {
        Value::String(text) if text.starts_with('<') => {
            known.get(text.as_str()).unwrap_or_else(|| panic!("no one knows {text}")).clone().into()
        }
        Value::Array(items) => items.iter().map(|item| filled(item, known)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), filled(value, known))).collect(),
        other => other.clone(),
    }
}

/// Whether an answer is the one that is shown. Where errors stand is left out.
fn is_as_shown(shown: &Value, got: &Value) -> bool {
    match (shown, got) {
        (Value::String(shown), Value::String(got)) => shown.strip_suffix('…').map_or(shown == got, |beginning| got.starts_with(beginning)),
        (Value::Array(shown), Value::Array(got)) => {
            shown.len() == got.len() && shown.iter().zip(got).all(|(shown, got)| is_as_shown(shown, got))
        }
        (Value::Object(shown), Value::Object(got)) => {
            let is_known = got.keys().all(|name| shown.contains_key(name) || name == "locations");
            is_known && shown.iter().all(|(name, shown)| got.get(name).is_some_and(|got| is_as_shown(shown, got)))
        }
        (shown, got) => shown == got,
    }
}

#[tokio::test]
async fn every_example_is_answered_as_it_is_shown() {
    let roster = Roster::start(&[]).await;
    let mut known = BTreeMap::from([("<welcome token>", roster.welcome.clone()), ("<a good password>", PASSWORD.to_owned())]);
    known.insert("<another good password>", "copper kettles never apologise".to_owned());
    let mut token = None::<String>;
    let examples = examples();
    assert!(examples.len() >= 15, "only {} examples were found", examples.len());
    for Example { query, variables, answer } in examples {
        let shown = filled(&answer, &known);
        let mut got = roster.ask(token.as_deref(), &query, filled(&variables, &known)).await.body;
        // What was refused is written after it was answered.
        let deadline = Instant::now() + TIMEOUT;
        while got["data"]["refusedAttempts"]["nodes"].as_array().is_some_and(Vec::is_empty) && Instant::now() < deadline {
            got = roster.ask(token.as_deref(), &query, filled(&variables, &known)).await.body;
        }
        assert!(is_as_shown(&shown, &got), "{query}\n{variables}\nshown: {shown}\n  got: {got}");
        for command in ["openAccount", "signIn", "changePassword", "resetPassword"] {
            token = got["data"][command]["token"].as_str().map(str::to_owned).or(token);
        }
        for (name, place) in [
            ("<ada's id>", "/data/inviteUser/user/id"),
            ("<the key's id>", "/data/createApiKey/apiKey/id"),
            ("<the service key's id>", "/data/createServiceKey/serviceKey/id"),
            ("<end cursor>", "/data/users/pageInfo/endCursor"),
        ] {
            if let Some(value) = got.pointer(place).and_then(Value::as_str) {
                known.insert(name, value.to_owned());
            }
        }
        if got["data"]["requestPasswordReset"].is_object() {
            known.insert("<reset token>", roster.mailed_token(ADMIN, 1).await);
        }
        // The first link is sent before it is replaced, and the second is the one that works.
        for (command, mails) in [("inviteUser", 1), ("resendInvitation", 2)] {
            if got["data"][command].is_object() {
                known.insert("<invitation token>", roster.mailed_token("ada@acme.example", mails).await);
            }
        }
    }
}

/// The part of the page under a heading.
fn part(heading: &str) -> &'static str {
    let (_, part) = PAGE.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
    part.split("\n## ").next().expect("there is a first part")
}

#[test]
fn every_code_is_explained_in_the_words_of_the_schema() {
    let (_, codes) = include_str!("../../schema.graphql").split_once("enum UserErrorCode {").expect("the schema has it");
    let (codes, _) = codes.split_once("\n}").expect("it ends");
    let mut rows = String::new();
    let mut pieces = codes.split("\"\"\"").skip(1);
    while let (Some(sentence), Some(code)) = (pieces.next(), pieces.next()) {
        let words: Vec<_> = sentence.split_whitespace().collect();
        writeln!(rows, "| `{}` | {} |", code.trim(), words.join(" ")).unwrap();
    }
    assert!(part("Errors").contains(&rows), "docs/api.md, \"Errors\", should have these rows:\n{rows}");

    let sources = [
        include_str!("../../../graphql_http/src/request/request_error.rs"),
        include_str!("../../src/http/acting_for.rs"),
        include_str!("../../src/graphql/error.rs"),
        include_str!("../../../graphql_http/src/request/answer.rs"),
        include_str!("../../src/export/export_error.rs"),
    ];
    let (top_level, _) = part("Errors").split_once("The codes of `userErrors`").expect("first those of the top level");
    let quoted = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    let codes = quoted.filter(|word| word.len() > 5 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_'));
    for code in codes {
        assert!(top_level.contains(&format!("| `{code}` | ")), "docs/api.md, \"Errors\", should explain {code}");
    }
}

#[test]
fn every_limit_is_told_with_its_number() {
    // A new limit does not compile until it stands here.
    let Limits {
        body_bytes,
        body_time,
        execution_time,
        text_bytes,
        tokens,
        nesting,
        fields,
        aliases,
        mutation_fields,
        values,
        value_bytes,
        long_value: _,
        list_values,
        introspection: _,
    } = Limits::default();
    let seconds = |time: std::time::Duration| usize::try_from(time.as_secs()).unwrap();
    for (name, number) in [
        ("depth", MAX_DEPTH),
        ("complexity", MAX_COMPLEXITY),
        ("fields", fields),
        ("aliases", aliases),
        ("mutations", mutation_fields),
        ("tokens", tokens),
        ("document", text_bytes),
        ("brackets", nesting),
        ("body", body_bytes),
        ("values", values),
        ("text", value_bytes),
        ("logo", MAX_LOGO_TEXT),
        ("list", list_values),
        ("time to send", seconds(body_time)),
        ("time to run", seconds(execution_time)),
    ] {
        let row = format!("| {name} | {} |", with_commas(number));
        assert!(part("Limits").contains(&row), "docs/api.md, \"Limits\", should have {row}");
    }
}

#[test]
fn every_cost_is_told_with_its_number() {
    for (what, cost) in [("a list, or a field that looks something up", COST_OF_READ), ("a count or a statistic", COST_OF_COUNT)] {
        let row = format!("| {what} | {} |", with_commas(cost));
        assert!(part("Limits").contains(&row), "docs/api.md, \"Limits\", should have {row}");
    }
}

#[test]
fn every_limit_of_attempts_is_told_with_its_number() {
    let limits = LimitSettings::default();
    // A new limit does not compile until it stands here.
    let LimitSettings { attempts_per_address, attempts_per_user, attempts_per_account, invitations_per_day } = limits;
    let (quarter, hour, day) = ("15 minutes", "60 minutes", "each day (UTC)");
    for (name, number, again) in [
        ("sign-ins by address", attempts_per_address.get(), quarter),
        ("sign-ins by person", attempts_per_user.get(), quarter),
        ("sign-ins by account", attempts_per_account.get(), quarter),
        ("links by address", attempts_per_address.get(), quarter),
        ("providers by address", attempts_per_address.get(), quarter),
        ("current passwords by user", attempts_per_user.get(), quarter),
        ("new passwords by address", limits.resets_per_address().get(), hour),
        ("new passwords by person", limits.resets_per_user().get(), hour),
        ("new passwords by account", limits.resets_per_account().get(), hour),
        ("invitations by user", invitations_per_day, day),
    ] {
        let row = format!("| {name} | {} | {again} |", with_commas(usize::try_from(number).unwrap()));
        assert!(part("Limits").contains(&row), "docs/api.md, \"Limits\", should have {row}");
    }
    let familiar = format!("a right password still counts {} times more", limits.familiar_attempts());
    assert!(part("Limits").contains(&familiar), "docs/api.md, \"Limits\", should say: {familiar}");
}

fn with_commas(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}
