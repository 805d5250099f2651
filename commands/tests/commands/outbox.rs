//! Mails wait until they are sent, and what became of them is recorded once.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use commands::mail::{Due, WaitingLetter};
use domain::Role;
use domain::delivery::FailureReason;
use tokio::task::JoinSet;

use super::resets::{NEW_PASSWORD, TOM, link, request, reset};
use super::world::{ADMIN, World};

async fn deliveries(world: &World) -> Vec<(String, String)> {
    let select = "select event_type, payload::text from events where aggregate_type = 'delivery' order by position";
    sqlx::query_as(select).fetch_all(&world.pool).await.expect("answers")
}

#[tokio::test]
async fn a_mail_says_what_is_true_when_it_is_sent() {
    let world = World::open().await;
    let ada = world.invite("Ada@Example.com", Role::Viewer).await.expect("invites");
    let promote = commands::UpdateUser { role: Some(Role::Editor), ..super::world::change(ada.user_id) };
    world.update(&world.by_admin(), promote).await.expect("updates");
    let [mail] = &world.claim(world.now).await[..] else { panic!("one mail") };
    assert_eq!((mail.to.as_str(), mail.account_slug.as_str()), ("ada@example.com", "nimbus"));
    let WaitingLetter::Invitation { token, role, inviter, .. } = &mail.letter else { panic!("{mail:?}") };
    assert_eq!((*role, inviter.as_deref()), (Role::Editor, Some(ADMIN)));
    assert_eq!(token.expose(), world.link(world.account, ada.user_id).await);
    assert_eq!(mail.expires_at, world.now + TimeDelta::hours(24));
}

#[tokio::test]
async fn a_claimed_mail_is_no_one_elses_until_its_lease_is_over() {
    let world = World::open().await;
    world.invite("ada@example.com", Role::Viewer).await.expect("invites");
    let first = world.claim(world.now).await;
    assert_eq!((first.len(), first[0].attempt), (1, 1));
    world.mails_wait_for(TimeDelta::minutes(3)).await;
    assert!(world.claim(world.now).await.is_empty());
    world.mails_wait_for(TimeDelta::minutes(2)).await;
    let again = world.claim(world.now).await;
    assert_eq!((again.len(), again[0].attempt), (1, 2));
    assert_eq!(again[0].delivery_id, first[0].delivery_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_senders_never_share_a_mail() {
    let world = Arc::new(World::open().await);
    for number in 0..40 {
        world.invite(&format!("ada+{number}@example.com"), Role::Viewer).await.expect("invites");
    }
    let mut senders = JoinSet::new();
    for _ in 0..8 {
        let world = Arc::clone(&world);
        senders.spawn(async move { world.commands.claim_mails(world.now, TimeDelta::minutes(5), 5, Due::Now).await.expect("claims") });
    }
    let claimed: Vec<_> = senders.join_all().await.into_iter().flatten().map(|mail| mail.expect("it can be read").delivery_id).collect();
    assert_eq!(claimed.len(), 40);
    assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 40);
}

#[tokio::test]
async fn what_makes_a_mail_needless_takes_it_out_at_once() {
    let world = World::open().await;
    let ada = world.invite("ada@example.com", Role::Viewer).await.expect("invites").user_id;
    let eve = world.invite("eve@example.com", Role::Viewer).await.expect("invites").user_id;
    world.join("tom@nimbus.example", Role::Viewer).await;
    world.resend(&world.by_admin(), ada, "ada@example.com").await.expect("resends");
    world.delete(&world.by_admin(), eve, "eve@example.com").await.expect("deletes");
    let left: i64 = sqlx::query_scalar("select count(*) from mail_outbox").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(left, 1, "accepted, replaced and revoked: they are gone before anyone looks");
    let mails = world.claim(world.now).await;
    assert_eq!(mails.iter().map(|mail| mail.user_id).collect::<Vec<_>>(), [ada]);
    assert!(matches!(mails[0].letter, WaitingLetter::Invitation { resent: true, .. }), "{mails:?}");
}

#[tokio::test]
async fn a_sent_mail_is_recorded_once_and_waits_no_more() {
    let world = World::open().await;
    world.invite("ada@example.com", Role::Viewer).await.expect("invites");
    let mail = world.claim(world.now).await.remove(0);
    for _ in 0..2 {
        world.commands.record_mail_sent(&mail, world.now).await.expect("records");
    }
    world.commands.record_mail_failed(&mail, world.now, FailureReason::Refused, "550").await.expect("comes too late");
    assert_eq!(deliveries(&world).await.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["Sent"]);
    assert!(world.claim(world.now + TimeDelta::hours(1)).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_a_mail_is_recorded_once_by_however_many_at_once() {
    let world = Arc::new(World::open().await);
    for number in 0..10 {
        world.invite(&format!("ada+{number}@example.com"), Role::Viewer).await.expect("invites");
    }
    for mail in world.claim(world.now).await {
        let mut senders = JoinSet::new();
        for sender in 0..4 {
            let (world, mail) = (Arc::clone(&world), mail.clone());
            senders.spawn(async move {
                if sender % 2 == 0 {
                    world.commands.record_mail_sent(&mail, world.now).await
                } else {
                    world.commands.record_mail_failed(&mail, world.now, FailureReason::Refused, "550").await
                }
            });
        }
        assert!(senders.join_all().await.iter().all(Result::is_ok));
    }
    assert_eq!(deliveries(&world).await.len(), 10);
    assert!(world.claim(world.now + TimeDelta::hours(1)).await.is_empty());
}

#[tokio::test]
async fn what_a_mail_server_says_is_sealed() {
    let world = World::open().await;
    world.invite("ada@example.com", Role::Viewer).await.expect("invites");
    let mail = world.claim(world.now).await.remove(0);
    let reply = "550 <ada@example.com> no such mailbox";
    world.commands.record_mail_failed(&mail, world.now, FailureReason::Refused, reply).await.expect("records");
    let recorded = deliveries(&world).await;
    let [(kind, payload)] = &recorded[..] else { panic!("{recorded:?}") };
    assert_eq!(kind, "Failed");
    assert!(payload.contains("refused") && payload.contains("sealed") && !payload.contains("mailbox"), "{payload}");
}

#[tokio::test]
async fn anyone_who_waits_for_mail_hears_of_a_commit() {
    let world = World::open().await;
    world.invite("ada@example.com", Role::Viewer).await.expect("invites");
    let heard = tokio::time::timeout(test_support::TIMEOUT, world.commands.mail_waits()).await;
    assert!(heard.is_ok());
}

#[tokio::test]
async fn what_became_of_the_mail_with_a_link_is_recorded() {
    let world = World::open().await;
    world.join(TOM, Role::Viewer).await;
    for (email, sent) in [(ADMIN, true), (TOM, false)] {
        request(&world, "nimbus", email, world.now).await.expect("is answered");
        let mut mails = world.claim(world.now).await;
        let mail = mails.pop().expect("a mail waits");
        assert_eq!((mail.to.as_str(), mail.expires_at, mail.account_name.as_str()), (email, world.now + TimeDelta::hours(1), "Nimbus"));
        if sent {
            world.commands.record_mail_sent(&mail, world.now).await.expect("records");
        } else {
            world.commands.record_mail_failed(&mail, world.now, FailureReason::Refused, "550").await.expect("records");
        }
        let (kind, payload) = deliveries(&world).await.pop().expect("a delivery is recorded");
        assert_eq!(kind, if sent { "Sent" } else { "Failed" });
        assert!(payload.contains("password_reset") && !payload.contains("invitation"), "{payload}");
    }
    assert!(world.claim(world.now + TimeDelta::minutes(10)).await.is_empty());
}

#[tokio::test]
async fn a_link_that_is_used_takes_every_mail_with_a_link_along() {
    let world = World::open().await;
    let used = link(&world, ADMIN, world.now).await;
    request(&world, "nimbus", ADMIN, world.now).await.expect("is answered");
    reset(&world, &used, NEW_PASSWORD, world.now).await.expect("resets");
    let left: i64 = sqlx::query_scalar("select count(*) from mail_outbox").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(left, 0);
}
