//! Links that cannot be followed, or not any more.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::letters::token_of;
use crate::world::{PASSWORD, World};

fn accept(token: &str, password: &str) -> Value {
    json!({ "token": token, "password": password, "transport": "TOKEN" })
}

/// The link neither shows nor does anything, and says why.
async fn is_dead(world: &World, token: &str, code: &str) {
    world.until_mail_is_settled().await;
    let before = world.everything().await;
    let preview = world.visitor().preview(token).await;
    assert_eq!((preview.code(), &preview.body["data"]["invitation"]), (Some(code), &Value::Null), "{preview:?}");
    let payload = world.visitor().run("acceptInvitation", accept(token, PASSWORD)).await;
    assert_eq!(payload.refused(), (code, Some("token")));
    assert_eq!((&payload.0["token"], &payload.0["viewer"]), (&Value::Null, &Value::Null));
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn a_link_that_was_changed_is_dead() {
    let world = World::start().await;
    world.invite("eve@acme.example", "ADMIN").await;
    let token = token_of(&world.smtp.wait_for("eve@acme.example", 1).await[0], &world.roster.url, "acme");
    let flipped = if token.starts_with('A') { "B" } else { "A" };
    let session = world.admin.token.clone().unwrap();
    for changed in ["x", &token[1..], &format!("{flipped}{}", &token[1..]), &format!("{token}A"), &session] {
        is_dead(&world, changed, "INVALID_INVITATION_LINK").await;
    }
    // A welcome link is no invitation.
    is_dead(&world, &world.roster.welcome_token().await, "INVALID_INVITATION_LINK").await;
    world.visitor().run("acceptInvitation", accept(&token, PASSWORD)).await.done();
    is_dead(&world, &token, "INVITATION_ALREADY_ACCEPTED").await;
}

#[tokio::test]
async fn a_link_is_dead_after_a_resend_and_after_a_delete() {
    let world = World::start().await;
    let (eve, email) = (world.invite("eve@acme.example", "EDITOR").await, "eve@acme.example");
    let old = token_of(&world.smtp.wait_for(email, 1).await[0], &world.roster.url, "acme");
    world.admin.run("resendInvitation", json!({ "id": eve, "confirmEmail": email })).await.done();
    is_dead(&world, &old, "INVITATION_REPLACED").await;
    let new = token_of(&world.smtp.wait_for(email, 2).await[1], &world.roster.url, "acme");
    world.admin.run("deleteUser", json!({ "id": eve, "confirmEmail": email })).await.done();
    is_dead(&world, &new, "INVITATION_REVOKED").await;
    is_dead(&world, &old, "INVITATION_REVOKED").await;
    // Neither link works for the same address, invited again.
    world.invite(email, "VIEWER").await;
    is_dead(&world, &new, "INVITATION_REVOKED").await;
}

#[tokio::test]
async fn a_link_is_dead_when_its_24_hours_are_over_and_can_be_sent_again() {
    let world = World::start().await;
    let (id, token) = world.invited_at("late@acme.example", Utc::now() - TimeDelta::hours(24)).await;
    let (_, in_time) = world.invited_at("early@acme.example", Utc::now() - TimeDelta::hours(24) + TimeDelta::minutes(1)).await;
    is_dead(&world, &token, "INVITATION_EXPIRED").await;
    let expired = world.admin.users(json!({ "filter": { "status": ["EXPIRED_INVITATION"] } })).await;
    assert_eq!((&expired["totalCount"], &expired["nodes"][0]["id"]), (&json!(1), &json!(id)));
    world.visitor().run("acceptInvitation", accept(&in_time, PASSWORD)).await.done();

    let resent = world.admin.run("resendInvitation", json!({ "id": id, "confirmEmail": "late@acme.example" })).await;
    assert_eq!(resent.user()["status"], "PENDING_INVITATION");
    let mail = world.smtp.wait_for("late@acme.example", 1).await;
    let new = token_of(&mail[0], &world.roster.url, "acme");
    is_dead(&world, &token, "INVITATION_REPLACED").await;
    world.visitor().run("acceptInvitation", accept(&new, PASSWORD)).await.done();
}

#[tokio::test]
async fn a_weak_password_leaves_the_invitation_open() {
    let world = World::start().await;
    world.invite("eve.miller@acme.example", "EDITOR").await;
    let token = token_of(&world.smtp.wait_for("eve.miller@acme.example", 1).await[0], &world.roster.url, "acme");
    world.until_mail_is_settled().await;
    let before = world.everything().await;
    let long = "long ".repeat(60);
    for weak in ["", "short", "password", "12345678", "eve.miller@acme.example", long.as_str()] {
        let payload = world.visitor().run("acceptInvitation", accept(&token, weak)).await;
        assert_eq!(payload.refused(), ("WEAK_PASSWORD", Some("password")), "{weak}");
    }
    let nameless = json!({ "token": token, "password": PASSWORD, "name": "\u{202e}", "transport": "TOKEN" });
    assert_eq!(world.visitor().run("acceptInvitation", nameless).await.refused(), ("INVALID_NAME", Some("name")));
    assert_eq!(world.everything().await, before);
    world.visitor().run("acceptInvitation", accept(&token, PASSWORD)).await.done();
}

#[tokio::test]
async fn a_link_is_accepted_by_one_of_many_who_follow_it_at_once() {
    let world = World::start().await;
    world.invite("eve@acme.example", "EDITOR").await;
    let token = token_of(&world.smtp.wait_for("eve@acme.example", 1).await[0], &world.roster.url, "acme");
    let visitor = world.visitor();
    let all = futures::future::join_all((0..6).map(|_| visitor.run("acceptInvitation", accept(&token, PASSWORD)))).await;
    let (won, lost): (Vec<_>, Vec<_>) = all.iter().partition(|payload| payload.0["userErrors"] == json!([]));
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|payload| payload.refused() == ("INVITATION_ALREADY_ACCEPTED", Some("token"))));
}
