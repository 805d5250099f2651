//! What an account decides for itself, over HTTP.

use serde_json::{Value, json};

use crate::person::Person;
use crate::world::World;

const UPDATE: &str = "mutation($input: UpdateAccountInput!) { updateAccount(input: $input) {
    account { name slug version invitationHours language authMethods { id } } userErrors { code message field } } }";

async fn update(person: &Person, input: Value) -> Value {
    let mut answer = person.ask(UPDATE, json!({ "input": input })).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    answer.body["data"]["updateAccount"].take()
}

#[tokio::test]
async fn an_admin_changes_the_account_and_its_mails_say_so() {
    let world = World::start().await;
    let input = json!({ "name": "Acme & Sons", "invitationHours": 72, "language": "DE", "expectedVersion": 1, "idempotencyKey": "k" });
    let updated = update(&world.admin, input.clone()).await;
    let account = json!({ "name": "Acme & Sons", "slug": "acme", "version": 4, "invitationHours": 72, "language": "DE", "authMethods": [{ "id": "password" }] });
    assert_eq!(updated, json!({ "account": account, "userErrors": [] }));
    assert_eq!(update(&world.admin, input).await, updated, "a repeated request gets the same answer");

    world.invite("ivo@acme.example", "VIEWER").await;
    let mails = world.smtp.wait_for("ivo@acme.example", 1).await;
    let message = crate::letters::read(&mails[0]);
    let mail = message.body_text(0).expect("the mail has a text");
    assert!(mail.contains("Der Link funktioniert 72 Stunden lang, bis zum ") && mail.contains("Ihre Rolle: Betrachter."), "{mail}");
    assert!(message.subject().is_some_and(|subject| subject.ends_with("lädt Sie zu Acme & Sons ein")), "{:?}", message.subject());
    let (_, token) = mail.split_once("/invitations/").expect("the mail has a link");
    let token = token.split_whitespace().next().expect("a token");
    let preview = "query($token: String!) { invitation(token: $token) { accountLanguage } }";
    let preview = world.visitor().ask(preview, json!({ "token": token })).await.body["data"]["invitation"].take();
    assert_eq!(preview, json!({ "accountLanguage": "DE" }));

    let back = update(&world.admin, json!({ "language": "EN" })).await;
    assert_eq!((&back["account"]["language"], &back["account"]["version"]), (&json!("EN"), &json!(5)));
    world.invite("eve@acme.example", "VIEWER").await;
    let mails = world.smtp.wait_for("eve@acme.example", 1).await;
    let mail = crate::letters::read(&mails[0]).body_text(0).expect("the mail has a text").into_owned();
    assert!(mail.contains("works for 72 hours"), "{mail}");

    for (input, code, field) in [
        (json!({ "invitationHours": 721 }), "INVALID_INVITATION_HOURS", "invitationHours"),
        (json!({ "authMethods": [] }), "AUTH_METHODS_REQUIRED", "authMethods"),
        (json!({ "authMethods": ["okta"] }), "AUTH_METHOD_NOT_OFFERED", "authMethods"),
        (json!({ "name": "" }), "INVALID_NAME", "name"),
        (json!({ "name": "Other", "expectedVersion": 1 }), "VERSION_CONFLICT", "expectedVersion"),
    ] {
        let refused = update(&world.admin, input.clone()).await;
        let error = &refused["userErrors"][0];
        assert_eq!(
            (&refused["account"], &error["code"], &error["field"]),
            (&Value::Null, &json!(code), &json!(["input", field])),
            "{input}"
        );
    }
    let viewer = world.member("vic@acme.example", "VIEWER").await;
    assert_eq!(viewer.ask(UPDATE, json!({ "input": { "name": "Mine" } })).await.code(), Some("FORBIDDEN"));
    assert_eq!(world.visitor().ask(UPDATE, json!({ "input": { "name": "Mine" } })).await.code(), Some("UNAUTHENTICATED"));
}
