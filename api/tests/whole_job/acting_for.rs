//! A page asks on behalf of the person whom it shows, or of no one.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::person::{Answer, Person};
use crate::world::{PASSWORD, World};
use test_support::{SUBPROTOCOL, SocketClient};

const HEADER: &str = "roster-acting-for";
const INVITE: &str =
    r#"mutation { inviteUser(input: { email: "x@acme.example", role: ADMIN, authMethods: ["password"] }) { userErrors { code } } }"#;

/// A request of a page, with the cookie that all tabs of its browser share.
fn of_page(world: &World, person: &Person, method: Method, path: &str) -> RequestBuilder {
    let cookie = world.cookie(person.token.as_deref().expect("signed in"));
    person.client.request(method, format!("{}{path}", world.roster.url)).header("cookie", cookie).header("origin", &world.roster.url)
}

fn graphql(world: &World, person: &Person, query: &str) -> RequestBuilder {
    of_page(world, person, Method::POST, "/graphql").json(&json!({ "query": query }))
}

async fn acting_for(person: &Person) -> String {
    let answer = person.ask("{ viewer { actingFor } }", json!({})).await;
    answer.body["data"]["viewer"]["actingFor"].as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn a_page_that_shows_someone_else_than_who_is_signed_in_is_refused_whatever_it_asks() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "ADMIN").await;
    // The page shows the first admin. Meanwhile Eve has signed in in another tab.
    for shown in [acting_for(&world.admin).await.as_str(), "nobody", "", "'; drop table users; --"] {
        let before = world.everything().await;
        for query in [INVITE, "{ users { totalCount } }", "mutation { signOut { userErrors { code } } }", "{ viewer { user { id } } }"] {
            let answer = Answer::of(graphql(&world, &eve, query).header(HEADER, shown)).await;
            assert_eq!(answer.code(), Some("SESSION_CHANGED"), "{query} for {shown:?}: {answer:?}");
            assert_eq!(answer.body["data"], Value::Null, "{query} for {shown:?}");
        }
        let by_url = of_page(&world, &eve, Method::GET, "/graphql").query(&[("query", "{ users { totalCount } }"), ("acting_for", shown)]);
        assert_eq!(Answer::of(by_url).await.code(), Some("SESSION_CHANGED"));
        for path in ["/users/export", "/history/export"] {
            let export = of_page(&world, &eve, Method::GET, path).query(&[("acting_for", shown)]);
            let answer = Answer::of(export).await;
            assert_eq!((answer.status, answer.code()), (409, Some("SESSION_CHANGED")), "{path} for {shown:?}");
        }
        for (method, path) in
            [(Method::GET, "/sign-in/google"), (Method::POST, "/sign-in/choice"), (Method::GET, "/sign-in/callback/google")]
        {
            let answer = Answer::of(of_page(&world, &eve, method, path).query(&[("acting_for", shown)])).await;
            assert_eq!(answer.status, 409, "{path} for {shown:?}");
            assert!(answer.body.as_str().is_some_and(|page| page.contains("Someone else is signed in now")), "{answer:?}");
        }
        let cookie = world.cookie(eve.token.as_deref().unwrap());
        let mut socket = SocketClient::open(&world.roster.url, &[SUBPROTOCOL, ("cookie", &cookie)]).await.unwrap();
        socket.say(&json!({ "type": "connection_init", "payload": { "actingFor": shown } })).await;
        assert_eq!(socket.closed().await, 4403, "{shown:?}");
        assert_eq!(world.everything().await, before, "{shown:?}");
    }
    assert_eq!(eve.viewer().await.as_deref(), Some("eve@acme.example"), "she is still signed in");
}

#[tokio::test]
async fn a_page_that_shows_who_is_signed_in_is_answered_and_so_is_a_client_that_says_nothing() {
    let world = World::start().await;
    let shown = acting_for(&world.admin).await;
    let right = graphql(&world, &world.admin, INVITE).header(HEADER, &shown);
    assert_eq!(Answer::of(right).await.body["data"]["inviteUser"]["userErrors"], json!([]));
    assert!(Answer::of(graphql(&world, &world.admin, "{ users { totalCount } }")).await.body["data"]["users"].is_object());
    let export = of_page(&world, &world.admin, Method::GET, "/users/export").query(&[("acting_for", shown.as_str())]);
    assert_eq!(Answer::of(export).await.status, 200, "the export knows the parameter");
    let cookie = world.cookie(world.admin.token.as_deref().unwrap());
    let mut socket = SocketClient::open(&world.roster.url, &[SUBPROTOCOL, ("cookie", &cookie)]).await.unwrap();
    socket.say(&json!({ "type": "connection_init", "payload": { "actingFor": shown } })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
}

#[tokio::test]
async fn a_page_whose_session_is_over_hears_that_and_signs_the_same_person_in_again() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "ADMIN").await;
    let shown = acting_for(&eve).await;
    eve.sign_out().await;
    let over = Answer::of(graphql(&world, &eve, INVITE).header(HEADER, &shown)).await;
    assert_eq!(over.code(), Some("UNAUTHENTICATED"), "{over:?}");
    let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { token viewer { actingFor } userErrors { code } } }";
    let input = json!({ "account": "acme", "email": "eve@acme.example", "password": PASSWORD, "transport": "TOKEN" });
    let request = of_page(&world, &eve, Method::POST, "/graphql").header(HEADER, &shown);
    let again = Answer::of(request.json(&json!({ "query": sign_in, "variables": { "input": input } }))).await;
    assert_eq!(again.body["data"]["signIn"]["viewer"]["actingFor"], json!(shown), "{again:?}");
}
