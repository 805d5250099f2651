//! Signing in and out, and what ends a session.

use chrono::{DateTime, TimeDelta, Utc};
use commands::{EndSessions, Error, UpdateUser};
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
    for day in (2..14).step_by(2) {
        assert!(world.is_alive(&tom.token, world.now + TimeDelta::days(day)).await, "it is used");
    }
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

#[tokio::test]
async fn a_session_ends_when_it_was_not_used_for_three_days_and_every_use_counts() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    let idle = TimeDelta::hours(72);
    let used = world.now + idle - TimeDelta::microseconds(1);
    assert!(world.is_alive(&tom.token, used).await);
    assert!(world.is_alive(&tom.token, used + idle - TimeDelta::microseconds(1)).await, "that was a use");
    assert!(!world.is_alive(&world.admin.token, world.now + idle).await, "this one was not used");
    let written: i64 =
        sqlx::query_scalar("select count(*) from events where aggregate_type = 'session'").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(written, 2, "being used is no event");
}

#[tokio::test]
async fn a_use_is_written_once_a_minute_at_most() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    let seen = async |at| {
        assert!(world.is_alive(&tom.token, at).await);
        let seen = sqlx::query_scalar::<_, DateTime<Utc>>("select last_seen_at from sessions where user_id = $1").bind(tom.id.uuid());
        seen.fetch_one(&world.pool).await.expect("answers")
    };
    let minute = TimeDelta::minutes(1);
    assert_eq!(seen(world.now + minute - TimeDelta::microseconds(1)).await, world.now);
    assert_eq!(seen(world.now + minute).await, world.now + minute);
}

#[tokio::test]
async fn a_session_is_ended_from_elsewhere_by_its_user_or_an_admin_and_by_no_one_else() {
    let world = World::open().await;
    let (tom, eve) = (world.join(TOM, Role::Editor).await, world.join("eve@nimbus.example", Role::Viewer).await);
    let session = |actor| match actor {
        Actor::User { session, .. } => session.to_string(),
        other => panic!("{other} has no session"),
    };
    for (who, whose) in [(eve.actor, &tom), (tom.actor, &world.admin)] {
        assert_eq!(refusal(world.commands.end_session(&world.by(who), &session(whose.actor)).await), Refusal::NotFound);
        assert!(world.is_alive(&whose.token, world.now).await);
    }
    let (_, stranger) = world.open_another().await;
    assert_eq!(refusal(world.commands.end_session(&world.by(stranger.actor), &session(tom.actor)).await), Refusal::NotFound);
    assert_eq!(refusal(world.commands.end_session(&world.by(tom.actor), "none").await), Refusal::NotFound);
    world.commands.end_session(&world.by_admin(), &session(tom.actor)).await.expect("an admin ends it");
    world.commands.end_session(&world.by_admin(), &session(tom.actor)).await.expect("twice is once");
    assert!(!world.is_alive(&tom.token, world.now).await);
    world.commands.end_session(&world.by(eve.actor), &session(eve.actor)).await.expect("one ends one's own");
    assert!(!world.is_alive(&eve.token, world.now).await);
    let ended: i64 = sqlx::query_scalar("select count(*) from events where aggregate_type = 'session' and event_type = 'Ended'")
        .fetch_one(&world.pool)
        .await
        .expect("answers");
    assert_eq!(ended, 2);
}

#[tokio::test]
async fn all_sessions_end_at_once_or_all_but_the_one_that_asks() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    let elsewhere = async || world.sign_in(TOM, PASSWORD, world.now).await.expect("signs in").token;
    let other = elsewhere().await;
    let keep = EndSessions { user_id: None, keep_current: true };
    world.commands.end_sessions(&world.by(tom.actor), &keep).await.expect("ends the others");
    assert!(world.is_alive(&tom.token, world.now).await && !world.is_alive(&other, world.now).await);
    let version = world.commands.end_sessions(&world.by(tom.actor), &keep).await.expect("there are no others").version;
    let other = elsewhere().await;
    let all = EndSessions { user_id: Some(tom.id.to_string()), keep_current: false };
    let ended = world.commands.end_sessions(&world.by_admin(), &all).await.expect("an admin ends all");
    assert_eq!(ended.version, version + 1);
    assert!(!world.is_alive(&tom.token, world.now).await && !world.is_alive(&other, world.now).await);
    assert_eq!(
        world.commands.end_sessions(&world.by_admin(), &all).await.expect("there are none").version,
        ended.version,
        "that is no event"
    );
    let eve = world.join("eve@nimbus.example", Role::Editor).await;
    let hers = EndSessions { user_id: Some(world.admin.id.to_string()), keep_current: false };
    assert!(matches!(world.commands.end_sessions(&world.by(eve.actor), &hers).await, Err(Error::Forbidden)));
}
