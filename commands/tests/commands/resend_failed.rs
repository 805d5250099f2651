//! Invitations whose mail failed are sent again together.

use std::sync::Arc;

use chrono::TimeDelta;
use commands::{Context, Error, InviteRow, InviteUsers, LimitSettings, MAX_RESENT, ResendFailedInvitations, ResentInvitations};
use domain::delivery::FailureReason;
use domain::{Actor, Refusal, Role, UserId};
use projections::users::DeliveryState;
use tokio::task::JoinSet;

use super::world::{World, refusal};

fn all() -> ResendFailedInvitations {
    ResendFailedInvitations::default()
}

async fn resend(world: &World, ctx: &Context, input: &ResendFailedInvitations) -> Result<ResentInvitations, Error> {
    world.commands.resend_failed_invitations(ctx, world.account, input).await
}

/// Invites so many people, in the order of their ids, and has every mail that waits fail.
async fn invited_in_vain(world: &World, count: usize) -> Vec<UserId> {
    let row =
        |number| InviteRow { email: format!("user{number}@example.com"), role: Role::Viewer, auth_methods: vec!["password".to_owned()] };
    let rows = InviteUsers { rows: (0..count).map(row).collect(), dry_run: false, idempotency_key: None };
    let answers = world.commands.invite_users(&world.by(Actor::Operator), world.account, &rows).await.expect("invites");
    fail_all(world).await;
    let mut ids: Vec<_> = answers.iter().map(|answer| answer.user.expect("invited")).collect();
    ids.sort_unstable();
    ids
}

async fn fail_all(world: &World) {
    loop {
        let mails = world.claim(world.now).await;
        if mails.is_empty() {
            return;
        }
        for mail in mails {
            world.commands.record_mail_failed(&mail, world.now, FailureReason::Refused, "550 5.1.1 no one").await.expect("records");
        }
    }
}

async fn mailed(world: &World) -> Vec<String> {
    let mut mailed: Vec<_> = world.claim(world.now).await.into_iter().map(|mail| mail.to).collect();
    mailed.sort();
    mailed
}

#[tokio::test]
async fn all_that_failed_are_sent_again_and_no_one_else() {
    let world = World::open().await;
    let failed = invited_in_vain(&world, 3).await;
    let waits = world.invite("waits@example.com", Role::Viewer).await.expect("invites").user_id;
    let (other_account, _) = world.open_another().await;
    let deleted = failed[2];
    let address = world.view(world.account, deleted).await.email;
    world.delete(&world.by_admin(), deleted, &address).await.expect("deletes");
    let old = world.link(world.account, failed[0]).await;
    let versions = [world.view(world.account, waits).await.version, world.view(world.account, deleted).await.version];
    world.claim(world.now).await;

    let later = world.later(TimeDelta::hours(30));
    let answer = resend(&world, &later, &ResendFailedInvitations { expected_count: Some(2), ..all() }).await.expect("sends");
    assert_eq!(answer, ResentInvitations { resent: 2, refused: vec![], last: Some(failed[1]), remaining: 0 });
    for id in &failed[..2] {
        let view = world.view(world.account, *id).await;
        assert_eq!((view.delivery.state, view.delivery.attempts, view.version), (DeliveryState::Waiting, 0, 2));
        assert_eq!(view.invitation_expires_at, later.at + TimeDelta::hours(24), "a new link for a new time");
        assert_eq!(world.history(*id).await, ["Invited", "InvitationResent"]);
    }
    assert_eq!(mailed(&world).await.len(), 2);
    assert_eq!(refusal(world.accept_link(&old, later.at).await), Refusal::InvitationReplaced);
    for (id, version) in [waits, deleted].into_iter().zip(versions) {
        assert_eq!(world.view(world.account, id).await.version, version, "no one else is touched");
    }
    let cause = "select count(distinct metadata ->> 'cause') from events where event_type = 'InvitationResent'";
    assert_eq!(sqlx::query_scalar::<_, i64>(cause).fetch_one(&world.pool).await.expect("answers"), 1, "they have one cause");
    let elsewhere = world.commands.resend_failed_invitations(&world.by_admin(), other_account, &all()).await;
    assert!(matches!(elsewhere, Err(Error::Forbidden)), "{elsewhere:?}");
}

#[tokio::test]
async fn a_request_does_so_many_and_the_next_goes_on_though_some_failed_again() {
    let world = World::open().await;
    let failed = invited_in_vain(&world, MAX_RESENT + 2).await;
    let first = resend(&world, &world.by_admin(), &all()).await.expect("sends");
    let last = failed[MAX_RESENT - 1];
    assert_eq!(first, ResentInvitations { resent: MAX_RESENT, refused: vec![], last: Some(last), remaining: 2 });
    fail_all(&world).await;
    let on = ResendFailedInvitations { after: Some(last.to_string()), expected_count: Some(2), ..all() };
    let second = resend(&world, &world.by_admin(), &on).await.expect("goes on");
    assert_eq!(second, ResentInvitations { resent: 2, refused: vec![], last: failed.last().copied(), remaining: 0 });
    assert_eq!(mailed(&world).await.len(), 2, "those that failed again are left for another time");
    let end = ResendFailedInvitations { after: second.last.map(|id| id.to_string()), ..all() };
    assert_eq!(resend(&world, &world.by_admin(), &end).await.expect("ends"), ResentInvitations::default());
}

#[tokio::test]
async fn another_number_than_was_seen_sends_nothing() {
    let world = World::open().await;
    invited_in_vain(&world, 2).await;
    let before = world.everything().await;
    for expected in [0, 1, 3] {
        let input = ResendFailedInvitations { expected_count: Some(expected), ..all() };
        assert_eq!(refusal(resend(&world, &world.by_admin(), &input).await), Refusal::CountChanged { expected, current: 2 });
    }
    let malformed = ResendFailedInvitations { after: Some("no id".to_owned()), ..all() };
    assert_eq!(refusal(resend(&world, &world.by_admin(), &malformed).await), Refusal::NotFound);
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn a_request_that_is_repeated_with_its_key_sends_nothing_more() {
    let world = World::open().await;
    invited_in_vain(&world, 2).await;
    let keyed = ResendFailedInvitations { idempotency_key: Some("k".to_owned()), ..all() };
    let first = resend(&world, &world.by_admin(), &keyed).await.expect("sends");
    fail_all(&world).await;
    let again = resend(&world, &world.by_admin(), &keyed).await.expect("answers");
    assert_eq!((again.resent, again.last), (first.resent, first.last));
    assert_eq!(mailed(&world).await, Vec::<String>::new());
    let other = ResendFailedInvitations { expected_count: Some(2), ..keyed };
    assert_eq!(refusal(resend(&world, &world.by_admin(), &other).await), Refusal::IdempotencyKeyReused);
}

#[tokio::test]
async fn two_who_send_at_once_send_each_invitation_once() {
    let world = Arc::new(World::open().await);
    let failed = invited_in_vain(&world, 20).await;
    let mut both = JoinSet::new();
    for _ in 0..2 {
        let world = Arc::clone(&world);
        both.spawn(async move { resend(&world, &world.by_admin(), &all()).await.expect("answers").resent });
    }
    let resent: usize = both.join_all().await.into_iter().sum();
    assert_eq!((resent, mailed(&world).await.len()), (20, 20));
    for id in failed {
        assert_eq!(world.history(id).await, ["Invited", "InvitationResent"]);
    }
}

#[tokio::test]
async fn beyond_the_limit_of_the_day_no_one_is_sent_anything_and_each_is_named() {
    let world = World::open_with(LimitSettings { invitations_per_day: 3, ..LimitSettings::default() }).await;
    let failed = invited_in_vain(&world, 5).await;
    let answer = resend(&world, &world.by_admin(), &all()).await.expect("sends");
    let refused = failed[3..].iter().map(|id| (*id, Refusal::InvitationLimitReached)).collect();
    assert_eq!(answer, ResentInvitations { resent: 3, refused, last: Some(failed[2]), remaining: 2 });
    let before = world.everything().await;
    let answer = resend(&world, &world.by_admin(), &all()).await.expect("answers");
    assert_eq!((answer.resent, answer.refused.len(), answer.last, answer.remaining), (0, 2, None, 2));
    assert_eq!(world.everything().await, before);
    let answer = resend(&world, &world.by(Actor::Operator), &all()).await.expect("sends");
    assert_eq!((answer.resent, answer.remaining), (2, 0), "the operator may");
}

#[tokio::test]
async fn only_who_may_send_one_again_may_send_all() {
    let world = World::open().await;
    let editor = world.join("ed@example.com", Role::Editor).await;
    world.claim(world.now).await;
    invited_in_vain(&world, 1).await;
    for actor in [editor.actor, Actor::Visitor] {
        let tried = resend(&world, &world.by(actor), &all()).await;
        assert!(matches!(tried, Err(Error::Forbidden | Error::Unauthenticated)), "{tried:?}");
    }
    let left = sqlx::query_scalar::<_, i64>("select count(*) from users where delivery_state = 'failed'").fetch_one(&world.pool);
    assert_eq!(left.await.expect("answers"), 1);
}
