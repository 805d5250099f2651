//! The operator sees what waits, and hurries it.

use chrono::TimeDelta;
use commands::Error;
use commands::mail::FailedAttempt;
use domain::delivery::MailPurpose;
use domain::{Actor, Role};

use super::resets::request;
use super::world::{ADMIN, World};

#[tokio::test]
async fn the_queue_shows_what_waits_and_why_and_everything_but_what_is_under_way_can_be_hurried() {
    let world = World::open().await;
    let (other, _) = world.open_another().await;
    world.invite("eve@example.com", Role::Viewer).await.expect("invites");
    let failed = world.claim(world.now).await.remove(0);
    let attempt =
        FailedAttempt { at: world.now, pause: TimeDelta::minutes(7), error: "the mail server took too long: silence", reply: "silence" };
    world.commands.retry_mail(&failed, &attempt).await.expect("puts back");
    request(&world, "nimbus", ADMIN, world.now).await.expect("is answered");
    let under_way = world.claim(world.now).await;
    assert_eq!(under_way.len(), 1);
    request(&world, "nimbus", ADMIN, world.now).await.expect("is answered");

    let operator = world.by(Actor::Operator);
    let (mails, count) = world.commands.list_queued_mails(&operator, Some(world.account), 10).await.expect("lists");
    let told: Vec<_> = mails.iter().map(|mail| (mail.purpose, mail.attempts, mail.is_under_way, mail.last_error.as_deref())).collect();
    assert_eq!(count, 3);
    assert_eq!(
        told,
        [
            (MailPurpose::PasswordReset, 0, false, None),
            (MailPurpose::PasswordReset, 1, true, None),
            (MailPurpose::Invitation, 1, false, Some("the mail server took too long: silence")),
        ]
    );
    assert_eq!((mails[2].to.as_str(), mails[2].account_slug.as_str()), ("eve@example.com", "nimbus"));
    assert!(mails[0].next_attempt_at.is_none() && mails[1].next_attempt_at < mails[2].next_attempt_at, "{mails:?}");
    let (first, count) = world.commands.list_queued_mails(&operator, None, 1).await.expect("lists");
    assert_eq!((first.len(), count), (1, 3), "the count is of all");
    assert_eq!(world.commands.list_queued_mails(&operator, Some(other), 10).await.expect("lists").1, 0);

    assert_eq!(world.commands.hurry_queued_mails(&operator, Some(other)).await.expect("hurries"), 0);
    assert_eq!(world.commands.hurry_queued_mails(&operator, None).await.expect("hurries"), 1);
    let due: Vec<_> = world.claim(world.now).await.into_iter().map(|mail| mail.delivery_id).collect();
    assert!(due.contains(&failed.delivery_id) && !due.contains(&under_way[0].delivery_id) && due.len() == 2, "{due:?}");
}

#[tokio::test]
async fn the_queue_is_for_the_operator_only() {
    let world = World::open().await;
    for actor in [Actor::Visitor, world.admin.actor] {
        let listed = world.commands.list_queued_mails(&world.by(actor), None, 10).await;
        assert!(matches!(listed, Err(Error::Forbidden)), "{listed:?}");
        assert!(matches!(world.commands.hurry_queued_mails(&world.by(actor), None).await, Err(Error::Forbidden)));
    }
}
