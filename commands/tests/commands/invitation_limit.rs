//! No one sends more invitations within a day than one may.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use commands::{Context, Error, Finished, InviteRow, InviteUser, InviteUsers, LimitSettings, RowAnswer};
use domain::{Actor, ApiKeyId, ApiScope, ApiScopes, Refusal, Role};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::world::{World, invitation, refusal};

async fn world(invitations_per_day: u32) -> World {
    World::open_with(LimitSettings { invitations_per_day, ..LimitSettings::default() }).await
}

async fn invite(world: &World, ctx: &Context, email: &str) -> Result<(), Error> {
    world.commands.invite_user(ctx, world.account, &invitation(email, Role::Viewer)).await.map(drop)
}

fn many(count: usize, key: Option<&str>) -> InviteUsers {
    let row =
        |number| InviteRow { email: format!("user{number}@example.com"), role: Role::Viewer, auth_methods: vec!["password".to_owned()] };
    InviteUsers { rows: (0..count).map(row).collect(), dry_run: false, idempotency_key: key.map(str::to_owned) }
}

/// How many rows were done, and the codes of the others.
fn told(answers: &[RowAnswer]) -> (usize, BTreeSet<&'static str>) {
    let codes: Vec<_> = answers.iter().filter_map(|answer| answer.refusal.as_ref()).map(Refusal::code).collect();
    (answers.len() - codes.len(), codes.into_iter().collect())
}

async fn invited(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from users where status = 'invited'").fetch_one(&world.pool).await.expect("answers")
}

#[tokio::test]
async fn an_admin_sends_as_many_invitations_a_day_as_one_may() {
    let world = world(3).await;
    let ctx = world.by_admin();
    let ada = world.invite("ada@example.com", Role::Admin).await.expect("invites").user_id;
    invite(&world, &ctx, "bob@example.com").await.expect("invites");
    world.resend(&ctx, ada, "ada@example.com").await.expect("resends");
    let before = world.everything().await;
    assert_eq!(refusal(invite(&world, &ctx, "eve@example.com").await), Refusal::InvitationLimitReached);
    assert_eq!(refusal(world.resend(&ctx, ada, "ada@example.com").await), Refusal::InvitationLimitReached);
    assert_eq!(refusal(invite(&world, &ctx, "bob@example.com").await), Refusal::AlreadyInvited, "what is refused anyway");
    assert_eq!(world.everything().await, before, "nothing is written");

    invite(&world, &world.by(Actor::Operator), "eve@example.com").await.expect("the operator may");
    let ada = world.accept(world.account, ada).await;
    invite(&world, &world.by(ada.actor), "gus@example.com").await.expect("another admin has a number of their own");
    let midnight = (world.now + TimeDelta::days(1)).date_naive().and_time(chrono::NaiveTime::MIN).and_local_timezone(Utc).unwrap();
    let last_moment = Context::new(world.admin.actor, None, midnight - TimeDelta::microseconds(1));
    assert_eq!(refusal(invite(&world, &last_moment, "new@example.com").await), Refusal::InvitationLimitReached);
    invite(&world, &Context::new(world.admin.actor, None, midnight), "new@example.com").await.expect("on the next day");
}

#[tokio::test]
async fn what_a_program_sends_with_a_key_counts_for_its_owner() {
    let world = world(2).await;
    let (account, user) = (world.account, world.admin.id);
    let scopes = ApiScopes::parse([ApiScope::UsersWrite]).expect("one");
    let key = |id| Actor::ApiKey { account, user, role: Role::Admin, key: ApiKeyId::new(Uuid::from_u128(id)), scopes };
    for (id, email) in [(1, "ada@example.com"), (2, "bob@example.com")] {
        invite(&world, &world.by(key(id)), email).await.expect("invites");
    }
    assert_eq!(refusal(invite(&world, &world.by(key(3)), "eve@example.com").await), Refusal::InvitationLimitReached);
    assert_eq!(refusal(invite(&world, &world.by_admin(), "eve@example.com").await), Refusal::InvitationLimitReached);
}

#[tokio::test]
async fn what_is_repeated_with_its_key_is_not_counted_again() {
    let world = world(2).await;
    let keyed = |email: &str| InviteUser { idempotency_key: Some(email.to_owned()), ..invitation(email, Role::Viewer) };
    for email in ["ada@example.com", "bob@example.com"] {
        for _ in 0..3 {
            world.commands.invite_user(&world.by_admin(), world.account, &keyed(email)).await.expect("invites, or remembers it");
        }
    }
    let eve = keyed("eve@example.com");
    assert_eq!(refusal(world.commands.invite_user(&world.by_admin(), world.account, &eve).await), Refusal::InvitationLimitReached);
    let tomorrow = world.later(TimeDelta::hours(23));
    world.commands.invite_user(&tomorrow, world.account, &eve).await.expect("the refusal was not remembered");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_no_more_are_sent_than_one_may() {
    let world = Arc::new(world(7).await);
    let mut rivals = JoinSet::new();
    for number in 0..20 {
        let world = Arc::clone(&world);
        rivals.spawn(async move { invite(&world, &world.by_admin(), &format!("user{number}@example.com")).await });
    }
    let refused: Vec<_> = rivals.join_all().await.into_iter().filter(Result::is_err).map(refusal).collect();
    assert_eq!(refused, vec![Refusal::InvitationLimitReached; 13]);
    assert_eq!(invited(&world).await, 7);
}

#[tokio::test]
async fn of_a_list_the_rows_beyond_the_limit_are_refused_and_done_by_the_same_request_on_another_day() {
    let world = world(130).await;
    let list = many(150, Some("k"));
    let dry = InviteUsers { dry_run: true, ..many(150, None) };
    let only_limit = BTreeSet::from(["INVITATION_LIMIT_REACHED"]);
    for (input, times) in [(&dry, 2), (&list, 3)] {
        for _ in 0..times {
            let answers = world.commands.invite_users(&world.by_admin(), world.account, input).await.expect("answers");
            assert_eq!(told(&answers), (130, only_limit.clone()));
            assert!(answers[..130].iter().all(|answer| answer.refusal.is_none()), "from the first on");
        }
    }
    assert_eq!(invited(&world).await, 130);
    let tomorrow = world.later(TimeDelta::hours(23));
    let answers = world.commands.invite_users(&tomorrow, world.account, &list).await.expect("answers");
    assert_eq!(told(&answers), (150, BTreeSet::new()));
    assert_eq!(invited(&world).await, 150);
    assert_eq!(world.claim(tomorrow.at).await.len(), 100, "a hundred at a time are claimed; no one is mailed twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_race_send_together_no_more_than_one_may() {
    let world = Arc::new(world(250).await);
    let mut rivals = JoinSet::new();
    for rival in 0..4 {
        let world = Arc::clone(&world);
        rivals.spawn(async move {
            let mut list = many(150, None);
            list.rows.iter_mut().for_each(|row| row.email = format!("{rival}-{}", row.email));
            told(&world.commands.invite_users(&world.by_admin(), world.account, &list).await.expect("answers"))
        });
    }
    let told = rivals.join_all().await;
    assert_eq!(told.iter().map(|(done, _)| done).sum::<usize>(), 250, "{told:?}");
    assert_eq!(invited(&world).await, 250);
}

#[tokio::test]
async fn the_longest_list_can_be_sent_on_any_day_and_old_days_are_forgotten() {
    let world = World::open().await;
    let answers = world.commands.invite_users(&world.by_admin(), world.account, &many(1_000, None)).await.expect("answers");
    assert_eq!(told(&answers), (1_000, BTreeSet::new()));
    let kept =
        async || sqlx::query_scalar::<_, i64>("select count(*) from invitation_counts").fetch_one(&world.pool).await.expect("answers");
    for (days, expected) in [(0, 1), (1, 1), (2, 0)] {
        world.delete_finished(Finished::InvitationCounts, world.now + TimeDelta::days(days)).await;
        assert_eq!(kept().await, expected, "after {days} days");
    }
}
