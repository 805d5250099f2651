//! How soon the list of users can be used in a browser, how soon a search result of 50,000 users is shown, and the role of 1,000 is changed:
//! `make bench-pages`. Fails when one takes longer than its limit.

#[path = "../../tests/dashboard_in_a_browser/hands.rs"]
mod hands;
#[path = "../../tests/dashboard_in_a_browser/office.rs"]
mod office;
#[expect(dead_code, reason = "a server is all that is started here")]
#[path = "../../tests/program/mod.rs"]
mod program;
#[path = "../../tests/dashboard_in_a_browser/script.rs"]
mod script;
#[path = "../../tests/dashboard_in_a_browser/world.rs"]
mod world;

use world::World;

#[tokio::main]
async fn main() {
    World::start().await.play("speed.mjs", &[], "light").await;
}
