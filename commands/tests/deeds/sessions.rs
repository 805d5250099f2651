//! Signing in and out, and what ends a session.

use chrono::TimeDelta;
use commands::{Error, UpdateUser};
use domain::{Actor, Refusal, Role};

use super::world::{ADMIN, PASSWORD, World, change, refusal};

const TOM: &str = "tom@nimbus.example";

#[tokio::test]
async fn the_password_opens_and_nothing_else_does() {
    let world = World::open().await;
    assert!(world.sign_in(" INES@nimbus.example", PASSWORD, world.now).await.is_ok());
    let before = world.counts().await;
    for (email, password) in [(ADMIN, "wrong"), ("nobody@nimbus.example", PASSWORD), ("no address", PASSWORD), (ADMIN, "")] {
        assert_eq!(refusal(world.sign_in(email, password, world.now).await), Refusal::InvalidCredentials, "{email}");
    }
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn the_account_may_be_left_out_while_there_is_one() {
    let world = World::open().await;
    let sign_in = |account: Option<&str>| commands::SignIn {
        account: account.map(str::to_owned),
        email: ADMIN.to_owned(),
        password: PASSWORD.into(),
    };
    let visitor = world.by(Actor::Visitor);
    assert!(world.commands.sign_in(&visitor, &sign_in(None)).await.is_ok());
    world.open_another().await;
    assert_eq!(refusal(world.commands.sign_in(&visitor, &sign_in(None)).await), Refusal::AccountRequired);
    assert!(world.commands.sign_in(&visitor, &sign_in(Some("Cirrus"))).await.is_ok());
    for unknown in ["nimbus2", "no slug"] {
        assert_eq!(refusal(world.commands.sign_in(&visitor, &sign_in(Some(unknown))).await), Refusal::InvalidCredentials);
    }
}

#[tokio::test]
async fn deactivating_ends_every_session_and_activating_revives_none() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    let second = world.sign_in(TOM, PASSWORD, world.now + TimeDelta::minutes(1)).await.expect("signs in");
    let later = world.now + TimeDelta::minutes(2);
    assert!(world.is_alive(&tom.token, later).await && world.is_alive(&second.token, later).await);

    // Even by a clock that is behind that of the sign-in.
    world.update(&world.by_admin(), UpdateUser { active: Some(false), ..change(tom.id) }).await.expect("deactivates");
    assert!(!world.is_alive(&tom.token, later).await && !world.is_alive(&second.token, later).await);
    assert_eq!(refusal(world.sign_in(TOM, PASSWORD, later).await), Refusal::AccessDeactivated);
    assert_eq!(refusal(world.sign_in(TOM, "wrong", later).await), Refusal::InvalidCredentials);

    world.update(&world.by_admin(), UpdateUser { active: Some(true), ..change(tom.id) }).await.expect("activates");
    assert!(!world.is_alive(&tom.token, later).await && !world.is_alive(&second.token, later).await);
    let third = world.sign_in(TOM, PASSWORD, world.now).await.expect("signs in");
    assert!(world.is_alive(&third.token, later).await);
}

#[tokio::test]
async fn deleting_ends_every_session_and_forgets_the_password() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    world.delete(&world.by_admin(), tom.id, TOM).await.expect("deletes");
    assert!(!world.is_alive(&tom.token, world.now).await);
    assert_eq!(refusal(world.sign_in(TOM, PASSWORD, world.now).await), Refusal::InvalidCredentials);
    let hashes: i64 = sqlx::query_scalar("select count(*) from credentials").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(hashes, 1, "only the admin's");
}

#[tokio::test]
async fn a_session_ends_when_its_user_signs_out_or_its_time_is_over() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    let fortnight = world.now + TimeDelta::days(14);
    assert!(world.is_alive(&tom.token, fortnight - TimeDelta::microseconds(1)).await);
    assert!(!world.is_alive(&tom.token, fortnight).await);
    world.commands.sign_out(&world.by(tom.actor)).await.expect("signs out");
    assert!(!world.is_alive(&tom.token, world.now).await);
    assert!(world.is_alive(&world.admin.token, world.now).await);
    world.commands.sign_out(&world.by(tom.actor)).await.expect("twice is once");
    assert!(matches!(world.commands.sign_out(&world.by(Actor::Visitor)).await, Err(Error::Unauthenticated)));
}

#[tokio::test]
async fn signing_in_is_no_change_of_the_user() {
    let world = World::open().await;
    let before = world.view(world.account, world.admin.id).await;
    let later = world.now + TimeDelta::hours(1);
    world.sign_in(ADMIN, PASSWORD, later).await.expect("signs in");
    let after = world.view(world.account, world.admin.id).await;
    assert_eq!(after.version, before.version);
    assert_eq!(after.last_active_at, Some(later));
}

#[tokio::test]
async fn a_user_who_may_not_use_passwords_any_more_has_none() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    let google_only = UpdateUser { auth_methods: Some(vec!["google".to_owned()]), ..change(tom.id) };
    world.update(&world.by_admin(), google_only).await.expect("updates");
    for password in ["wrong", PASSWORD] {
        assert_eq!(refusal(world.sign_in(TOM, password, world.now).await), Refusal::InvalidCredentials);
    }
}
