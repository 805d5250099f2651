//! A mail is tried until it is taken, given up or needless; the list shows how far the newest invitation has come.

use chrono::{DateTime, TimeDelta, Utc};
use commands::mail::{Due, FailedAttempt, WaitingMail};
use domain::delivery::FailureReason;
use domain::{Role, UserId};
use event_store::{Count, CountTo};
use projections::users::DeliveryState::{Failed, NotConfigured, Sent, Waiting};
use projections::users::{DeliveryState, InvitationDelivery, Moment, PageRequest, UserFilter, UserOrder, count_users, list_users};

use super::resets::request;
use super::world::{ADMIN, World};

const EVE: &str = "eve@example.com";
const LEASE: TimeDelta = TimeDelta::minutes(5);

fn tried(at: DateTime<Utc>, pause: TimeDelta) -> FailedAttempt<'static> {
    FailedAttempt { at, pause, error: "the mail server refused the mail: 451 later", reply: "451 later" }
}

fn delivery(state: DeliveryState, at: Option<DateTime<Utc>>, attempts: u32, detail: Option<&str>) -> InvitationDelivery {
    InvitationDelivery { state, at, attempts, detail: detail.map(str::to_owned) }
}

async fn listed(world: &World, id: UserId) -> InvitationDelivery {
    world.view(world.account, id).await.delivery
}

async fn invited_and_claimed(world: &World) -> (UserId, WaitingMail) {
    let id = world.invite(EVE, Role::Viewer).await.expect("invites").user_id;
    (id, world.claim(world.now).await.remove(0))
}

#[tokio::test]
async fn a_mail_that_is_put_back_is_due_when_it_was_said_and_the_list_says_why() {
    let world = World::open().await;
    let (id, mail) = invited_and_claimed(&world).await;
    assert_eq!(listed(&world, id).await, delivery(Waiting, None, 0, None));
    let pause = TimeDelta::minutes(30);
    world.commands.retry_mail(&mail, &tried(world.now, pause)).await.expect("puts back");
    let detail = Some("the mail server refused the mail: 451 later");
    assert_eq!(listed(&world, id).await, delivery(Waiting, Some(world.now), 1, detail));
    world.mails_wait_for(pause / 2).await;
    assert!(world.claim(world.now).await.is_empty());
    world.mails_wait_for(pause / 2).await;
    let (again, next) = (world.claim(world.now).await.remove(0), world.now + pause);
    assert_eq!((again.attempt, again.last_reply.as_deref()), (2, Some("451 later")));
    world.commands.record_mail_sent(&again, next).await.expect("records");
    assert_eq!(listed(&world, id).await, delivery(Sent, Some(next), 2, None));
}

#[tokio::test]
async fn a_mail_is_given_up_at_the_instant_when_its_link_dies_with_what_was_said_last() {
    let world = World::open().await;
    let (id, mail) = invited_and_claimed(&world).await;
    let dies = world.now + TimeDelta::hours(24);
    world.commands.retry_mail(&mail, &tried(world.now, TimeDelta::hours(30))).await.expect("puts back");
    world.mails_wait_for(TimeDelta::hours(23)).await;
    assert!(world.claim(dies).await.is_empty());
    world.mails_wait_for(TimeDelta::hours(1)).await;
    let late = world.claim(dies).await.remove(0);
    assert_eq!(late.expires_at, dies);
    world.commands.record_mail_expired(&late, dies, FailureReason::TimedOut).await.expect("records");
    let detail = Some("it could not be handed over in time: 451 later");
    assert_eq!(listed(&world, id).await, delivery(Failed, Some(dies), 1, detail), "saying so is no attempt");
}

#[tokio::test]
async fn anyone_who_cannot_send_claims_only_what_is_too_late() {
    let world = World::open().await;
    let id = world.invite(EVE, Role::Viewer).await.expect("invites").user_id;
    request(&world, "nimbus", ADMIN, world.now).await.expect("is answered");
    let claim = async |at| world.commands.claim_mails(at, LEASE, 10, Due::Expired).await.expect("claims");
    assert!(claim(world.now).await.is_empty());
    assert_eq!(claim(world.now + TimeDelta::hours(1)).await.len(), 1, "the link for a new password is dead after an hour");
    let dies = world.now + TimeDelta::hours(24);
    assert!(claim(dies - TimeDelta::microseconds(1)).await.iter().flatten().all(|mail| mail.user_id != id));
    let late = claim(dies).await.into_iter().flatten().find(|mail| mail.user_id == id).expect("its time is over");
    world.commands.record_mail_expired(&late, dies, FailureReason::NotConfigured).await.expect("records");
    assert_eq!(listed(&world, id).await, delivery(NotConfigured, Some(dies), 0, None));
}

#[tokio::test]
async fn a_mail_that_is_given_back_is_due_at_once_and_only_by_anyone_who_has_it() {
    let world = World::open().await;
    let (_, mail) = invited_and_claimed(&world).await;
    world.commands.release_mail(&mail).await.expect("gives back");
    let again = world.claim(world.now).await.remove(0);
    // The first sender wakes up and believes to have it still.
    world.commands.release_mail(&mail).await.expect("does nothing");
    world.commands.retry_mail(&mail, &tried(world.now, TimeDelta::zero())).await.expect("does nothing");
    assert!(world.claim(world.now).await.is_empty(), "the second has it");
    world.commands.release_mail(&again).await.expect("gives back");
    assert_eq!(world.claim(world.now).await.len(), 1);
}

#[tokio::test]
async fn a_mail_whose_end_is_never_recorded_is_claimed_ever_more_seldom() {
    let world = World::open().await;
    world.invite(EVE, Role::Viewer).await.expect("invites");
    for lease in [1, 2, 4, 8, 16, 32, 32].map(|times| LEASE * times) {
        assert_eq!(world.claim(world.now).await.len(), 1, "{lease}");
        world.mails_wait_for(lease / 2).await;
        assert!(world.claim(world.now).await.is_empty(), "{lease}");
        world.mails_wait_for(lease / 2).await;
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_stops_no_other() {
    let world = World::open().await;
    world.invite("poison@example.com", Role::Viewer).await.expect("invites");
    for sql in ["alter table mail_outbox drop constraint mail_outbox_purpose_known", "update mail_outbox set purpose = 'spell'"] {
        sqlx::query(sql).execute(&world.pool).await.expect(sql);
    }
    world.invite(EVE, Role::Viewer).await.expect("invites");
    let claimed = world.commands.claim_mails(world.now, LEASE, 10, Due::Now).await.expect("claims");
    let (readable, unreadable): (Vec<_>, Vec<_>) = claimed.into_iter().partition(Result::is_ok);
    assert_eq!((readable.len(), unreadable.len()), (1, 1));
    assert_eq!(readable[0].as_ref().expect("readable").to, EVE);
}

#[tokio::test]
async fn what_became_of_a_replaced_invitation_says_nothing_of_the_new_one() {
    let world = World::open().await;
    let (id, old) = invited_and_claimed(&world).await;
    world.commands.retry_mail(&old, &tried(world.now, TimeDelta::zero())).await.expect("puts back");
    let old = world.claim(world.now).await.remove(0);
    world.resend(&world.by_admin(), id, EVE).await.expect("resends while the old mail is on its way");
    world.commands.record_mail_failed(&old, world.now, FailureReason::Refused, "550 no").await.expect("records");
    assert_eq!(listed(&world, id).await, delivery(Waiting, None, 0, None));
}

#[tokio::test]
async fn the_list_is_filtered_by_how_far_mails_have_come() {
    let world = World::open().await;
    let mut ids = vec![];
    for (number, email) in (0..).zip(["waits@example.com", "sent@example.com", "fails@example.com", "joined@example.com"]) {
        let ctx = world.later(TimeDelta::seconds(number));
        let invited = world.commands.invite_user(&ctx, world.account, &super::world::invitation(email, Role::Viewer)).await;
        ids.push(invited.expect("invites").user_id);
    }
    for mail in world.claim(world.now + TimeDelta::seconds(4)).await {
        if mail.user_id == ids[1] || mail.user_id == ids[3] {
            world.commands.record_mail_sent(&mail, world.now).await.expect("records");
        } else if mail.user_id == ids[2] {
            world.commands.record_mail_failed(&mail, world.now, FailureReason::Refused, "550 no").await.expect("records");
        }
    }
    world.accept(world.account, ids[3]).await;
    for (states, expected) in [
        (vec![Waiting], vec![ids[0]]),
        (vec![Sent], vec![ids[1]]),
        (vec![Failed], vec![ids[2]]),
        (vec![NotConfigured], vec![]),
        (vec![Failed, Waiting], vec![ids[2], ids[0]]),
        (vec![], vec![]),
    ] {
        let filter = UserFilter { deliveries: Some(states.clone()), ..UserFilter::default() };
        let page =
            list_users(&world.pool, world.account, &filter, UserOrder::default(), PageRequest::First(10, None), Moment::Now(world.now))
                .await;
        let found: Vec<_> = page.expect("answers").users.iter().map(|user| user.id).collect();
        assert_eq!(found, expected, "{states:?}");
        let count = count_users(&world.pool, world.account, &filter, Moment::Now(world.now), CountTo::End).await.expect("answers");
        assert_eq!(count, Count::exact(expected.len() as u64));
    }
}
