//! Search through the API: whom it finds, and who comes first.

use serde_json::{Value, json};

use crate::world::World;

const SEARCH: &str = "query($search: String!, $after: String) {
    users(first: 1, after: $after, filter: { search: $search }, orderBy: { field: RELEVANCE, direction: ASC }) {
        nodes { email } pageInfo { endCursor hasNextPage } } }";

#[tokio::test]
async fn the_best_match_is_listed_first_whatever_its_accents() {
    let world = World::start().await;
    for (email, name) in [("customs@acme.example", "Ann"), ("th@acme.example", "Tomás Herrera"), ("x.tomas@acme.example", "Eve")] {
        let id = world.invite(email, "VIEWER").await;
        world.admin.run("updateUser", json!({ "id": id, "name": name })).await.done();
    }
    for (search, expected) in [
        ("tom", &["th@acme.example", "x.tomas@acme.example", "customs@acme.example"][..]),
        ("TÓM", &["th@acme.example", "x.tomas@acme.example", "customs@acme.example"]),
        ("herrera.tomas", &["th@acme.example"]),
        ("x.tomas@acme.example", &["x.tomas@acme.example"]),
        ("tom zoe", &[]),
    ] {
        let (mut found, mut after) = (vec![], Value::Null);
        loop {
            let page = world.admin.ask(SEARCH, json!({ "search": search, "after": after })).await.body["data"]["users"].take();
            let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("a page: {page}"));
            found.extend(nodes.iter().filter_map(|user| user["email"].as_str()).map(str::to_owned));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(found, expected, "{search}");
    }
}

/// Skips of the API are those of the list, and cost what the database reads for them.
#[tokio::test]
async fn a_page_further_on_is_found_by_its_number() {
    let world = World::start().await;
    for email in ["b@acme.example", "c@acme.example", "d@acme.example", "e@acme.example"] {
        world.invite(email, "VIEWER").await;
    }
    let page = async |arguments: &str| {
        let document = format!(
            "{{ users({arguments}, orderBy: {{ field: EMAIL, direction: ASC }}) {{ nodes {{ email }} pageInfo {{ hasPreviousPage hasNextPage startCursor }} }} }}"
        );
        world.admin.ask(&document, json!({})).await.body["data"]["users"].take()
    };
    let third = page("first: 1, skip: 2").await;
    assert_eq!(third["nodes"], json!([{ "email": "c@acme.example" }]));
    assert_eq!((&third["pageInfo"]["hasPreviousPage"], &third["pageInfo"]["hasNextPage"]), (&json!(true), &json!(true)));
    assert_eq!(page("last: 1, skip: 1").await["nodes"], json!([{ "email": "d@acme.example" }]));
    let cursor = third["pageInfo"]["startCursor"].as_str().expect("a cursor").to_owned();
    assert_eq!(page(&format!("first: 5, after: \"{cursor}\", skip: 1")).await["nodes"], json!([{ "email": "e@acme.example" }]));
    assert_eq!(page("first: 1, skip: 10000").await["nodes"], json!([]));

    let jumps: Vec<_> = (0..60).map(|n| format!("a{n}: users(first: 1, skip: 10000) {{ pageInfo {{ endCursor }} }}")).collect();
    assert_eq!(world.admin.ask(&format!("{{ {} }}", jumps.join(" ")), json!({})).await.code(), Some("QUERY_TOO_COMPLEX"));
}
