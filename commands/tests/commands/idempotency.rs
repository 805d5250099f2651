//! A request that is repeated with its key happens once.

use std::sync::Arc;

use chrono::TimeDelta;
use commands::{Changed, Commands, Context, Error, Finished, InviteUser, UpdateUser};
use domain::{Actor, Refusal, Role};
use tokio::task::JoinSet;

use super::world::{World, change, invitation, refusal};

fn keyed(email: &str, key: &str) -> InviteUser {
    InviteUser { idempotency_key: Some(key.to_owned()), ..invitation(email, Role::Viewer) }
}

async fn invite(world: &World, ctx: &Context, input: &InviteUser) -> Result<Changed, Error> {
    let commands: &Commands = &world.commands;
    commands.invite_user(ctx, world.account, input).await
}

#[tokio::test]
async fn the_same_request_is_answered_the_same_and_writes_nothing_more() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let first = invite(&world, &ctx, &keyed("ada@example.com", "k")).await.expect("invites");
    let before = world.counts().await;
    for _ in 0..3 {
        assert_eq!(invite(&world, &ctx, &keyed("ada@example.com", "k")).await.expect("is remembered"), first);
    }
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn a_key_does_not_serve_two_requests() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let ada = invite(&world, &ctx, &keyed("ada@example.com", "k")).await.expect("invites").user_id;
    let before = world.counts().await;
    assert_eq!(refusal(invite(&world, &ctx, &keyed("eve@example.com", "k")).await), Refusal::IdempotencyKeyReused);
    let other_command = UpdateUser { role: Some(Role::Editor), idempotency_key: Some("k".to_owned()), ..change(ada) };
    assert_eq!(refusal(world.update(&ctx, other_command).await), Refusal::IdempotencyKeyReused);
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn a_key_belongs_to_its_actor() {
    let world = World::open().await;
    let tom = world.join("tom@nimbus.example", Role::Admin).await;
    invite(&world, &world.by_admin(), &keyed("ada@example.com", "k")).await.expect("invites");
    invite(&world, &world.by(tom.actor), &keyed("eve@example.com", "k")).await.expect("another actor's key is another key");
}

#[tokio::test]
async fn a_key_belongs_to_its_account() {
    let world = World::open().await;
    let (other, stranger) = world.open_another().await;
    let operator = world.by(Actor::Operator);
    let here = world.commands.invite_user(&operator, world.account, &keyed("ada@example.com", "k")).await.expect("invites");
    let there = world.commands.invite_user(&operator, other, &keyed("ada@example.com", "k")).await.expect("another account, another key");
    assert_ne!(here.user_id, there.user_id);
    let again = world.commands.invite_user(&operator, other, &keyed("ada@example.com", "k")).await.expect("is remembered");
    assert_eq!(again, there);
    let theirs = world.commands.invite_user(&world.by(stranger.actor), other, &keyed("eve@example.com", "k")).await;
    assert!(theirs.is_ok(), "another actor, another key");
}

#[tokio::test]
async fn an_effect_is_remembered_after_the_state_moved_on() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let ada = invite(&world, &ctx, &keyed("ada@example.com", "invite")).await.expect("invites");
    let demoted = UpdateUser {
        role: Some(Role::Editor),
        expected_version: Some(1),
        idempotency_key: Some("update".to_owned()),
        ..change(ada.user_id)
    };
    let updated = world.update(&ctx, demoted.clone()).await.expect("updates");
    world.delete(&ctx, ada.user_id, "ada@example.com").await.expect("deletes");
    let before = world.counts().await;
    assert_eq!(invite(&world, &ctx, &keyed("ada@example.com", "invite")).await.expect("is remembered"), ada);
    assert_eq!(world.update(&ctx, demoted).await.expect("is remembered"), updated);
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn a_key_lives_24_hours_to_the_microsecond() {
    let world = World::open().await;
    invite(&world, &world.by_admin(), &keyed("ada@example.com", "k")).await.expect("invites");
    let day = TimeDelta::hours(24);
    let last_moment = world.later(day - TimeDelta::microseconds(1));
    assert_eq!(refusal(invite(&world, &last_moment, &keyed("eve@example.com", "k")).await), Refusal::IdempotencyKeyReused);
    invite(&world, &world.later(day), &keyed("eve@example.com", "k")).await.expect("the key is free again");
    assert_eq!(world.delete_finished(Finished::IdempotencyKeys, world.now + day).await, (1, 0), "it was written again");
    assert_eq!(world.delete_finished(Finished::IdempotencyKeys, world.now + day + day).await, (1, 1));
}

#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let ada = invite(&world, &ctx, &invitation("ada@example.com", Role::Viewer)).await.expect("invites").user_id;
    assert_eq!(refusal(invite(&world, &ctx, &keyed("ada@example.com", "k")).await), Refusal::AlreadyInvited);
    world.delete(&ctx, ada, "ada@example.com").await.expect("deletes");
    invite(&world, &ctx, &keyed("ada@example.com", "k")).await.expect("may be tried again");
}

#[tokio::test]
async fn doing_what_is_done_is_remembered_too() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let ada = invite(&world, &ctx, &invitation("ada@example.com", Role::Viewer)).await.expect("invites").user_id;
    let same = UpdateUser { role: Some(Role::Viewer), idempotency_key: Some("k".to_owned()), ..change(ada) };
    assert_eq!(world.update(&ctx, same.clone()).await.expect("no change").version, 1);
    let other = UpdateUser { role: Some(Role::Admin), ..same };
    assert_eq!(refusal(world.update(&ctx, other).await), Refusal::IdempotencyKeyReused);
}

#[tokio::test]
async fn keys_that_are_none_are_refused() {
    let world = World::open().await;
    for key in ["", " ", "a b", "ä", "\u{0}", &"k".repeat(101)] {
        let result = invite(&world, &world.by_admin(), &keyed("ada@example.com", key)).await;
        assert_eq!(refusal(result), Refusal::InvalidIdempotencyKey, "{key:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_at_once_with_one_key_all_are_answered_the_same() {
    let world = Arc::new(World::open().await);
    let mut rivals = JoinSet::new();
    for _ in 0..20 {
        let world = Arc::clone(&world);
        rivals.spawn(async move { invite(&world, &world.by_admin(), &keyed("ada@example.com", "k")).await.expect("is answered") });
    }
    let answers = rivals.join_all().await;
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    assert_eq!(world.history(answers[0].user_id).await, ["Invited"]);
    assert_eq!(world.claim(world.now).await.len(), 1);
}

#[tokio::test]
async fn nothing_of_key_and_input_is_stored_in_plain_text() {
    let world = World::open().await;
    invite(&world, &world.by_admin(), &keyed("ada@example.com", "my-secret-key")).await.expect("invites");
    let stored: Vec<String> =
        sqlx::query_scalar("select idempotency_keys::text from idempotency_keys").fetch_all(&world.pool).await.expect("answers");
    assert!(stored.iter().all(|row| !row.contains("ada@") && !row.contains("my-secret-key")), "{stored:?}");
}
