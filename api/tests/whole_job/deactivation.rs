//! Access that is taken, taken everywhere: through every way in at once, at the same instant, and after a restart.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::letters::reset_token_of;
use crate::person::{Answer, Person};
use crate::program::Serving;
use crate::world::{PASSWORD, World};
use test_support::SocketClient;

/// Everything with which one person can get in.
struct Keyring {
    email: String,
    bearer: String,
    cookie: String,
    key: String,
    reset_token: String,
}

impl Keyring {
    async fn of(world: &World, person: &Person) -> Self {
        let input = json!({ "account": "acme", "email": person.email, "password": PASSWORD, "transport": "COOKIE" });
        let signed_in = world.visitor().attempt("signIn", input).await;
        let cookie = signed_in.header("set-cookie")[0].split(';').next().expect("a cookie has a value").to_owned();
        let create = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { token userErrors { code } } }";
        let input = json!({ "name": "CI", "scopes": ["USERS_READ", "AUDIT_READ"], "expiresInDays": 1 });
        let key = person.ask(create, json!({ "input": input })).await.body["data"]["createApiKey"]["token"].take();
        let ask = "mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { userErrors { code } } }";
        world.visitor().ask(ask, json!({ "input": { "account": "acme", "email": person.email } })).await;
        let mails = world.smtp.wait_for(&person.email, 2).await;
        let reset_token = reset_token_of(&mails[1], &world.roster.url, "acme");
        let text = |value: Value| value.as_str().expect("a text").to_owned();
        let bearer = person.token.clone().expect("they are signed in");
        Self { email: person.email.clone(), bearer, cookie, key: text(key), reset_token }
    }

    /// In which of their ways someone gets into a server, of all but those that would be used up.
    async fn ways_in(&self, url: &str) -> Vec<&'static str> {
        let mut ways = vec![];
        let with = |token: &str| Person { token: Some(token.to_owned()), ..Person::visitor(url) };
        for (way, token) in [("bearer", &self.bearer), ("key", &self.key)] {
            if with(token).viewer().await.is_some() {
                ways.push(way);
            }
        }
        let query = json!({ "query": "{ viewer { user { email } } }" });
        let by_cookie = Person::visitor(url).client.post(format!("{url}/graphql")).header("cookie", &self.cookie).json(&query);
        if Answer::of(by_cookie).await.body["data"]["viewer"].is_object() {
            ways.push("cookie");
        }
        ways
    }

    /// What they are told who use what works once.
    async fn told(&self, url: &str) -> [String; 2] {
        let visitor = Person::visitor(url);
        let reset = json!({ "token": self.reset_token, "newPassword": "nine quiet lanterns drift", "transport": "TOKEN" });
        let reset = visitor.run("resetPassword", reset).await.refused().0.to_owned();
        [reset, visitor.sign_in("acme", &self.email, PASSWORD).await.refused().0.to_owned()]
    }
}

#[tokio::test]
async fn a_deactivated_user_is_out_everywhere_within_a_second() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let keyring = Keyring::of(&world, &eve).await;
    let url = world.roster.url.clone();
    assert_eq!(keyring.ways_in(&url).await, ["bearer", "key", "cookie"]);
    let mut sockets = vec![];
    for token in [&keyring.bearer, &keyring.key] {
        sockets.push(SocketClient::enter(&url, Some(token)).await);
    }

    let answers = world.admin.slowest_answer().await;
    world.admin.run("deactivateUser", json!({ "id": eve.id })).await.done();
    let since = Instant::now();
    assert_eq!(keyring.ways_in(&url).await, [""; 0], "requests see it at once");
    for socket in &mut sockets {
        assert_eq!(socket.closed().await, 4403);
    }
    let (took, answers) = (since.elapsed(), answers.max(world.admin.slowest_answer().await));
    assert!(took < Duration::from_secs(1) + answers * 20, "{took:?}, where an answer takes up to {answers:?}");
    assert_eq!(keyring.told(&url).await, ["INVALID_RESET_LINK", "ACCESS_DEACTIVATED"]);

    let restarted = Serving::start(world.database.url(), world.smtp.port()).await;
    assert_eq!(keyring.ways_in(&restarted.url).await, [""; 0], "a server that starts knows it");
    assert_eq!(keyring.told(&restarted.url).await, ["INVALID_RESET_LINK", "ACCESS_DEACTIVATED"]);

    world.admin.run("activateUser", json!({ "id": eve.id })).await.done();
    assert_eq!(keyring.ways_in(&url).await, [""; 0], "sessions that have ended stay so, and keys were revoked");
    let reset = json!({ "token": keyring.reset_token, "newPassword": "nine quiet lanterns drift", "transport": "TOKEN" });
    assert_eq!(world.visitor().run("resetPassword", reset).await.refused().0, "INVALID_RESET_LINK", "and so do links");
}

#[tokio::test]
async fn anyone_who_signs_in_at_the_instant_of_their_deactivation_does_not_stay() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let mut was_let_in = 0;
    for _ in 0..10 {
        let visitor = world.visitor();
        let deactivate = world.admin.run("deactivateUser", json!({ "id": eve.id }));
        let (signed_in, deactivated) = tokio::join!(visitor.sign_in("acme", &eve.email, PASSWORD), deactivate);
        deactivated.done();
        if let Some(token) = signed_in.0["token"].as_str() {
            was_let_in += 1;
            let eve = Person { token: Some(token.to_owned()), ..visitor };
            assert_eq!(eve.viewer().await, None, "a session that started first has ended");
        }
        world.admin.run("activateUser", json!({ "id": eve.id })).await.done();
    }
    println!("{was_let_in} of 10 sign-ins came before the deactivation, and none stayed");
}
