//! API keys: what they may do, for how long, and what ends that.

use chrono::{DateTime, TimeDelta, Utc};
use commands::{CreateKey, Error, KeyToken, MAX_API_KEYS};
use domain::{Actor, ApiScope, Refusal, Role};
use serde_json::Value;

use super::world::{Member, World, change, invitation, refusal};

const TOM: &str = "tom@nimbus.example";

/// A key of a member, made when the world begins, for 30 days.
async fn key(world: &World, owner: &Member, scopes: &[ApiScope]) -> (String, KeyToken) {
    let input = CreateKey { name: "CI of Ines".to_owned(), scopes: scopes.to_vec(), expires_in_days: Some(30) };
    let created = world.commands.create_api_key(&world.by(owner.actor), &input).await.expect("is made");
    (created.id.to_string(), created.token)
}

async fn actor(world: &World, token: &KeyToken, at: DateTime<Utc>) -> Actor {
    world.commands.authenticate(token.expose(), at).await.expect("answers")
}

#[tokio::test]
async fn a_key_acts_for_its_owner_within_its_scopes_and_the_role_of_the_moment() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Admin).await;
    let (_, token) = key(&world, &tom, &[ApiScope::UsersWrite]).await;
    assert!(token.expose().starts_with("roster_k_"));
    let invite = async |email: &str| {
        let ctx = world.by(actor(&world, &token, world.now).await);
        world.commands.invite_user(&ctx, world.account, &invitation(email, Role::Viewer)).await
    };
    invite("one@nimbus.example").await.expect("an admin's key invites");
    let by: Value = sqlx::query_scalar("select metadata from events where event_type = 'Invited' order by position desc limit 1")
        .fetch_one(&world.pool)
        .await
        .expect("answers");
    assert!(by["actor"].as_str().is_some_and(|actor| actor.starts_with("api_key:")), "history says that it was a program: {by}");
    let mut demote = change(tom.id);
    demote.role = Some(Role::Editor);
    world.commands.update_user(&world.by_admin(), world.account, &demote).await.expect("demotes");
    assert!(matches!(invite("two@nimbus.example").await, Err(Error::Forbidden)));
    let (_, reading) = key(&world, &world.admin, &[ApiScope::UsersRead, ApiScope::AuditRead]).await;
    let ctx = world.by(actor(&world, &reading, world.now).await);
    let refused = world.commands.invite_user(&ctx, world.account, &invitation("three@nimbus.example", Role::Viewer)).await;
    assert!(matches!(refused, Err(Error::Forbidden)), "no scope for it");
    let another = CreateKey { name: "another".to_owned(), scopes: vec![ApiScope::UsersRead], expires_in_days: None };
    assert!(matches!(world.commands.create_api_key(&ctx, &another).await, Err(Error::Forbidden)), "a key makes no keys");
}

#[tokio::test]
async fn a_key_works_to_the_microsecond_until_it_is_over_or_revoked_or_its_owner_has_no_access() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Viewer).await;
    let (id, token) = key(&world, &tom, &[ApiScope::UsersRead]).await;
    let over = world.now + TimeDelta::days(30);
    assert_ne!(actor(&world, &token, over - TimeDelta::microseconds(1)).await, Actor::Visitor);
    assert_eq!(actor(&world, &token, over).await, Actor::Visitor);

    world.commands.revoke_api_key(&world.by_admin(), &id).await.expect("an admin revokes it");
    world.commands.revoke_api_key(&world.by_admin(), &id).await.expect("twice is once");
    assert_eq!(actor(&world, &token, world.now).await, Actor::Visitor);
    let kinds: Vec<String> = sqlx::query_scalar("select event_type from events where aggregate_type = 'api_key' order by position")
        .fetch_all(&world.pool)
        .await
        .expect("answers");
    assert_eq!(kinds, ["Created", "Revoked"]);

    let (_, token) = key(&world, &world.join("eve@nimbus.example", Role::Viewer).await, &[ApiScope::UsersRead]).await;
    let eve = actor(&world, &token, world.now).await.user().expect("it works");
    world.delete(&world.by_admin(), eve, "eve@nimbus.example").await.expect("deletes");
    assert_eq!(actor(&world, &token, world.now).await, Actor::Visitor);
}

#[tokio::test]
async fn nothing_that_is_stored_of_a_key_lets_anyone_in_and_its_name_is_sealed() {
    let world = World::open().await;
    let (_, token) = key(&world, &world.admin, &[ApiScope::UsersRead]).await;
    let stored: String =
        sqlx::query_scalar("select (select string_agg(e::text, '') from events e) || (select string_agg(k::text, '') from api_keys k)")
            .fetch_one(&world.pool)
            .await
            .expect("answers");
    assert!(!stored.contains(token.expose().trim_start_matches("roster_k_")));
    let event: Value =
        sqlx::query_scalar("select payload from events where aggregate_type = 'api_key'").fetch_one(&world.pool).await.expect("answers");
    assert!(!event.to_string().contains("CI of Ines"), "{event}");
}

#[tokio::test]
async fn keys_of_others_are_as_good_as_none() {
    let world = World::open().await;
    let (tom, eve) = (world.join(TOM, Role::Editor).await, world.join("eve@nimbus.example", Role::Editor).await);
    let (_, stranger) = world.open_another().await;
    let (id, token) = key(&world, &tom, &[ApiScope::UsersRead]).await;
    for (who, id) in [(eve.actor, id.as_str()), (stranger.actor, &id), (tom.actor, "none")] {
        assert_eq!(refusal(world.commands.revoke_api_key(&world.by(who), id).await), Refusal::NotFound);
    }
    let program = world.by(actor(&world, &token, world.now).await);
    assert!(matches!(world.commands.revoke_api_key(&program, &id).await, Err(Error::Forbidden)));
    assert_ne!(actor(&world, &token, world.now).await, Actor::Visitor);
    world.commands.revoke_api_key(&world.by(tom.actor), &id).await.expect("one revokes one's own");
}

#[tokio::test]
async fn one_has_so_many_keys_in_use_and_no_more_however_many_are_made_at_once() {
    let world = World::open().await;
    let make = |name: String| {
        let (commands, ctx) = (world.commands.clone(), world.by_admin());
        let input = CreateKey { name, scopes: vec![ApiScope::UsersRead], expires_in_days: None };
        async move { commands.create_api_key(&ctx, &input).await }
    };
    for number in 2..MAX_API_KEYS {
        make(format!("key {number}")).await.expect("is created");
    }
    let many: Vec<_> = (0..4).map(|number| tokio::spawn(make(format!("racing {number}")))).collect();
    let (mut created, mut refused) = (vec![], 0);
    for one in many {
        match one.await.expect("ends") {
            Ok(one) => created.push(one.id),
            Err(Error::Refused { refusal: Refusal::TooManyApiKeys, .. }) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((created.len(), refused), (2, 2));
    world.commands.revoke_api_key(&world.by_admin(), &created[0].to_string()).await.expect("revokes");
    make("in its place".to_owned()).await.expect("there is room again");
}

#[tokio::test]
async fn a_use_of_a_key_is_noted_once_a_minute_and_is_no_event() {
    let world = World::open().await;
    let (_, token) = key(&world, &world.admin, &[ApiScope::UsersRead]).await;
    let before: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&world.pool).await.expect("answers");
    for (seconds, noted) in [(0, 0), (59, 0), (60, 60)] {
        actor(&world, &token, world.now + TimeDelta::seconds(seconds)).await;
        let used: DateTime<Utc> = sqlx::query_scalar("select last_used_at from api_keys").fetch_one(&world.pool).await.expect("answers");
        assert_eq!(used, world.now + TimeDelta::seconds(noted));
    }
    let after: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(after, before);
}
