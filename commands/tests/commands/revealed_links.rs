//! The link of an invitation is shown to a user who may hand it over, and history says so.

use chrono::TimeDelta;
use commands::{Context, Error, RevealInvitationLink, RevealedLink};
use domain::{Actor, Refusal, Role, UserId};

use super::world::{World, refusal};

const EVE: &str = "eve@example.com";

async fn reveal(world: &World, ctx: &Context, id: UserId, expected_version: Option<u64>) -> Result<RevealedLink, Error> {
    let input = RevealInvitationLink { id: id.to_string(), expected_version };
    world.commands.reveal_invitation_link(ctx, world.account, &input).await
}

#[tokio::test]
async fn the_link_that_was_mailed_is_shown_and_works_and_every_time_is_history() {
    let world = World::open().await;
    let eve = world.invite(EVE, Role::Viewer).await.expect("invites");
    let first = reveal(&world, &world.by_admin(), eve.user_id, Some(1)).await.expect("shows");
    assert_eq!(first.token.expose(), world.link(world.account, eve.user_id).await);
    assert_eq!(first.changed.version, 2);
    assert_eq!(refusal(reveal(&world, &world.by_admin(), eve.user_id, Some(1)).await), Refusal::VersionConflict { current: 2 });
    reveal(&world, &world.by_admin(), eve.user_id, None).await.expect("shows again");
    assert_eq!(world.history(eve.user_id).await, ["Invited", "InvitationLinkRevealed", "InvitationLinkRevealed"]);
    let recorded = "select payload::text || metadata::text from events where event_type = 'InvitationLinkRevealed'";
    let recorded: Vec<String> = sqlx::query_scalar(recorded).fetch_all(&world.pool).await.expect("answers");
    let admin = world.admin.actor.to_string();
    assert!(recorded.iter().all(|event| event.contains(&admin) && !event.contains(first.token.expose())), "{recorded:?}");
    assert_eq!(world.claim(world.now).await.len(), 1, "the mail goes its way");
    world.accept_link(first.token.expose(), world.now).await.expect("it is the link");
}

#[tokio::test]
async fn a_link_is_shown_until_it_is_dead() {
    let world = World::open().await;
    let eve = world.invite(EVE, Role::Viewer).await.expect("invites").user_id;
    let last = world.later(TimeDelta::hours(24) - TimeDelta::microseconds(1));
    reveal(&world, &last, eve, None).await.expect("it still works");
    let before = world.everything().await;
    assert_eq!(refusal(reveal(&world, &world.later(TimeDelta::hours(24)), eve, None).await), Refusal::InvitationExpired);
    assert_eq!(world.everything().await, before);
    let tom = world.join("tom@example.com", Role::Viewer).await.id;
    assert_eq!(refusal(reveal(&world, &world.by_admin(), tom, None).await), Refusal::UserNotPending);
    world.delete(&world.by_admin(), eve, EVE).await.expect("deletes");
    assert_eq!(refusal(reveal(&world, &world.by_admin(), eve, None).await), Refusal::UserDeleted);
}

#[tokio::test]
async fn another_account_has_no_such_user_and_the_operators_link_is_history_too() {
    let world = World::open().await;
    let eve = world.invite(EVE, Role::Viewer).await.expect("invites").user_id;
    let (other, stranger) = world.open_another().await;
    let input = RevealInvitationLink { id: eve.to_string(), expected_version: None };
    let foreign = world.commands.reveal_invitation_link(&world.by(stranger.actor), other, &input).await;
    assert_eq!(refusal(foreign), Refusal::NotFound);
    let forbidden = world.commands.reveal_invitation_link(&world.by(stranger.actor), world.account, &input).await;
    assert!(matches!(forbidden, Err(Error::Forbidden)), "{forbidden:?}");
    world.commands.link_for_operator(&world.by(Actor::Operator), world.account, EVE).await.expect("a link");
    assert_eq!(world.history(eve).await, ["Invited", "InvitationLinkRevealed"]);
}
