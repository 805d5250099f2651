//! Every object that has an id is found again by it, and the past has ids of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::other_accounts::open_beta;
use crate::past::clock;
use crate::person::Person;
use crate::world::World;

/// For each type that implements `Node`, documents that show ids of it and nothing else. `THEN` is a moment of the past.
const SHOWN: [(&str, &str); 10] = [
    ("User", "{ users(first: 5) { nodes { id } } }"),
    ("User", "{ users(first: 5, asOf: { at: \"THEN\" }) { nodes { id } } }"),
    ("User", "{ userChanges(first: 5, from: { at: \"THEN\" }) { nodes { before { id } after { id } } } }"),
    ("Account", "{ viewer { account { id } } }"),
    ("Session", "{ viewer { sessions { id } } }"),
    ("ApiKey", "{ apiKeys(first: 5) { nodes { id } } }"),
    ("ServiceKey", "{ serviceKeys(first: 5) { nodes { id } } }"),
    ("SavedView", "{ savedViews { id } }"),
    ("Event", "{ auditLog(first: 20) { nodes { id } } }"),
    ("RefusedAttempt", "{ refusedAttempts(first: 5) { nodes { id } } }"),
];

/// Types whose ids are names of settings, which are no objects of an account.
const SETTINGS: [&str; 2] = ["AuthMethod", "SignInOption"];

const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id ... on User { userId role } } }";

fn ids(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| ids(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| ids(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

async fn shown(person: &Person, document: &str) -> Vec<String> {
    let answer = person.ask(document, json!({})).await;
    assert_eq!(answer.code(), None, "{document}: {:?}", answer.body);
    let mut found = vec![];
    ids(&answer.body["data"], &mut found);
    found
}

struct Lived {
    world: World,
    eve: Person,
    then: String,
    /// The ids of each document of `SHOWN`.
    ids: Vec<(&'static str, Vec<String>)>,
}

impl Lived {
    async fn start() -> Self {
        let world = World::start().await;
        let eve = world.member("eve@acme.example", "VIEWER").await;
        let key = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { userErrors { code } } }";
        assert_eq!(world.admin.ask(key, json!({ "input": { "name": "key", "scopes": ["USERS_READ"] } })).await.code(), None);
        world.admin.new_key("createServiceKey", &json!({ "name": "key", "scopes": ["USERS_READ"] })).await;
        let view = "mutation($input: SaveViewInput!) { saveView(input: $input) { userErrors { code } } }";
        let input = json!({ "input": { "name": "Mine", "query": "", "shared": false } });
        assert_eq!(world.admin.ask(view, input).await.body["data"]["saveView"]["userErrors"], json!([]));
        assert_eq!(eve.attempt("updateUser", json!({ "id": world.admin.id, "role": "VIEWER" })).await.code(), Some("FORBIDDEN"));
        world.until("select count(*) = 1 from refused_attempts", "the attempt is written").await;
        world.until_mail_is_settled().await;
        let then = clock(&world).await;
        world.admin.run("updateUser", json!({ "id": eve.id, "role": "EDITOR" })).await.done();
        clock(&world).await;
        let mut ids = vec![];
        for (kind, document) in SHOWN {
            let found = shown(&world.admin, &document.replace("THEN", &then)).await;
            assert!(!found.is_empty(), "{document} shows nothing");
            ids.push((kind, found));
        }
        Self { world, eve, then, ids }
    }

    fn all(&self) -> impl Iterator<Item = (&'static str, &String)> {
        self.ids.iter().flat_map(|(kind, ids)| ids.iter().map(|id| (*kind, id)))
    }
}

#[tokio::test]
async fn every_object_with_an_id_is_found_again_by_it() {
    let lived = Lived::start().await;
    let world = &lived.world;
    let distinct: BTreeSet<_> = lived.all().collect();
    let by_id: BTreeMap<_, _> = distinct.iter().map(|(kind, id)| (*id, *kind)).collect();
    assert_eq!(by_id.len(), distinct.len(), "two types share an id");
    for (kind, id) in &distinct {
        let node = &world.admin.ask(NODE, json!({ "id": id })).await.body["data"]["node"];
        assert_eq!((node["__typename"].as_str(), node["id"].as_str()), (Some(*kind), Some(id.as_str())), "{kind} {id}");
    }
    let wanted: Vec<_> = by_id.keys().chain([&&String::from("no id")]).map(|id| (**id).clone()).collect();
    let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let found = world.admin.ask(nodes, json!({ "ids": wanted })).await;
    let expected: Vec<_> =
        wanted.iter().map(|id| by_id.get(id).map_or(Value::Null, |kind| json!({ "__typename": kind, "id": id }))).collect();
    assert_eq!(found.body["data"]["nodes"], json!(expected), "{:?}", found.body);
    let too_many = vec!["x"; 101];
    assert_eq!(world.admin.ask(nodes, json!({ "ids": too_many })).await.code(), Some("BAD_USER_INPUT"));
}

#[tokio::test]
async fn no_object_is_found_by_who_may_not_read_it() {
    let lived = Lived::start().await;
    let (world, eve) = (&lived.world, &lived.eve);
    let stranger = open_beta(world).await;
    let viewer = world.member("vic@acme.example", "VIEWER").await;
    let account = world.account_id.to_string();
    for (kind, id) in lived.all() {
        let answer = stranger.ask(NODE, json!({ "id": id })).await;
        assert_eq!((answer.code(), &answer.body["data"]["node"]), (None, &Value::Null), "{kind} {id} of another account");
        assert_eq!(world.visitor().ask(NODE, json!({ "id": id })).await.code(), Some("UNAUTHENTICATED"), "{kind} {id}");
        let seen = async |person: &Person| person.ask(NODE, json!({ "id": id })).await.body["data"]["node"].is_object();
        assert_eq!(seen(&viewer).await, *id == account, "{kind} {id} for a viewer");
        let own = world.admin.ask(NODE, json!({ "id": id })).await.body["data"]["node"]["userId"] == eve.id.as_str();
        let of_editor = *id == account || own || ["Event", "RefusedAttempt"].contains(&kind);
        assert_eq!(seen(eve).await, of_editor, "{kind} {id} for an editor");
    }
}

#[tokio::test]
async fn a_user_of_the_past_is_another_object_than_the_user_of_now() {
    let lived = Lived::start().await;
    let (world, eve, then) = (&lived.world, &lived.eve, &lived.then);
    let one = "query($id: ID!, $asOf: AsOf) { user(id: $id, asOf: $asOf) { id userId role } }";
    let user = async |as_of: Value| world.admin.ask(one, json!({ "id": eve.id, "asOf": as_of })).await.body["data"]["user"].take();
    let (now, past) = (user(Value::Null).await, user(json!({ "at": then })).await);
    assert_eq!((now["id"].as_str(), now["role"].as_str()), (Some(eve.id.as_str()), Some("EDITOR")));
    assert_eq!((past["userId"].as_str(), past["role"].as_str()), (Some(eve.id.as_str()), Some("VIEWER")));
    assert_ne!(past["id"], now["id"]);
    assert_eq!(user(json!({ "at": then })).await, past, "the same moment has the same id");
    let list = "query($asOf: AsOf) { users(asOf: $asOf, filter: { search: \"eve\" }) { nodes { id userId role } } }";
    let listed = world.admin.ask(list, json!({ "asOf": { "at": then } })).await;
    assert_eq!(listed.body["data"]["users"]["nodes"], json!([past]));
    let changes = "query($from: AsOf!) { userChanges(from: $from) { nodes { before { id userId role } after { id userId role } } } }";
    let answer = world.admin.ask(changes, json!({ "from": { "at": then } })).await;
    let change = &answer.body["data"]["userChanges"]["nodes"][0];
    assert_eq!((&change["before"], change["after"]["role"].as_str()), (&past, Some("EDITOR")));
    let all: BTreeSet<_> = [&change["before"], &change["after"], &now].map(|user| user["id"].as_str()).into();
    assert_eq!(all.len(), 3, "before, after and now are three objects");

    world.admin.run("updateUser", json!({ "id": eve.id, "role": "ADMIN" })).await.done();
    let node = &world.admin.ask(NODE, json!({ "id": past["id"] })).await.body["data"]["node"];
    assert_eq!(node, &json!({ "__typename": "User", "id": past["id"], "userId": eve.id, "role": "VIEWER" }));
    // What changes someone takes the user, not a moment.
    let refused = world.admin.run("updateUser", json!({ "id": past["id"], "role": "VIEWER" })).await;
    assert_eq!(refused.refused(), ("NOT_FOUND", Some("id")));
}

/// A new type with an id implements `Node` and is shown above, or says why not.
#[tokio::test]
async fn every_type_with_an_id_implements_node() {
    let world = World::start().await;
    let query =
        "{ __schema { types { name kind interfaces { name } fields(includeDeprecated: true) { name type { kind ofType { name } } } } } }";
    let answer = world.visitor().ask(query, json!({})).await;
    let types = answer.body["data"]["__schema"]["types"].as_array().expect("a list");
    let (mut nodes, mut others) = (BTreeSet::new(), BTreeSet::new());
    for kind in types.iter().filter(|kind| kind["kind"] == "OBJECT") {
        let name = kind["name"].as_str().expect("a name");
        let has_id = kind["fields"].as_array().expect("a list").iter().any(|field| field["name"] == "id");
        let is_node = kind["interfaces"].as_array().expect("a list").iter().any(|interface| interface["name"] == "Node");
        assert!(has_id || !is_node, "{name}");
        if is_node {
            nodes.insert(name);
        } else if has_id {
            others.insert(name);
        }
    }
    assert_eq!(nodes, SHOWN.iter().map(|(kind, _)| *kind).collect());
    assert_eq!(others, SETTINGS.into());
}

#[tokio::test]
async fn a_user_is_found_by_address_in_any_case_by_who_may_list_users() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let gone = world.invite("gone@acme.example", "VIEWER").await;
    world.admin.run("deleteUser", json!({ "id": gone, "confirmEmail": "gone@acme.example" })).await.done();
    let stranger = open_beta(&world).await;
    let query = "query($email: String!) { userByEmail(email: $email) { id } }";
    let ask = async |person: &Person, email: &str| person.ask(query, json!({ "email": email })).await;
    for email in ["eve@acme.example", "EVE@ACME.EXAMPLE", " eve@acme.example\u{200b}"] {
        let found = ask(&world.admin, email).await;
        assert_eq!((found.code(), &found.body["data"]["userByEmail"]["id"]), (None, &json!(eve.id)), "{email}");
    }
    for (person, email) in [(&world.admin, "nobody@acme.example"), (&world.admin, "gone@acme.example"), (&stranger, "eve@acme.example")] {
        let none = ask(person, email).await;
        assert_eq!((none.code(), &none.body["data"]["userByEmail"]), (None, &Value::Null), "{email}");
    }
    assert_eq!(ask(&world.admin, "no address").await.code(), Some("BAD_USER_INPUT"));
    for (person, code) in [(&eve, "FORBIDDEN"), (&world.visitor(), "UNAUTHENTICATED")] {
        for email in ["eve@acme.example", "nobody@acme.example", "no address"] {
            assert_eq!(ask(person, email).await.code(), Some(code), "{email}");
        }
    }
}
