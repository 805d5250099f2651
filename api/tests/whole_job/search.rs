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
