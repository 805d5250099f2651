//! Cursors tell nothing, and are good for one kind of list of one account: every field and argument of the schema that holds one is tried.

use std::collections::{BTreeMap, BTreeSet};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::{Value, json};

use crate::other_accounts::open_beta;
use crate::past::clock;
use crate::person::Person;
use crate::world::World;

/// Each kind of list: a document that shows the cursors of a page, with `ARGUMENTS` where the page is asked for.
const LISTS: [(&str, &str); 6] = [
    ("events", "{ auditLog(first: 3ARGUMENTS) { edges { cursor node { cursor } } pageInfo { startCursor endCursor } } }"),
    ("users", "{ users(first: 3ARGUMENTS) { edges { cursor } pageInfo { startCursor endCursor } } }"),
    (
        "changes",
        "{ userChanges(from: { at: \"2020-01-01T00:00:00Z\" }, first: 3ARGUMENTS) { edges { cursor } pageInfo { startCursor endCursor } } }",
    ),
    ("keys", "{ apiKeys(first: 3ARGUMENTS) { edges { cursor } pageInfo { startCursor endCursor } } }"),
    ("service keys", "{ serviceKeys(first: 3ARGUMENTS) { edges { cursor } pageInfo { startCursor endCursor } } }"),
    ("attempts", "{ refusedAttempts(first: 3ARGUMENTS) { edges { cursor } pageInfo { startCursor endCursor } } }"),
];

/// Where else cursors of events are shown.
const EVENT_CURSORS: [&str; 2] = ["{ eventCursor }", "{ users(first: 1, asOf: { at: \"THEN\" }) { asOf { event } } }"];

/// Where else cursors of events are taken.
const EVENT_ARGUMENTS: [&str; 2] = [
    "query($c: String!) { users(first: 1, asOf: { event: $c }) { nodes { email } } }",
    "query($c: String!) { userChanges(first: 1, from: { event: $c }) { nodes { kind } } }",
];

fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every text of an answer, which is nothing but cursors.
async fn shown(person: &Person, document: &str) -> BTreeSet<String> {
    let answer = person.ask(document, json!({})).await;
    assert_eq!(answer.code(), None, "{document}: {:?}", answer.body);
    let mut found = BTreeSet::new();
    texts(&answer.body["data"], &mut found);
    assert!(!found.is_empty(), "{document} shows no cursor: {:?}", answer.body);
    found
}

/// A world in which every list has entries, and the cursors of each.
async fn lived() -> (World, Person, BTreeMap<&'static str, BTreeSet<String>>) {
    let world = World::start().await;
    let stranger = open_beta(&world).await;
    let editor = world.member("eve@acme.example", "EDITOR").await;
    let key = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { userErrors { code } } }";
    for _ in 0..2 {
        assert_eq!(world.admin.ask(key, json!({ "input": { "name": "key", "scopes": ["USERS_READ"] } })).await.code(), None);
        let service_key = key.replace("ApiKey", "ServiceKey");
        assert_eq!(world.admin.ask(&service_key, json!({ "input": { "name": "key", "scopes": ["USERS_READ"] } })).await.code(), None);
        assert_eq!(editor.attempt("updateUser", json!({ "id": world.admin.id, "role": "VIEWER" })).await.code(), Some("FORBIDDEN"));
    }
    world.until("select count(*) >= 2 from refused_attempts", "the attempts are written").await;
    world.until_mail_is_settled().await;
    let then = clock(&world).await;
    let mut cursors = BTreeMap::new();
    for (kind, document) in LISTS {
        cursors.insert(kind, shown(&world.admin, &document.replace("ARGUMENTS", "")).await);
    }
    for document in EVENT_CURSORS {
        let found = shown(&world.admin, &document.replace("THEN", &then)).await;
        cursors.entry("events").or_default().extend(found);
    }
    (world, stranger, cursors)
}

#[tokio::test]
async fn no_cursor_tells_where_in_the_cluster_or_in_an_account_something_stands() {
    let (world, _, cursors) = lived().await;
    let exported =
        world.admin.client.get(format!("{}/history/export", world.roster.url)).bearer_auth(world.admin.token.as_deref().unwrap());
    let exported = exported.send().await.unwrap().text().await.unwrap();
    let lines = exported.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let of_exports: BTreeSet<_> = lines
        .flat_map(|line| [line["cursor"].clone(), line["data"]["until"].clone()])
        .filter_map(|text| Some(text.as_str()?.to_owned()))
        .collect();
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select xid::text, position from events").fetch_all(&world.database.pool()).await.expect("answers");
    let mut told: Vec<Vec<u8>> = vec![world.account_id.uuid().as_bytes().to_vec(), world.account_id.to_string().into_bytes()];
    told.push(world.account_id.uuid().simple().to_string().into_bytes());
    for (xid, position) in &rows {
        told.push(xid.parse::<u64>().expect("a number").to_be_bytes().to_vec());
        told.push(position.to_be_bytes().to_vec());
        // A text of one or two digits is in anything.
        told.extend(Some(format!("{xid}.{position}").into_bytes()).filter(|text| text.len() > 3));
    }
    for text in ["event", "acme.example", "refused", "change"] {
        told.push(text.as_bytes().to_vec());
    }
    assert!(of_exports.len() > 5 && rows.len() > 5);
    for cursor in cursors.values().flatten().chain(&of_exports) {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).unwrap_or_else(|error| panic!("{cursor}: {error}"));
        assert_eq!(bytes.first(), Some(&1), "{cursor} has no version");
        for known in &told {
            assert!(!bytes.windows(known.len()).any(|part| part == known), "{cursor} tells {known:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_is_the_same_each_time_and_good_for_its_own_list_of_its_own_account() {
    let (world, stranger, cursors) = lived().await;
    for (kind, document) in LISTS {
        let again = shown(&world.admin, &document.replace("ARGUMENTS", "")).await;
        if kind != "events" {
            assert_eq!(again, cursors[kind], "{kind}");
        }
        for (other, found) in &cursors {
            for cursor in found {
                let page = document.replace("ARGUMENTS", &format!(", after: \"{cursor}\""));
                let answer = world.admin.ask(&page, json!({})).await;
                let expected = if *other == kind { None } else { Some("BAD_USER_INPUT") };
                assert_eq!(answer.code(), expected, "{kind} after a cursor of {other}: {:?}", answer.body);
                let elsewhere = stranger.ask(&page, json!({})).await;
                assert_eq!(elsewhere.code(), Some("BAD_USER_INPUT"), "{kind} of another account: {:?}", elsewhere.body);
            }
        }
        for wrong in ["", "abc", "AQ", "cmVmdXNlZDo", "ZXZlbnQ6"] {
            let answer = world.admin.ask(&document.replace("ARGUMENTS", &format!(", after: \"{wrong}\"")), json!({})).await;
            assert_eq!(answer.code(), Some("BAD_USER_INPUT"), "{kind} {wrong}: {:?}", answer.body);
            let message = answer.body["errors"][0]["message"].as_str().expect("a sentence");
            assert!(message.contains("`after`"), "{message}");
        }
    }
    for document in EVENT_ARGUMENTS {
        for (kind, found) in &cursors {
            let expected = if *kind == "events" { None } else { Some("BAD_USER_INPUT") };
            let cursor = found.first().expect("there is one");
            assert_eq!(world.admin.ask(document, json!({ "c": cursor })).await.code(), expected, "{document} {kind}");
            assert_eq!(stranger.ask(document, json!({ "c": cursor })).await.code(), Some("BAD_USER_INPUT"), "{document} {kind}");
        }
    }
}

#[tokio::test]
async fn a_cursor_from_before_they_were_sealed_is_refused_by_a_code() {
    let (world, _, _) = lived().await;
    let (account, id) = (world.account_id, world.admin.id.as_str());
    let encoded = |plain: String| BASE64_URL_SAFE_NO_PAD.encode(plain);
    let (event, of_users) =
        (encoded(format!("event:{account}:1.762.1")), encoded(format!("1 C {} {} m1", account.uuid().simple(), id.replace('-', ""))));
    let (changes, attempts) = (encoded(format!("change:{id}")), encoded(format!("refused:{account}:1")));
    for (kind, earlier, code) in [
        ("events", event.as_str(), "UNKNOWN_CURSOR"),
        ("users", &of_users, "BAD_USER_INPUT"),
        ("changes", &changes, "BAD_USER_INPUT"),
        ("keys", id, "BAD_USER_INPUT"),
        ("attempts", &attempts, "BAD_USER_INPUT"),
    ] {
        let (_, document) = LISTS.into_iter().find(|(other, _)| *other == kind).expect("it is a list");
        let answer = world.admin.ask(&document.replace("ARGUMENTS", &format!(", after: \"{earlier}\"")), json!({})).await;
        assert_eq!(answer.code(), Some(code), "{kind}: {:?}", answer.body);
    }
    for document in EVENT_ARGUMENTS {
        assert_eq!(world.admin.ask(document, json!({ "c": event })).await.code(), Some("UNKNOWN_CURSOR"), "{document}");
    }
}

/// A new list, or a new field with a cursor, belongs into the tables above.
#[tokio::test]
async fn every_field_and_argument_of_the_schema_that_holds_a_cursor_is_tried() {
    let world = World::start().await;
    let query =
        "{ __schema { types { kind name fields(includeDeprecated: true) { name args { name } } inputFields { name type { name } } } } }";
    let answer = world.visitor().ask(query, json!({})).await;
    let (mut fields, mut arguments) = (BTreeSet::new(), BTreeSet::new());
    for kind in answer.body["data"]["__schema"]["types"].as_array().expect("a list") {
        let owner = kind["name"].as_str().expect("a name");
        for field in kind["fields"].as_array().into_iter().flatten().filter(|_| !owner.starts_with("__") && kind["kind"] == "OBJECT") {
            let name = field["name"].as_str().expect("a name");
            if name.to_lowercase().contains("cursor") || (owner, name) == ("ResolvedMoment", "event") {
                fields.insert(format!("{owner}.{name}"));
            }
            let taken = field["args"].as_array().expect("a list").iter().filter_map(|argument| argument["name"].as_str());
            arguments.extend(
                taken.filter(|argument| ["after", "before"].contains(argument)).map(|argument| format!("{owner}.{name}({argument})")),
            );
        }
        let taken = kind["inputFields"].as_array().into_iter().flatten().filter(|field| field["type"]["name"] == "String");
        arguments.extend(taken.filter(|field| field["name"] == "event").map(|_| format!("{owner}.event")));
    }
    let expected = ["ApiKeyEdge", "Event", "EventEdge", "RefusedAttemptEdge", "ServiceKeyEdge", "UserChangeEdge", "UserEdge"]
        .map(|owner| format!("{owner}.cursor"));
    let more = ["PageInfo.startCursor", "PageInfo.endCursor", "Query.eventCursor", "ResolvedMoment.event"].map(str::to_owned);
    assert_eq!(fields, expected.into_iter().chain(more).collect());
    let expected = [
        "AsOf.event",
        "Query.apiKeys(after)",
        "Query.auditLog(after)",
        "Query.refusedAttempts(after)",
        "Query.serviceKeys(after)",
        "Query.userChanges(after)",
        "Query.users(after)",
        "Query.users(before)",
        "Subscription.userEvents(after)",
        "User.history(after)",
    ];
    assert_eq!(arguments, expected.map(str::to_owned).into());
}
