//! No text and no list that a client sends is without a bound: every argument and every input field of the schema is tried.

use api::server::MAX_LOGO_TEXT;
use serde_json::{Value, json};

use crate::world::World;

/// Longer than any text or list may be, and little enough for the whole request to be read.
const LONG_TEXT: usize = 5_000;
const LONG_LIST: usize = 2_001;

/// An argument or an input field, and a value for the variable that holds it.
struct Place {
    name: String,
    query: String,
    variables: Value,
}

async fn types(world: &World) -> Vec<Value> {
    const TYPE: &str = "name kind ofType { name kind ofType { name kind ofType { name kind } } }";
    let query = format!(
        "{{ __schema {{ types {{ name kind inputFields {{ name type {{ {TYPE} }} }}
            fields(includeDeprecated: true) {{ name args {{ name type {{ {TYPE} }} }} type {{ {TYPE} }} }} }} }} }}"
    );
    let mut answer = world.visitor().ask(&query, json!({})).await;
    answer.body["data"]["__schema"]["types"].as_array_mut().expect("a list").drain(..).collect()
}

fn name(value: &Value) -> &str {
    value["name"].as_str().expect("a name")
}

/// The type as it is written in a document.
fn written(kind: &Value) -> String {
    match kind["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&kind["ofType"])),
        Some("LIST") => format!("[{}]", written(&kind["ofType"])),
        _ => name(kind).to_owned(),
    }
}

/// Values of a type that are too long, each with what it is; the input fields of an input object are gone through, too.
fn too_long(types: &[Value], kind: &Value, depth: usize) -> Vec<(String, Value)> {
    let text = || json!("x".repeat(LONG_TEXT));
    match (kind["kind"].as_str(), kind["name"].as_str()) {
        (Some("NON_NULL"), _) => too_long(types, &kind["ofType"], depth),
        (Some("LIST"), _) => {
            let inner = too_long(types, &kind["ofType"], depth).into_iter().map(|(what, value)| (format!("[{what}]"), json!([value])));
            inner.chain([("a list".to_owned(), Value::Array(vec![Value::Null; LONG_LIST]))]).collect()
        }
        (Some("SCALAR"), Some("String" | "ID" | "DateTime")) => vec![("a text".to_owned(), text())],
        (Some("INPUT_OBJECT"), Some(wanted)) if depth < 5 => {
            let object = types.iter().find(|object| name(object) == wanted).expect("it is declared");
            let fields = object["inputFields"].as_array().expect("it has fields");
            let of_field = |field: &Value| {
                let field_name = name(field).to_owned();
                let mut values = too_long(types, &field["type"], depth + 1);
                if field_name == "logo" {
                    // A file may be longer than a text.
                    values = vec![("a text".to_owned(), json!("A".repeat(MAX_LOGO_TEXT + 1)))];
                }
                values.into_iter().map(move |(what, value)| (format!("{field_name}: {what}"), json!({ &field_name: value })))
            };
            fields.iter().flat_map(of_field).collect()
        }
        _ => vec![],
    }
}

/// Every way in which a field of this type can be given something too long.
fn places(types: &[Value], parent: &Value, operation: &str, open: &str, close: &str) -> Vec<Place> {
    let mut places = vec![];
    for field in parent["fields"].as_array().expect("it has fields") {
        for argument in field["args"].as_array().expect("a list") {
            let kind = written(&argument["type"]);
            for (what, value) in too_long(types, &argument["type"], 0) {
                let (field, argument) = (name(field), name(argument));
                places.push(Place {
                    name: format!("{}.{field}({argument}: {what})", name(parent)),
                    query: format!("{operation}($v: {kind}) {{ {open} {field}({argument}: $v) {{ __typename }} {close} }}"),
                    variables: json!({ "v": value }),
                });
            }
        }
    }
    places
}

/// Arguments that a field needs beside the one that is tried, as they are written in a document.
fn needed(field: &Value, tried: &str) -> String {
    let is_needed = |argument: &&Value| argument["type"]["kind"] == "NON_NULL" && name(argument) != tried;
    let written = field["args"].as_array().expect("a list").iter().filter(is_needed).map(|argument| {
        let value = if name(&argument["type"]["ofType"]) == "AsOf" { "{ at: \"2020-01-01T00:00:00Z\" }" } else { "\"x\"" };
        format!(", {}: {value}", name(argument))
    });
    written.collect()
}

/// Every way in which an argument or input field of a type takes an instant: the value around it, with `AT` in its place. Counts that are
/// needed beside it are 0, so that a mutation is about no one.
fn instants(types: &[Value], kind: &Value, depth: usize) -> Vec<Value> {
    match (kind["kind"].as_str(), kind["name"].as_str()) {
        (Some("NON_NULL"), _) => instants(types, &kind["ofType"], depth),
        (Some("LIST"), _) => instants(types, &kind["ofType"], depth).into_iter().map(|value| json!([value])).collect(),
        (Some("SCALAR"), Some("DateTime")) => vec![json!("AT")],
        (Some("INPUT_OBJECT"), Some(wanted)) if depth < 5 => {
            let object = types.iter().find(|object| name(object) == wanted).expect("it is declared");
            let fields = object["inputFields"].as_array().expect("it has fields");
            let counts: serde_json::Map<_, _> =
                fields.iter().filter(|field| written(&field["type"]) == "Int!").map(|field| (name(field).to_owned(), json!(0))).collect();
            let of_field = |field: &Value| {
                let (name, counts) = (name(field).to_owned(), counts.clone());
                instants(types, &field["type"], depth + 1).into_iter().map(move |value| {
                    let mut object = counts.clone();
                    object.insert(name.clone(), value);
                    Value::Object(object)
                })
            };
            fields.iter().flat_map(of_field).collect()
        }
        _ => vec![],
    }
}

#[tokio::test]
async fn every_instant_of_the_schema_has_bounds() {
    let world = World::start().await;
    let types = types(&world).await;
    let (mut tried, before) = (vec![], world.everything().await);
    for parent in types.iter().filter(|kind| kind["kind"] == "OBJECT" && !name(kind).starts_with("__")) {
        for field in parent["fields"].as_array().expect("it has fields") {
            for argument in field["args"].as_array().expect("a list") {
                let (kind, named) = (written(&argument["type"]), name(argument));
                for value in instants(&types, &argument["type"], 0) {
                    let operation = name(parent).to_lowercase();
                    assert!(matches!(&*operation, "query" | "mutation"), "instants of {operation} are to be tried, too");
                    let (name, needed) = (name(field), needed(field, named));
                    let query = format!("{operation}($v: {kind}) {{ {name}({named}: $v{needed}) {{ __typename }} }}");
                    let ask = async |at: &str| {
                        let value: Value = serde_json::from_str(&value.to_string().replace("AT", at)).expect("JSON");
                        world.admin.ask(&query, json!({ "v": value })).await
                    };
                    for at in ["-4714-11-23T00:00:00Z", "-262143-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "soon"]
                    {
                        let answer = ask(at).await;
                        assert_eq!(answer.code(), Some("BAD_USER_INPUT"), "{query} {value} {at}: {:?}", answer.body);
                    }
                    for at in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"] {
                        let answer = ask(at).await;
                        assert!(matches!(answer.code(), None | Some("NOT_YET" | "NOT_FOUND")), "{query} {value} {at}: {:?}", answer.body);
                    }
                    tried.push(format!("{name}({named}: {value})"));
                }
            }
        }
    }
    assert!(tried.len() >= 11, "only these were found: {tried:?}");
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn every_text_and_every_list_of_the_schema_has_a_bound() {
    let world = World::start().await;
    let types = types(&world).await;
    let object = |wanted: &str| types.iter().find(|object| name(object) == wanted).expect("it is declared");
    let mut tried = places(&types, object("Query"), "query", "", "");
    tried.extend(places(&types, object("Mutation"), "mutation", "", ""));
    tried.extend(places(&types, object("User"), "query", "viewer { user {", "} }"));
    assert!(tried.len() > 60, "only {} places were found", tried.len());
    let before = world.everything().await;
    for Place { name, query, variables } in &tried {
        let answer = world.admin.ask(query, variables.clone()).await;
        assert_eq!(answer.code(), Some("BAD_USER_INPUT"), "{name}: {:?}", answer.body);
    }
    assert_eq!(world.everything().await, before);
    for wanted in
        ["Query.users(filter: search: a text)", "Mutation.inviteUsers(input: rows: a list)", "Query.auditLog(filter: types: a list)"]
    {
        assert!(tried.iter().any(|place| place.name == wanted), "{wanted} was not tried");
    }
}

#[tokio::test]
async fn what_filters_hold_has_narrower_bounds() {
    let world = World::start().await;
    let users = "query($filter: UserFilter) { users(first: 1, filter: $filter) { totalCount } }";
    let log = "query($filter: EventFilter) { auditLog(first: 1, filter: $filter) { totalCount } }";
    let refused = "query($filter: RefusedAttemptFilter) { refusedAttempts(first: 1, filter: $filter) { totalCount } }";
    for (query, field, most, fits) in [
        (users, "search", 200, json!("é".repeat(200))),
        (users, "status", 100, json!(vec!["ACTIVE"; 100])),
        (users, "role", 100, json!(vec!["ADMIN"; 100])),
        (users, "authMethods", 100, json!(vec!["password"; 100])),
        (users, "delivery", 100, json!(vec!["FAILED"; 100])),
        (log, "types", 100, json!(vec!["INVITED"; 100])),
        (refused, "codes", 100, json!(vec!["FORBIDDEN"; 100])),
    ] {
        let ask = async |value: Value| world.admin.ask(query, json!({ "filter": { field: value } })).await;
        let fitting = ask(fits.clone()).await;
        assert_eq!(fitting.code(), None, "{field}: {:?}", fitting.body);
        let longer = match fits {
            Value::String(text) => json!(format!("{text}é")),
            Value::Array(mut items) => {
                items.push(items[0].clone());
                json!(items)
            }
            other => panic!("{other} is neither"),
        };
        let answer = ask(longer).await;
        assert_eq!(answer.code(), Some("BAD_USER_INPUT"), "{field}: {:?}", answer.body);
        assert!(answer.body.to_string().contains(&most.to_string()), "it says the bound: {:?}", answer.body);
    }
}
