//! A call that is repeated, and one that is cut off between its parts.

use std::sync::Arc;

use commands::{BulkAnswer, DeleteUsers, Error, UpdateUsers, UserSelection};
use domain::{Refusal, Role};
use projections::users::{ListedStatus, UserFilter};
use tokio::task::JoinSet;

use super::{delete, give_role, ids, outcomes, resend, set_active};
use crate::world::{World, refusal};

/// Everyone with the role of a viewer. None are left when the call has run.
fn viewers(expected_count: u64) -> UserSelection {
    let filter = UserFilter {
        roles: vec![Role::Viewer],
        statuses: vec![ListedStatus::PendingInvitation, ListedStatus::Active],
        ..UserFilter::default()
    };
    UserSelection::Matching { filter, expected_count }
}

fn promote(expected_count: u64) -> UpdateUsers {
    UpdateUsers { idempotency_key: Some("k".to_owned()), ..give_role(viewers(expected_count), Role::Editor) }
}

#[tokio::test]
async fn a_repeated_call_is_answered_the_same_and_does_nothing_more_whatever_happened_since() {
    let world = World::open().await;
    let invited = world.invite_many(4).await;
    let tom = world.join("tom@example.com", Role::Viewer).await;
    let no_id = "no id".to_owned();
    let users = UserSelection::Ids([invited[0], tom.id].iter().map(ToString::to_string).chain([no_id]).collect());
    let input = UpdateUsers { idempotency_key: Some("k".to_owned()), ..set_active(users, false) };
    let first = world.update_many(&world.by_admin(), &input).await.expect("answers");
    assert_eq!(outcomes(&first), ["INVITATION_PENDING", "changed", "NOT_FOUND"]);
    world.set_access(tom.id, true).await;
    let before = world.counts().await;
    assert_eq!(world.update_many(&world.by_admin(), &input).await.expect("is remembered"), first);
    let other = UpdateUsers { active: Some(true), ..input.clone() };
    assert_eq!(refusal(world.update_many(&world.by_admin(), &other).await), Refusal::IdempotencyKeyReused);
    assert_eq!(world.counts().await, before);
    let mut with_key = resend(ids(&invited));
    with_key.idempotency_key = Some("k".to_owned());
    assert_eq!(refusal(world.resend_many(&world.by_admin(), &with_key).await), Refusal::IdempotencyKeyReused);
}

#[tokio::test]
async fn a_call_by_filter_that_was_cut_off_goes_on_with_those_whom_it_had_selected() {
    let world = World::open().await;
    let invited = world.invite_many(250).await;
    // The last part loses its connection in the middle of its rows.
    let cut_off = "create function cut_off() returns trigger language plpgsql as $$ begin
            if new.email = 'user240@example.com' then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$;
        create trigger cut_off before update on users for each row execute function cut_off();";
    sqlx::raw_sql(cut_off).execute(&world.pool).await.expect("prepares");
    assert!(matches!(world.update_many(&world.by_admin(), &promote(250)).await, Err(Error::Fault(_))));
    let editors = async || {
        let count = "select count(*) from users where role = 'editor'";
        sqlx::query_scalar::<_, i64>(count).fetch_one(&world.pool).await.expect("answers")
    };
    assert_eq!(editors().await, 200, "whole parts are done");
    sqlx::raw_sql("drop trigger cut_off on users").execute(&world.pool).await.expect("repairs");
    // Others match by now: the call is about those whom it selected.
    world.invite("later@example.com", Role::Viewer).await.expect("invites");
    let answer = world.update_many(&world.by_admin(), &promote(250)).await.expect("goes on");
    assert!(answer.rows.iter().map(|row| row.user_id.expect("an id")).eq(invited));
    assert_eq!(outcomes(&answer), ["changed"; 250]);
    assert_eq!(editors().await, 250);
    assert_eq!(world.update_many(&world.by_admin(), &promote(250)).await.expect("is remembered"), answer);
    let operations = "select count(distinct metadata ->> 'operation_id') from events where event_type = 'RoleChanged'";
    assert_eq!(sqlx::query_scalar::<_, i64>(operations).fetch_one(&world.pool).await.expect("answers"), 1, "one operation");
    let changes = "select count(*) from events where event_type = 'RoleChanged'";
    assert_eq!(sqlx::query_scalar::<_, i64>(changes).fetch_one(&world.pool).await.expect("answers"), 250);
}

#[tokio::test]
async fn a_repeated_deletion_by_filter_needs_no_other_count() {
    let world = World::open().await;
    world.invite_many(3).await;
    let input = DeleteUsers { idempotency_key: Some("k".to_owned()), ..delete(viewers(3), 3) };
    let first = world.delete_many(&world.by_admin(), &input).await.expect("answers");
    assert_eq!(outcomes(&first), ["changed"; 3]);
    assert_eq!(world.delete_many(&world.by_admin(), &input).await.expect("is remembered"), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_calls_at_once_with_one_key_all_are_answered_the_same() {
    let world = Arc::new(World::open().await);
    world.invite_many(150).await;
    let mut rivals = JoinSet::new();
    for _ in 0..6 {
        let world = Arc::clone(&world);
        rivals.spawn(async move { world.update_many(&world.by_admin(), &promote(150)).await.expect("is answered") });
    }
    let answers: Vec<BulkAnswer> = rivals.join_all().await;
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    assert_eq!(outcomes(&answers[0]), ["changed"; 150]);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_about_the_same_users_in_other_orders_never_lock_up() {
    let world = Arc::new(World::open().await);
    let forward = world.invite_many(150).await;
    let backward: Vec<_> = forward.iter().rev().copied().collect();
    let mut rivals = JoinSet::new();
    for (number, users) in [&forward, &backward, &forward, &backward].into_iter().enumerate() {
        let (world, role) = (Arc::clone(&world), if number < 2 { Role::Editor } else { Role::Admin });
        let input = give_role(ids(users), role);
        rivals.spawn(async move { world.update_many(&world.by_admin(), &input).await.expect("is answered") });
    }
    assert!(rivals.join_all().await.iter().all(|answer| answer.rows.len() == 150));
}
