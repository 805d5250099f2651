//! The limits of attempts and of invitations, and from where someone asks, in the finished program.

use std::any::TypeId;
use std::sync::Arc;

use api::app::App;
use api::http::SessionAuthenticator;
use axum::extract::{ConnectInfo, Request};
use commands::Context;
use graphql_http::{Authenticator, RequestId};
use serde_json::json;

use crate::person::{Answer, Person};
use crate::world::{PASSWORD, World, app_over};

/// The same person, as a proxy passes them on.
async fn sign_in_through(world: &World, forwarded: &str, email: &str, password: &str) -> String {
    const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { token userErrors { code } } }";
    let input = json!({ "account": "acme", "email": email, "password": password, "transport": "TOKEN" });
    let request = world.admin.client.post(format!("{}/graphql", world.roster.url)).header("x-forwarded-for", forwarded);
    let answer =
        Answer::of(request.header("user-agent", "a browser").json(&json!({ "query": SIGN_IN, "variables": { "input": input } }))).await;
    let payload = &answer.body["data"]["signIn"];
    payload["userErrors"][0]["code"].as_str().unwrap_or(if payload["token"].is_string() { "" } else { "nothing" }).to_owned()
}

async fn places(world: &World) -> Vec<(Option<String>, Option<String>)> {
    let select = "select address, user_agent from sessions order by started_at";
    sqlx::query_as(select).fetch_all(&world.database.pool()).await.expect("the database answers")
}

#[tokio::test]
async fn guesses_in_one_document_count_as_many_and_a_member_gets_in_from_where_they_were() {
    let world = World::start_with(&[("ROSTER_ATTEMPTS_PER_USER", "4"), ("ROSTER_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let guess = |n: usize| {
        format!(
            r#"g{n}: signIn(input: {{ account: "acme", email: "ada@acme.example", password: "guess {n}", transport: TOKEN }}) {{ userErrors {{ code message field }} }}"#
        )
    };
    let document = format!("mutation {{ {} }}", (0..10).map(guess).collect::<Vec<_>>().join(" "));
    let before = world.everything().await;
    let attacker = ("x-forwarded-for", "203.0.113.66");
    let attack = world.admin.client.post(format!("{}/graphql", world.roster.url)).header(attacker.0, attacker.1);
    let answer = Answer::of(attack.json(&json!({ "query": document }))).await;
    let errors: Vec<_> = (0..10).map(|n| &answer.body["data"][format!("g{n}")]["userErrors"][0]).collect();
    let codes: Vec<_> = errors.iter().map(|error| error["code"].as_str().unwrap_or_default()).collect();
    assert_eq!(codes[..4], ["INVALID_CREDENTIALS"; 4]);
    assert_eq!(codes[4..], ["TOO_MANY_ATTEMPTS"; 6]);
    let message = errors[4]["message"].as_str().expect("a sentence");
    let seconds: u64 = message.split_whitespace().find_map(|word| word.parse().ok()).expect("it says the seconds");
    assert!((1..=225).contains(&seconds), "{message}");
    assert_eq!(world.everything().await, before);
    world.visitor().sign_in("acme", "ada@acme.example", PASSWORD).await.done();
}

#[tokio::test]
async fn behind_a_proxy_of_ours_the_address_that_it_vouches_for_is_kept_and_counted() {
    let world = World::start_with(&[("ROSTER_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8"), ("ROSTER_ATTEMPTS_PER_ADDRESS", "2")]).await;
    let ada = "ada@acme.example";
    assert_eq!(sign_in_through(&world, "203.0.113.9, 10.0.0.7", ada, PASSWORD).await, "");
    assert_eq!(sign_in_through(&world, "198.51.100.1,203.0.113.9", ada, "wrong").await, "INVALID_CREDENTIALS");
    for pretended in ["203.0.113.9", "198.51.100.2, 203.0.113.9", "::ffff:203.0.113.9"] {
        assert_eq!(sign_in_through(&world, pretended, ada, PASSWORD).await, "TOO_MANY_ATTEMPTS", "{pretended}");
    }
    assert_eq!(sign_in_through(&world, "2001:db8::9", ada, PASSWORD).await, "");
    let some = |text: &str| Some(text.to_owned());
    let seen = places(&world).await;
    assert_eq!(seen[0].0, some("127.0.0.1"), "who opened the account came without a proxy");
    assert_eq!(seen[1..], [(some("203.0.113.9"), some("a browser")), (some("2001:db8::9"), some("a browser"))]);
}

#[tokio::test]
async fn without_a_proxy_of_ours_no_one_is_believed_to_be_elsewhere() {
    let world = World::start_with(&[("ROSTER_ATTEMPTS_PER_ADDRESS", "3")]).await;
    let ada = "ada@acme.example";
    assert_eq!(sign_in_through(&world, "203.0.113.9", ada, PASSWORD).await, "");
    assert!(places(&world).await.iter().all(|(address, _)| address.as_deref() == Some("127.0.0.1")));
    for number in 0..2 {
        assert_eq!(sign_in_through(&world, &format!("203.0.113.{number}"), ada, "wrong").await, "INVALID_CREDENTIALS");
    }
    assert_eq!(sign_in_through(&world, "203.0.113.77", ada, PASSWORD).await, "TOO_MANY_ATTEMPTS");
}

#[tokio::test]
async fn sockets_know_from_where_they_are_asked_too() {
    let world = World::start_with(&[("ROSTER_TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let app = App { proxies: "127.0.0.1".parse().unwrap(), ..app_over(&world.database) };
    let authenticator = SessionAuthenticator::new(Arc::new(app));
    let peer = ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 4711)));
    let token = world.admin.token.as_deref().unwrap();
    let request = Request::get("/graphql").header("authorization", format!("Bearer {token}")).header("x-forwarded-for", "203.0.113.6");
    let (mut parts, ()) = request.extension(peer).body(()).unwrap().into_parts();
    for forwarded in ["203.0.113.6", "203.0.113.7"] {
        parts.headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let guest = authenticator.admit(&parts, RequestId::of(&parts.extensions)).await.unwrap().expect("is let in");
        let data = authenticator.data(&guest);
        let context = data.get(&TypeId::of::<Context>()).and_then(|context| context.downcast_ref::<Context>()).expect("it is there");
        assert_eq!(context.client.address, Some(forwarded.parse().unwrap()));
    }
}

#[tokio::test]
async fn one_address_follows_no_more_links_than_its_share() {
    let world = World::start_with(&[("ROSTER_ATTEMPTS_PER_ADDRESS", "3")]).await;
    // The account was opened with one.
    for code in ["INVALID_INVITATION_LINK", "INVALID_INVITATION_LINK", "TOO_MANY_ATTEMPTS"] {
        assert_eq!(world.visitor().preview("forged").await.code(), Some(code));
    }
    let input = json!({ "token": "forged", "password": PASSWORD, "transport": "TOKEN" });
    assert_eq!(world.visitor().run("acceptInvitation", input).await.refused(), ("TOO_MANY_ATTEMPTS", None));
    for query in ["passwordReset", "opensFirstAccount"] {
        let document = format!("query($token: String!) {{ link: {query}(token: $token) %}}");
        let document = document.replace('%', if query == "opensFirstAccount" { "" } else { "{ email }" });
        assert_eq!(world.visitor().ask(&document, json!({ "token": "forged" })).await.code(), Some("TOO_MANY_ATTEMPTS"), "{query}");
    }
}

#[tokio::test]
async fn an_admin_sends_as_many_invitations_a_day_as_the_operator_says() {
    const MANY: &str =
        "mutation($input: InviteUsersInput!) { inviteUsers(input: $input) { results { userErrors { code } } userErrors { code } } }";
    let world = World::start_with(&[("ROSTER_INVITATIONS_PER_DAY", "3")]).await;
    let invite = |email: &str| json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] });
    let ada: &Person = &world.admin;
    let eve = ada.run("inviteUser", invite("eve@acme.example")).await.user()["id"].clone();
    world.until_mail_is_settled().await;
    ada.run("resendInvitation", json!({ "id": eve, "confirmEmail": "eve@acme.example" })).await.done();
    let rows: Vec<_> = ["tom", "kim", "ida"].iter().map(|name| invite(&format!("{name}@acme.example"))).collect();
    let many = ada.ask(MANY, json!({ "input": { "rows": rows } })).await;
    let codes: Vec<_> = (0..3).map(|row| many.body["data"]["inviteUsers"]["results"][row]["userErrors"][0]["code"].clone()).collect();
    assert_eq!(codes, [json!(null), json!("INVITATION_LIMIT_REACHED"), json!("INVITATION_LIMIT_REACHED")], "{many:?}");
    world.until_mail_is_settled().await;
    let before = world.everything().await;
    assert_eq!(ada.run("inviteUser", invite("new@acme.example")).await.refused(), ("INVITATION_LIMIT_REACHED", None));
    assert_eq!(world.everything().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_guesses_is_refused_in_part_and_locks_no_one_else_out() {
    let most = "1000000";
    let world = World::start_with(&[
        ("ROSTER_TRUSTED_PROXIES", "127.0.0.1"),
        ("ROSTER_ATTEMPTS_PER_ADDRESS", most),
        ("ROSTER_ATTEMPTS_PER_ACCOUNT", most),
    ])
    .await;
    // Many more at once than wait for a turn, on any machine.
    let turns = std::thread::available_parallelism().map_or(1, usize::from);
    let person = &world.admin;
    let guess = |number: usize| async move {
        let input =
            json!({ "account": "acme", "email": format!("user{number}@acme.example"), "password": "a guess", "transport": "TOKEN" });
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
        let request = person.client.post(format!("{}/graphql", person.url)).header("x-forwarded-for", "203.0.113.66");
        let answer = Answer::of(request.json(&json!({ "query": query, "variables": { "input": input } }))).await;
        let refused = answer.body["data"]["signIn"]["userErrors"][0]["code"].as_str().or(answer.code());
        refused.unwrap_or("nothing").to_owned()
    };
    let flood = futures::future::join_all((0..turns * 200).map(guess));
    let honest = async {
        let mut codes = vec![];
        for _ in 0..5 {
            codes.push(sign_in_through(&world, "198.51.100.7", "ada@acme.example", PASSWORD).await);
        }
        codes
    };
    let (guesses, honest) = tokio::join!(flood, honest);
    assert_eq!(honest, [""; 5]);
    let count = |code: &str| guesses.iter().filter(|guess| *guess == code).count();
    let (compared, refused) = (count("INVALID_CREDENTIALS"), count("UNAVAILABLE"));
    assert_eq!(compared + refused, guesses.len(), "{guesses:?}");
    assert!(compared > 0 && refused > 0, "{compared} were compared, {refused} refused");
}
