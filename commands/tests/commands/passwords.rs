//! A new password for a user who knows the old one; and hashes that are made again.

use std::sync::Arc;

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::TimeDelta;
use commands::{ChangePassword, Context, Error, SignedIn, UpdateUser};
use domain::{Actor, ApiKeyId, ApiScope, ApiScopes, Refusal, Role, UserId};
use sqlx::Executor;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::resets::NEW_PASSWORD;
use super::world::{ADMIN, Member, PASSWORD, World, change, refusal};

const TOM: &str = "tom@nimbus.example";

async fn change_password(world: &World, ctx: &Context, current: &str, new: &str) -> Result<SignedIn, Error> {
    let input = ChangePassword { current_password: current.into(), new_password: new.into(), keep_api_keys: false };
    world.commands.change_password(ctx, &input).await
}

/// Stores the hash of a password as weak programs made it.
async fn store_weak_hash(world: &World, user: UserId, password: &str) -> String {
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(4096, 1, 1, None).expect("valid"));
    let hash: PasswordHash = weak.hash_password(password.as_bytes()).expect("hashes");
    let hash = hash.to_string();
    let update = sqlx::query("update credentials set password_hash = $2 where user_id = $1").bind(user.uuid()).bind(&hash);
    update.execute(&world.pool).await.expect("updates");
    hash
}

async fn stored_hash(world: &World, user: UserId) -> String {
    let select = "select password_hash from credentials where user_id = $1";
    sqlx::query_scalar(select).bind(user.uuid()).fetch_one(&world.pool).await.expect("answers")
}

#[tokio::test]
async fn another_password_wants_the_old_one_and_ends_every_session() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    let later = world.now + TimeDelta::minutes(1);
    let elsewhere = world.sign_in(TOM, PASSWORD, later).await.expect("signs in");
    let ctx = world.by(tom.actor);
    let before = world.everything().await;
    for wrong in ["", "wrong", NEW_PASSWORD] {
        assert_eq!(refusal(change_password(&world, &ctx, wrong, NEW_PASSWORD).await), Refusal::WrongPassword);
    }
    for weak in ["short", "password1234", TOM, "tom.nimbus"] {
        assert_eq!(refusal(change_password(&world, &ctx, PASSWORD, weak).await).code(), "WEAK_PASSWORD", "{weak}");
    }
    assert_eq!(world.everything().await, before);

    let session = change_password(&world, &ctx, PASSWORD, NEW_PASSWORD).await.expect("changes");
    assert!(world.is_alive(&session.token, later).await);
    for over in [&tom.token, &elsewhere.token] {
        assert!(!world.is_alive(over, later).await, "every other session is over");
    }
    assert_eq!(refusal(world.sign_in(TOM, PASSWORD, later).await), Refusal::InvalidCredentials);
    world.sign_in(TOM, NEW_PASSWORD, later).await.expect("signs in");
    let caused: Vec<String> = sqlx::query_scalar(
        "select event_type from events where metadata->>'cause' = 'changePassword' and metadata->>'actor' = $1 order by position",
    )
    .bind(tom.actor.to_string())
    .fetch_all(&world.pool)
    .await
    .expect("answers");
    assert_eq!(caused, ["PasswordSet", "SessionsEnded", "Started"]);
    assert!(world.is_alive(&world.admin.token, later).await, "no one else is touched");
}

#[tokio::test]
async fn only_a_user_with_a_session_changes_a_password_and_only_their_own() {
    let world = World::open().await;
    let before = world.everything().await;
    for actor in [Actor::Visitor, Actor::Operator, Actor::System] {
        let result = change_password(&world, &world.by(actor), PASSWORD, NEW_PASSWORD).await;
        assert!(matches!(result, Err(Error::Unauthenticated)), "{actor}: {result:?}");
    }
    let scopes = ApiScopes::parse(ApiScope::ALL).expect("not empty");
    let key = Actor::ApiKey { account: world.account, user: world.admin.id, role: Role::Admin, key: ApiKeyId::new(Uuid::now_v7()), scopes };
    let result = change_password(&world, &world.by(key), PASSWORD, NEW_PASSWORD).await;
    assert!(matches!(result, Err(Error::Forbidden)), "{result:?}");
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn anyone_who_has_no_password_or_may_have_none_is_told_so() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Viewer).await;
    let ctx = world.by(tom.actor);
    for (methods, told) in [(vec!["google"], Refusal::AuthMethodNotAllowed), (vec!["google", "password"], Refusal::WrongPassword)] {
        let methods = methods.into_iter().map(str::to_owned).collect();
        world.update(&world.by_admin(), UpdateUser { auth_methods: Some(methods), ..change(tom.id) }).await.expect("updates");
        assert_eq!(refusal(change_password(&world, &ctx, PASSWORD, NEW_PASSWORD).await), told);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_changes_from_one_password_at_once_one_wins() {
    let world = Arc::new(World::open().await);
    let tom: Member = world.join(TOM, Role::Viewer).await;
    let mut rivals = JoinSet::new();
    for number in 0..6 {
        let (world, actor) = (Arc::clone(&world), tom.actor);
        let new = format!("{number} {NEW_PASSWORD}");
        rivals.spawn(async move { (change_password(&world, &world.by(actor), PASSWORD, &new).await, new) });
    }
    let (won, lost): (Vec<_>, Vec<_>) = rivals.join_all().await.into_iter().partition(|(result, _)| result.is_ok());
    assert_eq!(won.len(), 1);
    for (result, _) in lost {
        assert_eq!(refusal(result), Refusal::WrongPassword);
    }
    world.sign_in(TOM, &won[0].1, world.now).await.expect("the winner's password counts");
}

#[tokio::test]
async fn a_weak_hash_is_made_again_when_its_owner_signs_in() {
    let world = World::open().await;
    let weak = store_weak_hash(&world, world.admin.id, PASSWORD).await;
    assert_eq!(refusal(world.sign_in(ADMIN, "wrong", world.now).await), Refusal::InvalidCredentials);
    assert_eq!(stored_hash(&world, world.admin.id).await, weak, "a refused caller changes nothing");
    let history = world.history(world.admin.id).await;
    world.sign_in(ADMIN, PASSWORD, world.now).await.expect("signs in");
    let strong = stored_hash(&world, world.admin.id).await;
    assert!(strong.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{strong}");
    assert_eq!(world.history(world.admin.id).await, history, "that is no event");
    world.sign_in(ADMIN, PASSWORD, world.now).await.expect("signs in");
    assert_eq!(stored_hash(&world, world.admin.id).await, strong, "once");
}

#[tokio::test]
async fn a_hash_that_cannot_be_made_again_fails_no_sign_in() {
    const FAULT: &str = "
        create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
        create trigger fail before update on credentials for each row execute function fail();
    ";
    let world = World::open().await;
    let weak = store_weak_hash(&world, world.admin.id, PASSWORD).await;
    world.pool.execute(FAULT).await.expect("is made");
    let session = world.sign_in(ADMIN, PASSWORD, world.now).await.expect("signs in all the same");
    assert!(world.is_alive(&session.token, world.now).await);
    assert_eq!(stored_hash(&world, world.admin.id).await, weak);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_made_again_and_another_password_at_once_leave_the_other_password() {
    let world = Arc::new(World::patient().await);
    let tom = world.join(TOM, Role::Viewer).await;
    let (mut old, mut new) = (PASSWORD, NEW_PASSWORD);
    for round in 0..10 {
        store_weak_hash(&world, tom.id, old).await;
        let (signing, changing) = (Arc::clone(&world), Arc::clone(&world));
        let sign_in = tokio::spawn(async move { signing.sign_in(TOM, old, signing.now).await });
        let changed = tokio::spawn(async move { change_password(&changing, &changing.by(tom.actor), old, new).await });
        let signed_in = sign_in.await.expect("no panic");
        changed.await.expect("no panic").unwrap_or_else(|error| panic!("round {round}: {error}"));
        if let Err(error) = signed_in {
            assert_eq!(refusal::<()>(Err(error)), Refusal::InvalidCredentials, "round {round}");
        }
        world.sign_in(TOM, new, world.now).await.expect("the new password counts");
        assert_eq!(refusal(world.sign_in(TOM, old, world.now).await), Refusal::InvalidCredentials, "round {round}");
        (old, new) = (new, old);
    }
}
