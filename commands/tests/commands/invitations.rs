//! From the invitation to the deletion, on a clock that is exact.

use chrono::TimeDelta;
use commands::{Context, UpdateUser};
use domain::user::Status;
use domain::{Actor, Refusal, Role};

use super::world::{World, change, refusal};

const DAY: TimeDelta = TimeDelta::hours(24);
const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_link_works_for_24_hours_to_the_microsecond() {
    let world = World::open().await;
    let ada = world.invite(ADA, Role::Viewer).await.expect("invites");
    let link = world.link(world.account, ada.user_id).await;
    let before = world.counts().await;
    assert_eq!(refusal(world.accept_link(&link, world.now + DAY).await), Refusal::InvitationExpired);
    assert_eq!(refusal(world.commands.preview_invitation(&world.later(DAY), &link).await), Refusal::InvitationExpired);
    assert_eq!(world.counts().await, before);
    let last_moment = world.now + DAY - TimeDelta::microseconds(1);
    assert!(world.commands.preview_invitation(&Context::new(Actor::Visitor, None, last_moment), &link).await.is_ok());
    assert!(world.accept_link(&link, last_moment).await.is_ok());
}

#[tokio::test]
async fn looking_at_an_invitation_consumes_nothing() {
    let world = World::open().await;
    let ada = world.invite(ADA, Role::Editor).await.expect("invites");
    let link = world.link(world.account, ada.user_id).await;
    let before = world.counts().await;
    for _ in 0..3 {
        let preview = world.commands.preview_invitation(&world.by_admin(), &link).await.expect("works");
        assert_eq!((preview.user.email.as_str(), preview.user.role, preview.account.slug.as_str()), (ADA, Role::Editor, "nimbus"));
    }
    assert_eq!(world.counts().await, before);
    assert!(world.accept_link(&link, world.now).await.is_ok());
}

#[tokio::test]
async fn the_whole_life_of_a_user_is_in_their_stream() {
    let world = World::open().await;
    let ada = world.invite(ADA, Role::Viewer).await.expect("invites").user_id;
    let old = world.link(world.account, ada).await;
    let later = world.later(DAY);
    world.resend(&later, ada, "ADA@example.com").await.expect("resends");
    assert_eq!(refusal(world.accept_link(&old, later.at).await), Refusal::InvitationReplaced);
    let new = world.link(world.account, ada).await;
    world.accept_link(&new, later.at).await.expect("accepts");
    assert_eq!(refusal(world.accept_link(&new, later.at).await), Refusal::InvitationAlreadyAccepted);
    let update = UpdateUser { role: Some(Role::Editor), active: Some(false), ..change(ada) };
    world.update(&later, update).await.expect("updates");
    assert_eq!(world.view(world.account, ada).await.status, Status::Inactive);
    world.update(&later, UpdateUser { active: Some(true), ..change(ada) }).await.expect("activates");
    world.delete(&later, ada, ADA).await.expect("deletes");
    assert_eq!(refusal(world.accept_link(&new, later.at).await), Refusal::InvitationRevoked);
    let history = ["Invited", "InvitationResent", "Accepted", "PasswordSet", "RoleChanged", "Deactivated", "Activated", "Deleted"];
    assert_eq!(world.history(ada).await, history);

    let again = world.invite(ADA, Role::Viewer).await.expect("the address is free").user_id;
    assert_ne!(again, ada);
    assert_eq!(world.history(again).await, ["Invited"]);
}

#[tokio::test]
async fn an_acceptance_uses_the_role_of_that_moment() {
    let world = World::open().await;
    let ada = world.invite(ADA, Role::Viewer).await.expect("invites").user_id;
    world.update(&world.by_admin(), UpdateUser { role: Some(Role::Admin), ..change(ada) }).await.expect("updates");
    assert_eq!(world.active_admins().await, 1);
    world.accept(world.account, ada).await;
    assert_eq!(world.active_admins().await, 2);
}

#[tokio::test]
async fn a_way_to_sign_in_that_was_taken_away_does_not_accept() {
    let world = World::open().await;
    let ada = world.invite(ADA, Role::Viewer).await.expect("invites").user_id;
    let link = world.link(world.account, ada).await;
    world.update(&world.by_admin(), UpdateUser { auth_methods: Some(vec!["google".to_owned()]), ..change(ada) }).await.expect("updates");
    assert_eq!(refusal(world.accept_link(&link, world.now).await), Refusal::AuthMethodNotAllowed);
}
