//! What each page of a provider records: one event, or as many as the table says and why, by the user whose identity was proved.

use serde_json::json;

use crate::world::{World, verified};
use test_support::AtProvider::SignIn;
use test_support::Browser;

/// What each way in records when it succeeds.
const EVENTS: [(&str, &[&str]); 4] = [
    // Joining links the provider, takes the name that it knows, and signs in.
    ("accept", &["user/Accepted", "user/ProviderLinked", "user/NameChanged", "session/Started"]),
    // The first time it links the provider as well.
    ("first sign-in", &["user/ProviderLinked", "session/Started"]),
    ("sign-in", &["session/Started"]),
    // Being sent away, and coming back without a proof, is nothing that happened.
    ("sent away", &[]),
];

async fn recorded(world: &World, seen: &mut usize, row: &str, actor: &str) {
    let events = world.events().await;
    let expected = EVENTS.iter().find(|(name, _)| *name == row).expect("a row").1;
    let expected: Vec<_> = expected.iter().map(|kind| ((*kind).to_owned(), format!("user:{actor}"))).collect();
    assert_eq!(events[*seen..], expected, "{row}");
    *seen = events.len();
}

#[tokio::test]
async fn every_way_in_with_a_provider_is_as_many_events_as_the_table_says_by_whom_it_has_proven() {
    let world = World::start().await;
    world.company.set_person("a", json!({ "email": "ada@acme.example", "email_verified": true, "name": "Ada" })).await;
    world.company.set_person("b", verified("bob@acme.example")).await;
    world.company.set_person("x", verified("stranger@acme.example")).await;
    let ada = world.invite("ada@acme.example", &["company"]).await;
    let bob = world.member("bob@acme.example", &["company"]).await;
    let token = world.link("ada@acme.example", 1).await;
    let mut seen = world.events().await.len();

    Browser::new().visit(&world.url("/sign-in/company?account=acme"), SignIn("b")).await;
    recorded(&world, &mut seen, "sent away", "").await;
    let wrong = Browser::new().sign_in(&world.url(&format!("/sign-in/company?invitation={token}")), SignIn("b")).await;
    assert_eq!(wrong.reason(), "PROVIDER_EMAIL_MISMATCH");
    let accepted = Browser::new().sign_in(&world.url(&format!("/sign-in/company?invitation={token}")), SignIn("a")).await;
    assert_eq!(accepted.status, 303, "{accepted:?}");
    recorded(&world, &mut seen, "accept", &ada).await;
    for row in ["first sign-in", "sign-in"] {
        let back = Browser::new().sign_in(&world.url("/sign-in/company?account=acme"), SignIn("b")).await;
        assert_eq!(back.status, 303, "{back:?}");
        recorded(&world, &mut seen, row, &bob).await;
    }
    let stranger = Browser::new().sign_in(&world.url("/sign-in/company?account=acme"), SignIn("x")).await;
    assert_eq!(stranger.reason(), "NOT_INVITED");
    assert_eq!(world.events().await.len(), seen, "what is refused is no event");

    let refused = world.refused_attempts(2).await;
    let expected = [("acceptInvitation", "PROVIDER_EMAIL_MISMATCH"), ("signInWithProvider", "NOT_INVITED")];
    assert_eq!(refused, expected.map(|(operation, code)| (operation.to_owned(), code.to_owned(), "visitor".to_owned())));
}
