//! Sessions in a cookie, and what a foreign page can do with one.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::letters::token_of;
use crate::person::Answer;
use crate::world::{PASSWORD, World};

/// A POST with a cookie, as a browser sends it.
fn post(world: &World, cookie: &str, query: &str) -> RequestBuilder {
    let request = world.admin.client.post(format!("{}/graphql", world.roster.url)).header("cookie", cookie);
    request.json(&json!({ "query": query }))
}

async fn cookie(world: &World) -> String {
    let input = json!({ "account": "acme", "email": "ada@acme.example", "password": PASSWORD, "transport": "COOKIE" });
    let answer = world.visitor().attempt("signIn", input).await;
    assert_eq!(answer.body["data"]["signIn"]["token"], Value::Null, "the token is in the cookie only");
    assert_eq!(answer.body["data"]["signIn"]["viewer"]["user"]["email"], "Ada@Acme.example");
    let [set] = answer.header("set-cookie")[..] else { panic!("one cookie was expected: {answer:?}") };
    let mut parts = set.split("; ");
    let cookie = parts.next().expect("a cookie has a value").to_owned();
    let mut attributes: Vec<_> = parts.collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Lax"]);
    assert!(cookie.starts_with(&world.cookie("roster_s_")), "{cookie}");
    cookie
}

#[tokio::test]
async fn a_browser_keeps_its_session_in_a_cookie_that_scripts_cannot_read() {
    let world = World::start().await;
    let cookie = cookie(&world).await;
    let viewer = "{ viewer { user { email } } }";
    let answer = Answer::of(post(&world, &format!("other=1; {cookie}"), viewer)).await;
    assert_eq!(answer.body["data"]["viewer"]["user"]["email"], "Ada@Acme.example");

    let own = world.roster.url.clone();
    let out =
        post(&world, &cookie, "mutation { signOut { userErrors { code } } }").header("origin", own).header("sec-fetch-site", "same-origin");
    let out = Answer::of(out).await;
    assert_eq!(out.body["data"]["signOut"]["userErrors"], json!([]));
    assert!(out.header("set-cookie")[0].starts_with(&world.cookie(";")) && out.header("set-cookie")[0].contains("Max-Age=0"), "{out:?}");
    assert_eq!(Answer::of(post(&world, &cookie, viewer)).await.body["data"]["viewer"], Value::Null);
    assert!(world.admin.viewer().await.is_some(), "other sessions live on");
}

#[tokio::test]
async fn an_invitation_can_be_accepted_into_a_cookie() {
    let world = World::start().await;
    world.invite("eve@acme.example", "VIEWER").await;
    let token = token_of(&world.smtp.wait_for("eve@acme.example", 1).await[0], &world.roster.url, "acme");
    let input = json!({ "token": token, "password": PASSWORD, "transport": "COOKIE" });
    let answer = world.visitor().attempt("acceptInvitation", input.clone()).await;
    assert_eq!(answer.body["data"]["acceptInvitation"]["token"], Value::Null);
    let cookie = answer.header("set-cookie")[0].split(';').next().expect("a cookie has a value");
    let viewer = Answer::of(post(&world, cookie, "{ viewer { user { email } } }")).await;
    assert_eq!(viewer.body["data"]["viewer"]["user"]["email"], "eve@acme.example");
    let refused = world.visitor().attempt("acceptInvitation", input).await;
    assert_eq!(refused.header("set-cookie"), [""; 0], "a refusal sets no cookie");
}

#[tokio::test]
async fn a_foreign_page_can_do_nothing_with_the_cookie() {
    let world = World::start().await;
    let cookie = cookie(&world).await;
    let before = world.everything().await;
    for (name, value) in
        [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
    {
        let out = post(&world, &cookie, "mutation { signOut { userErrors { code } } }").header(name, value);
        let answer = Answer::of(out).await;
        assert_eq!((answer.status, answer.code()), (403, Some("FOREIGN_ORIGIN")), "{name}: {value}");
        assert!(answer.body["errors"][0]["message"].as_str().is_some_and(|said| said.ends_with(&world.roster.url)), "{answer:?}");
        let form = world.admin.client.post(format!("{}/sign-out", world.roster.url)).header("cookie", &cookie).header(name, value);
        assert_eq!(form.send().await.unwrap().status(), 403, "{name}: {value}");
    }
    assert_eq!(world.everything().await, before);
    assert!(Answer::of(post(&world, &cookie, "{ viewer { user { id } } }")).await.body["data"]["viewer"].is_object());
}
