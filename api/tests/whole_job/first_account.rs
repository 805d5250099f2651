//! The welcome link: it opens one account, the first, and only with values that are right.

use chrono::{TimeDelta, Utc};
use futures::future::join_all;
use serde_json::{Value, json};
use test_support::TestDatabase;

use crate::person::Person;
use crate::program::Serving;
use crate::world::{PASSWORD, commands_over};

/// No mail is sent before there is an account.
const NO_SMTP: u16 = 1;

fn open(token: &str) -> Value {
    json!({ "token": token, "name": "Acme", "slug": "acme", "email": "ada@acme.example", "password": PASSWORD, "transport": "TOKEN" })
}

fn with(token: &str, field: &str, value: &str) -> Value {
    let mut input = open(token);
    input[field] = json!(value);
    input
}

#[tokio::test]
async fn an_account_is_opened_with_right_values_only() {
    let database = TestDatabase::create().await;
    let roster = Serving::start(database.url(), NO_SMTP).await;
    let (visitor, token) = (Person::visitor(&roster.url), roster.welcome_token().await);
    let late = commands_over(&database).welcome_token(Utc::now() - TimeDelta::hours(24)).await.unwrap().expect("no account exists");
    let long = "x".repeat(101);
    for (input, code, field) in [
        (open(late.expose()), "INVALID_WELCOME_LINK", "token"),
        (open(&token[1..]), "INVALID_WELCOME_LINK", "token"),
        (with(&token, "name", " "), "INVALID_NAME", "name"),
        (with(&token, "name", &long), "INVALID_NAME", "name"),
        (with(&token, "slug", "a"), "INVALID_SLUG", "slug"),
        (with(&token, "slug", "acme/works"), "INVALID_SLUG", "slug"),
        (with(&token, "slug", "graphql"), "INVALID_SLUG", "slug"),
        (with(&token, "email", "ada"), "INVALID_EMAIL", "email"),
        (with(&token, "password", "short"), "WEAK_PASSWORD", "password"),
        (with(&token, "password", "ada@acme.example"), "WEAK_PASSWORD", "password"),
    ] {
        assert_eq!(visitor.run("openAccount", input.clone()).await.refused(), (code, Some(field)), "{input}");
    }
    assert_eq!(works(&visitor, late.expose()).await, json!(false));
    assert_eq!(works(&visitor, &token).await, json!(true));
    let nothing: bool = sqlx::query_scalar("select not exists (select from events) and not exists (select from person_keys)")
        .fetch_one(&database.pool())
        .await
        .unwrap();
    assert!(nothing, "a refusal leaves nothing behind");
    visitor.run("openAccount", open(&token)).await.done();
    assert_eq!(works(&visitor, &token).await, json!(false));
}

async fn works(visitor: &Person, token: &str) -> Value {
    let document = "query($token: String!) { opensFirstAccount(token: $token) }";
    visitor.ask(document, json!({ "token": token })).await.body["data"]["opensFirstAccount"].take()
}

#[tokio::test]
async fn one_of_many_who_follow_the_link_at_once_opens_the_account() {
    let database = TestDatabase::create().await;
    let roster = Serving::start(database.url(), NO_SMTP).await;
    let (visitor, token) = (Person::visitor(&roster.url), roster.welcome_token().await);
    let all = (0..6).map(|number| visitor.run("openAccount", with(&token, "slug", &format!("acme-{number}"))));
    let all = join_all(all).await;
    let (won, lost): (Vec<_>, Vec<_>) = all.iter().partition(|payload| payload.0["userErrors"] == json!([]));
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|payload| payload.refused() == ("INVALID_WELCOME_LINK", Some("token"))));
}
