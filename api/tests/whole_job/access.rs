//! Access taken and given back as commands of their own, and leaving, over HTTP.

use serde_json::json;

use crate::world::{PASSWORD, World};

#[tokio::test]
async fn deactivating_and_activating_are_commands_of_their_own() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "VIEWER").await;
    let off = json!({ "id": eve.id, "idempotencyKey": "off" });
    assert_eq!(world.admin.run("deactivateUser", off.clone()).await.user()["status"], "INACTIVE");
    assert_eq!(eve.viewer().await, None);
    assert_eq!(world.admin.run("deactivateUser", json!({ "id": eve.id })).await.user()["status"], "INACTIVE", "done is done");
    assert_eq!(world.admin.run("activateUser", json!({ "id": eve.id })).await.user()["status"], "ACTIVE");
    assert_eq!(world.admin.run("deactivateUser", off).await.user()["status"], "ACTIVE", "the repeated request does nothing more");

    let myself = json!({ "id": world.admin.id });
    assert_eq!(world.admin.run("deactivateUser", myself).await.refused(), ("CANNOT_DEACTIVATE_SELF", None));
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    assert_eq!(world.admin.run("activateUser", json!({ "id": ivo })).await.refused(), ("INVITATION_PENDING", None));
    let stale = json!({ "id": eve.id, "expectedVersion": 1 });
    assert_eq!(world.admin.run("deactivateUser", stale).await.refused(), ("VERSION_CONFLICT", Some("expectedVersion")));
}

#[tokio::test]
async fn anyone_who_leaves_is_signed_out_everywhere_and_the_last_admin_stays() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "VIEWER").await;
    let elsewhere = eve.signed_in(&world.visitor().sign_in("acme", &eve.email, PASSWORD).await);
    let typo = json!({ "confirmEmail": "eva@acme.example" });
    assert_eq!(eve.run("leaveAccount", typo).await.refused(), ("CONFIRMATION_MISMATCH", Some("confirmEmail")));
    let last = json!({ "confirmEmail": world.admin.email });
    assert_eq!(world.admin.run("leaveAccount", last).await.refused(), ("LAST_ADMIN", None));

    let answer = eve.attempt("leaveAccount", json!({ "confirmEmail": "EVE@acme.example" })).await;
    assert_eq!(answer.body["data"]["leaveAccount"]["user"]["status"], "DELETED", "{:?}", answer.body);
    assert!(answer.header("set-cookie").iter().any(|cookie| cookie.contains("Max-Age=0")), "{:?}", answer.headers);
    assert_eq!((eve.viewer().await, elsewhere.viewer().await), (None, None));
    assert_eq!(eve.attempt("leaveAccount", json!({ "confirmEmail": eve.email })).await.code(), Some("UNAUTHENTICATED"));
    assert_eq!(world.visitor().sign_in("acme", &eve.email, PASSWORD).await.refused(), ("INVALID_CREDENTIALS", None));
    assert_ne!(world.invite("eve@acme.example", "EDITOR").await, eve.id, "the address is free");
}
