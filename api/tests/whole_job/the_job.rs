//! The walk: open an account, invite, accept, sign in, list, update, deactivate, activate, resend, delete, sign out.

use serde_json::{Value, json};

use crate::letters::{read, token_of};
use crate::person::{Payload, Person};
use crate::world::{PASSWORD, World};

const EVE: &str = "Eve.Miller@acme.example";
/// As it stands on the envelope.
const EVE_MAILED: &str = "eve.miller@acme.example";
const EVES_PASSWORD: &str = "copper kettles never apologise";

#[tokio::test]
async fn the_whole_job_is_done_from_the_welcome_link_to_signing_out() {
    let world = World::start().await;
    let opened = world.admin.user(&world.admin.id).await.body["data"]["user"].take();
    assert_eq!((&opened["role"], &opened["status"], &opened["email"]), (&json!("ADMIN"), &json!("ACTIVE"), &json!("Ada@Acme.example")));

    let token = invite(&world).await;
    preview_consumes_nothing(&world, &token).await;
    let eve = accept(&world, &token).await;
    let eve = sign_in_again(&world, eve).await;
    list(&world).await;
    let eve = deactivate_and_activate(&world, eve).await;
    resend(&world).await;
    delete(&world, &eve).await;

    assert_eq!(world.admin.sign_out().await.body["data"]["signOut"]["userErrors"], json!([]));
    assert_eq!(world.admin.viewer().await, None);
}

/// Invites Eve, reads her mail, and takes the token out of its link.
async fn invite(world: &World) -> String {
    let input = json!({ "email": EVE, "role": "EDITOR", "authMethods": ["password"], "idempotencyKey": "invite-eve" });
    let invited = world.admin.run("inviteUser", input.clone()).await;
    let user = invited.user();
    assert_eq!((&user["status"], &user["role"], &user["email"]), (&json!("PENDING_INVITATION"), &json!("EDITOR"), &json!(EVE)));
    assert_eq!(user["authMethods"], json!([{ "id": "password", "kind": "PASSWORD", "label": "Email and password" }]));
    assert_eq!((&user["name"], &user["lastActiveAt"], &user["version"]), (&Value::Null, &Value::Null, &json!(1)));
    let (sent, expires) = (instant(&user["invitation"]["sentAt"]), instant(&user["invitation"]["expiresAt"]));
    assert_eq!((expires - sent).num_seconds(), 24 * 60 * 60);
    // The same request again is the same invitation.
    assert_eq!(world.admin.run("inviteUser", input).await.user(), user);

    let mails = world.smtp.wait_for(EVE_MAILED, 1).await;
    world.until_mail_is_settled().await;
    assert_eq!(world.smtp.messages().len(), 1);
    let message = read(&mails[0]);
    assert!(message.subject().is_some_and(|subject| subject.contains("Acme Works")), "{:?}", message.subject());
    assert_eq!(mails[0].from, "roster@acme.example");
    let token = token_of(&mails[0], &world.roster.url, "acme");
    let html = message.body_html(0).expect("the mail has HTML");
    assert!(html.contains(&format!("{}/acme/invitations/{token}", world.roster.url)), "{html}");
    token
}

async fn preview_consumes_nothing(world: &World, token: &str) {
    let before = world.everything().await;
    for _ in 0..2 {
        let preview = world.visitor().preview(token).await.body["data"]["invitation"].take();
        assert_eq!((&preview["accountName"], &preview["accountSlug"]), (&json!("Acme Works"), &json!("acme")));
        assert_eq!((&preview["email"], &preview["role"]), (&json!(EVE), &json!("EDITOR")));
        assert_eq!(preview["authMethods"], json!([{ "id": "password" }]));
    }
    assert_eq!(world.everything().await, before);
}

async fn accept(world: &World, token: &str) -> Person {
    let visitor = world.visitor();
    let input = json!({ "token": token, "password": EVES_PASSWORD, "name": "Eve Miller", "transport": "TOKEN" });
    let accepted = visitor.run("acceptInvitation", input).await;
    let user = &accepted.done()["viewer"]["user"];
    assert_eq!((&user["status"], &user["name"], &user["invitation"]), (&json!("ACTIVE"), &json!("Eve Miller"), &Value::Null));
    assert!(user["lastActiveAt"].is_string(), "{user}");
    let eve = visitor.signed_in(&accepted);
    assert_eq!(eve.viewer().await.as_deref(), Some(EVE));
    eve
}

/// Two sessions live side by side; signing one out leaves the other.
async fn sign_in_again(world: &World, first: Person) -> Person {
    let second = first.signed_in(&world.visitor().sign_in("acme", "EVE.miller@ACME.example", EVES_PASSWORD).await);
    assert_ne!(first.token, second.token);
    first.sign_out().await;
    assert_eq!((first.viewer().await, second.viewer().await.as_deref()), (None, Some(EVE)));
    // Where there is one account, it need not be named.
    let input = json!({ "email": EVE, "password": EVES_PASSWORD, "transport": "TOKEN" });
    first.signed_in(&world.visitor().run("signIn", input).await);
    second
}

async fn list(world: &World) {
    for email in ["ivo@acme.example", "jun@acme.example", "kim@elsewhere.example"] {
        world.invite(email, "VIEWER").await;
    }
    let newest_first = ["kim@elsewhere.example", "jun@acme.example", "ivo@acme.example", EVE, "Ada@Acme.example"];
    for (filter, expected) in [
        (json!({}), &newest_first[..]),
        (json!({ "status": ["PENDING_INVITATION"] }), &newest_first[..3]),
        (json!({ "status": ["ACTIVE"] }), &newest_first[3..]),
        (json!({ "status": ["DELETED"] }), &[]),
        (json!({ "role": ["EDITOR", "ADMIN"] }), &newest_first[3..]),
        (json!({ "role": ["VIEWER"], "search": "ACME" }), &newest_first[1..3]),
        (json!({ "search": "eve mill" }), &newest_first[3..4]),
        (json!({ "search": "%" }), &[]),
    ] {
        let page = world.admin.users(json!({ "filter": filter })).await;
        assert_eq!((emails(&page).as_slice(), &page["totalCount"]), (expected, &json!(expected.len())), "{filter}");
    }
    let first = world.admin.users(json!({ "first": 2 })).await;
    assert_eq!((emails(&first).as_slice(), &first["totalCount"]), (&newest_first[..2], &json!(5)));
    assert_eq!((&first["pageInfo"]["hasNextPage"], &first["pageInfo"]["hasPreviousPage"]), (&json!(true), &json!(false)));
    let rest = world.admin.users(json!({ "first": 100, "after": first["pageInfo"]["endCursor"] })).await;
    assert_eq!((emails(&rest).as_slice(), &rest["pageInfo"]["hasNextPage"]), (&newest_first[2..], &json!(false)));
    let back = world.admin.users(json!({ "last": 1, "before": rest["pageInfo"]["startCursor"] })).await;
    assert_eq!(emails(&back), newest_first[1..2]);
}

async fn deactivate_and_activate(world: &World, eve: Person) -> Person {
    let version = world.admin.user(&eve.id).await.body["data"]["user"]["version"].take();
    let input = json!({ "id": eve.id, "role": "VIEWER", "active": false, "expectedVersion": version });
    let user = world.admin.run("updateUser", input).await.user().clone();
    assert_eq!((&user["status"], &user["role"]), (&json!("INACTIVE"), &json!("VIEWER")));
    assert_eq!(eve.viewer().await, None, "the session is over at once");
    let refused = world.visitor().sign_in("acme", EVE, EVES_PASSWORD).await;
    assert_eq!(refused.refused(), ("ACCESS_DEACTIVATED", None));
    let refused = world.visitor().sign_in("acme", EVE, "not her password at all").await;
    assert_eq!(refused.refused(), ("INVALID_CREDENTIALS", None));

    let user = world.admin.run("updateUser", json!({ "id": eve.id, "active": true })).await.user().clone();
    assert_eq!(user["status"], "ACTIVE");
    assert_eq!(eve.viewer().await, None, "a session that is over stays over");
    let again = eve.signed_in(&world.visitor().sign_in("acme", EVE, EVES_PASSWORD).await);
    assert_eq!(again.viewer().await.as_deref(), Some(EVE));
    again
}

async fn resend(world: &World) {
    let jun = "jun@acme.example";
    let listed = world.admin.users(json!({ "filter": { "search": jun } })).await["nodes"][0].take();
    let old = token_of(&world.smtp.wait_for(jun, 1).await[0], &world.roster.url, "acme");
    let resent =
        world.admin.run("resendInvitation", json!({ "id": listed["id"], "confirmEmail": "Jun@Acme.example" })).await.user().clone();
    assert!(instant(&resent["invitation"]["expiresAt"]) > instant(&listed["invitation"]["expiresAt"]));
    let new = token_of(&world.smtp.wait_for(jun, 2).await[1], &world.roster.url, "acme");
    assert_eq!(world.visitor().preview(&old).await.code(), Some("INVITATION_REPLACED"));
    assert_eq!(world.visitor().preview(&new).await.body["data"]["invitation"]["email"], jun);
    assert_eq!(accept_plainly(world, &old).await.refused(), ("INVITATION_REPLACED", Some("token")));
    accept_plainly(world, &new).await.done();
}

async fn accept_plainly(world: &World, token: &str) -> Payload {
    world.visitor().run("acceptInvitation", json!({ "token": token, "password": PASSWORD, "transport": "TOKEN" })).await
}

async fn delete(world: &World, eve: &Person) {
    let deleted = world.admin.run("deleteUser", json!({ "id": eve.id, "confirmEmail": "EVE.MILLER@acme.EXAMPLE" })).await;
    assert_eq!(deleted.user()["status"], "DELETED");
    assert_eq!(eve.viewer().await, None);
    assert_eq!(world.visitor().sign_in("acme", EVE, EVES_PASSWORD).await.refused(), ("INVALID_CREDENTIALS", None));
    let live = world.admin.users(json!({ "filter": { "search": "eve" } })).await;
    assert_eq!(live["totalCount"], 0);
    let gone = world.admin.users(json!({ "filter": { "search": "eve", "status": ["DELETED"] } })).await;
    assert_eq!(gone["nodes"][0]["id"], eve.id);

    let again = world.invite(EVE, "VIEWER").await;
    assert_ne!(again, eve.id, "the same address is another user now");
    world.until_mail_is_settled().await;
    let mails = world.smtp.wait_for(EVE_MAILED, 2).await;
    let invitation = mails.iter().rfind(|mail| mail.text().contains("invited you")).expect("the new invitation came");
    let accepted = accept_plainly(world, &token_of(invitation, &world.roster.url, "acme")).await;
    assert_eq!(accepted.done()["viewer"]["user"]["name"], Value::Null, "nothing of the old user is left");
}

fn emails(page: &Value) -> Vec<&str> {
    page["nodes"].as_array().expect("a list").iter().map(|user| user["email"].as_str().expect("a text")).collect()
}

fn instant(value: &Value) -> chrono::DateTime<chrono::Utc> {
    value.as_str().expect("a text").parse().expect("an instant")
}
