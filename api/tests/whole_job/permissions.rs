//! Who may do what to whom, over HTTP. Every field and every mutation as every kind of caller is in `matrix`.

use serde_json::{Value, json};

use crate::person::Person;
use crate::world::World;

/// What admins do to someone else.
fn mutations(other: &str) -> Vec<(&'static str, Value)> {
    let email = "ivo@acme.example";
    vec![
        ("inviteUser", json!({ "email": "new@acme.example", "role": "VIEWER", "authMethods": ["password"] })),
        ("updateUser", json!({ "id": other, "role": "ADMIN" })),
        ("resendInvitation", json!({ "id": other, "confirmEmail": email })),
        ("deleteUser", json!({ "id": other, "confirmEmail": email })),
    ]
}

/// Mutations upon someone who has joined.
fn mutations_upon_members(other: &str) -> Vec<(&'static str, Value)> {
    vec![("deactivateUser", json!({ "id": other })), ("activateUser", json!({ "id": other }))]
}

/// The same with input that is refused to permitted callers: other callers are told only that they may not.
fn malformed() -> Vec<(&'static str, Value)> {
    vec![
        ("inviteUser", json!({ "email": "none", "role": "VIEWER", "authMethods": [], "idempotencyKey": "" })),
        ("updateUser", json!({ "id": "none", "role": "ADMIN", "authMethods": [], "name": "" })),
        ("updateUser", json!({ "id": "none", "name": "" })),
        ("resendInvitation", json!({ "id": "none", "confirmEmail": "none" })),
        ("deleteUser", json!({ "id": "none", "confirmEmail": "none", "idempotencyKey": "" })),
        ("deactivateUser", json!({ "id": "none", "idempotencyKey": "" })),
        ("activateUser", json!({ "id": "none", "idempotencyKey": "" })),
    ]
}

async fn cannot_manage(world: &World, person: &Person, other: &str, code: &str) {
    let before = world.everything().await;
    for (mutation, input) in mutations(other).into_iter().chain(mutations_upon_members(other)).chain(malformed()) {
        let answer = person.attempt(mutation, input).await;
        assert_eq!((answer.code(), &answer.body["data"]), (Some(code), &Value::Null), "{mutation}");
    }
    let list = person.ask("{ users { totalCount nodes { email } } }", json!({})).await;
    assert_eq!((list.code(), &list.body["data"]["users"]), (Some(code), &Value::Null));
    for id in [other, &world.admin.id] {
        let user = person.user(id).await;
        assert_eq!((user.code(), &user.body["data"]["user"]), (Some(code), &Value::Null));
    }
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn only_admins_manage_users() {
    let world = World::start().await;
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    let (editor, viewer) = (world.member("eve@acme.example", "EDITOR").await, world.member("vic@acme.example", "VIEWER").await);
    let second = world.member("bo@acme.example", "ADMIN").await;
    world.until_mail_is_settled().await;

    cannot_manage(&world, &world.visitor(), &ivo, "UNAUTHENTICATED").await;
    assert_eq!(world.visitor().sign_out().await.code(), Some("UNAUTHENTICATED"));
    for person in [&editor, &viewer] {
        cannot_manage(&world, person, &ivo, "FORBIDDEN").await;
        let before = world.everything().await;
        for (mutation, input) in [
            ("updateUser", json!({ "id": person.id, "role": "ADMIN" })),
            ("updateUser", json!({ "id": person.id, "name": "Me", "authMethods": ["password"] })),
            ("updateUser", json!({ "id": person.id, "active": true })),
            ("deleteUser", json!({ "id": person.id, "confirmEmail": person.email })),
        ] {
            assert_eq!(person.attempt(mutation, input.clone()).await.code(), Some("FORBIDDEN"), "{input}");
        }
        assert_eq!(world.everything().await, before);
        assert_eq!(person.user(&person.id).await.body["data"]["user"]["email"], person.email);
        assert_eq!(person.run("updateUser", json!({ "id": person.id, "name": "Me" })).await.user()["name"], "Me");
    }
    for (mutation, input) in mutations_upon_members(&viewer.id).into_iter().chain(mutations(&ivo)) {
        second.run(mutation, input).await.done();
    }
}

#[tokio::test]
async fn a_role_that_is_taken_away_ends_at_once_what_it_permitted() {
    let world = World::start().await;
    let bo = world.member("bo@acme.example", "ADMIN").await;
    assert_eq!(bo.users(json!({})).await["totalCount"], 2);
    world.admin.run("updateUser", json!({ "id": bo.id, "role": "VIEWER" })).await.done();
    assert_eq!(bo.attempt("updateUser", json!({ "id": bo.id, "role": "ADMIN" })).await.code(), Some("FORBIDDEN"));
    // Two admins can lose one, and only one.
    world.admin.run("updateUser", json!({ "id": bo.id, "role": "ADMIN" })).await.done();
    world.admin.run("updateUser", json!({ "id": world.admin.id, "role": "EDITOR" })).await.done();
    assert_eq!(bo.run("updateUser", json!({ "id": bo.id, "role": "EDITOR" })).await.refused(), ("LAST_ADMIN", None));
}
