//! Links for a new password at the same instant as something else.

use std::sync::Arc;

use chrono::TimeDelta;
use commands::UpdateUser;
use domain::{Refusal, Role};
use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::Barrier;

use super::resets::{NEW_PASSWORD, TOM, link, open_resets, request, reset};
use super::world::{PASSWORD, World, change, raced, refusal, wait_for_waiting};

raced! {
    World::patient();
    of_two_uses_of_a_link_at_once_one_wins,
    no_session_outlives_a_deactivation_that_races_with_a_reset,
    no_link_survives_a_deactivation_that_races_with_the_request,
}

const ROUNDS: i64 = 20;

/// Runs two commands that start together.
async fn together<A: Send + 'static, B: Send + 'static>(
    one: impl Future<Output = A> + Send + 'static,
    other: impl Future<Output = B> + Send + 'static,
) -> (A, B) {
    let start = Arc::new(Barrier::new(2));
    let (mine, theirs) = (Arc::clone(&start), start);
    let one = tokio::spawn(async move {
        mine.wait().await;
        one.await
    });
    let other = tokio::spawn(async move {
        theirs.wait().await;
        other.await
    });
    (one.await.expect("no panic"), other.await.expect("no panic"))
}

async fn of_two_uses_of_a_link_at_once_one_wins(world: World) {
    let world = Arc::new(world);
    let tom = world.join(TOM, Role::Viewer).await;
    for round in 0..ROUNDS {
        let now = world.now + TimeDelta::seconds(round);
        let token = link(&world, TOM, now).await;
        let passwords = ["copper kettles never apologise", NEW_PASSWORD];
        let use_it = |password: &'static str| {
            let (world, token) = (Arc::clone(&world), token.clone());
            async move { reset(&world, &token, password, now).await }
        };
        let (first, second) = together(use_it(passwords[0]), use_it(passwords[1])).await;
        let won = usize::from(second.is_ok());
        let (winner, loser) = if second.is_ok() { (second, first) } else { (first, second) };
        assert!(world.is_alive(&winner.expect("one wins").token, now).await);
        assert_eq!(refusal(loser), Refusal::InvalidResetLink, "round {round}");
        world.sign_in(TOM, passwords[won], now).await.expect("the winner's password counts");
    }
    let sets = world.history(tom.id).await.iter().filter(|event| *event == "SessionsEnded").count();
    assert_eq!(i64::try_from(sets), Ok(ROUNDS));
}

async fn no_session_outlives_a_deactivation_that_races_with_a_reset(world: World) {
    let world = Arc::new(world);
    let tom = world.join(TOM, Role::Viewer).await;
    for round in 0..ROUNDS {
        let token = link(&world, TOM, world.now).await;
        let (one, other) = (Arc::clone(&world), Arc::clone(&world));
        let (used, off) = together(async move { reset(&one, &token, NEW_PASSWORD, one.now).await }, async move {
            other.update(&other.by_admin(), UpdateUser { active: Some(false), ..change(tom.id) }).await
        })
        .await;
        off.expect("deactivates");
        match used {
            Ok(session) => assert!(!world.is_alive(&session.token, world.now).await, "round {round}"),
            Err(error) => assert_eq!(refusal::<()>(Err(error)), Refusal::InvalidResetLink, "round {round}"),
        }
        assert_eq!(open_resets(&world).await, 0, "round {round}");
        world.update(&world.by_admin(), UpdateUser { active: Some(true), ..change(tom.id) }).await.expect("activates");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_begins_with_a_password_that_was_replaced_while_it_was_compared() {
    let world = Arc::new(World::patient().await.in_many_processes());
    let tom = world.join(TOM, Role::Viewer).await;
    let token = link(&world, TOM, world.now).await;
    let mut holder = PgConnection::connect_with(&world.pool.connect_options()).await.expect("connects");
    let mut held = holder.begin().await.expect("begins");
    let lock = format!("select pg_advisory_xact_lock(hashtextextended('user|{}', 0))", tom.id);
    held.execute(lock.as_str()).await.expect("locks");

    // The reset waits for the user, and behind it a sign-in whose password was right when it was compared.
    let (one, other) = (Arc::clone(&world), Arc::clone(&world));
    let reset = tokio::spawn(async move { reset(&one, &token, NEW_PASSWORD, one.now).await });
    wait_for_waiting(&world.pool, 1).await;
    let sign_in = tokio::spawn(async move { other.sign_in(TOM, PASSWORD, other.now).await });
    wait_for_waiting(&world.pool, 2).await;
    held.rollback().await.expect("unlocks");
    let session = reset.await.expect("no panic").expect("resets");
    assert_eq!(refusal(sign_in.await.expect("no panic")), Refusal::InvalidCredentials);
    assert!(world.is_alive(&session.token, world.now).await);
}

async fn no_link_survives_a_deactivation_that_races_with_the_request(world: World) {
    let world = Arc::new(world);
    let tom = world.join(TOM, Role::Viewer).await;
    for round in 0..ROUNDS {
        let (one, other) = (Arc::clone(&world), Arc::clone(&world));
        let (asked, off) = together(async move { request(&one, "nimbus", TOM, one.now).await }, async move {
            other.update(&other.by_admin(), UpdateUser { active: Some(false), ..change(tom.id) }).await
        })
        .await;
        asked.expect("is answered");
        off.expect("deactivates");
        assert_eq!(open_resets(&world).await, 0, "round {round}");
        world.update(&world.by_admin(), UpdateUser { active: Some(true), ..change(tom.id) }).await.expect("activates");
    }
    world.sign_in(TOM, PASSWORD, world.now).await.expect("the password is as it was");
}
