//! Whose mail is sent next: no account and no list of thousands delays the others, and no two servers send the same mail.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use commands::mail::{Due, FailedAttempt, WaitingLetter, WaitingMail};
use commands::{InviteRow, InviteUsers};
use domain::{AccountId, Role};

use super::resets::request;
use super::world::{ADMIN, Member, World, invitation};

const LEASE: TimeDelta = TimeDelta::minutes(5);

impl World {
    async fn invite_list(&self, account: AccountId, by: &Member, count: u32) {
        let row = |number| InviteRow {
            email: format!("list{number}@example.com"),
            role: Role::Viewer,
            auth_methods: vec!["password".to_owned()],
        };
        let input = InviteUsers { rows: (0..count).map(row).collect(), dry_run: false, idempotency_key: None };
        let answers = self.commands.invite_users(&self.by(by.actor), account, &input).await.expect("invites");
        assert!(answers.iter().all(|answer| answer.refusal.is_none()));
    }

    async fn claim_next(&self, limit: u32) -> Vec<WaitingMail> {
        let claimed = self.commands.claim_mails(self.now, LEASE, limit, Due::Now).await.expect("claims");
        claimed.into_iter().map(|mail| mail.expect("it can be read")).collect()
    }
}

#[tokio::test]
async fn two_servers_whose_clocks_are_ten_minutes_apart_never_claim_the_same_mail() {
    let world = World::open().await;
    for number in 0..24 {
        world.invite(&format!("ada+{number}@example.com"), Role::Viewer).await.expect("invites");
    }
    let (slow, fast) = (world.now, world.now + TimeDelta::minutes(10));
    let mut claimed = vec![];
    for _ in 0..6 {
        for clock in [slow, fast] {
            claimed.extend(world.commands.claim_mails(clock, LEASE, 4, Due::Now).await.expect("claims"));
        }
    }
    let ids: BTreeSet<_> = claimed.iter().map(|mail| mail.as_ref().expect("it can be read").delivery_id).collect();
    assert_eq!((claimed.len(), ids.len()), (24, 24), "each mail is claimed once");
    // Nor does a pause end sooner by the clock that is ahead.
    let mail = claimed.remove(0).expect("it can be read");
    let failed = FailedAttempt { at: slow, pause: LEASE, error: "later", reply: "451 later" };
    world.commands.retry_mail(&mail, &failed).await.expect("puts back");
    assert!(world.commands.claim_mails(fast, LEASE, 4, Due::Now).await.expect("claims").is_empty());
}

#[tokio::test]
async fn a_single_mail_overtakes_a_list_also_one_of_the_same_account() {
    let world = World::open().await;
    let (other, stranger) = world.open_another().await;
    world.invite_list(world.account, &world.admin, 300).await;
    assert_eq!(world.claim_next(50).await.len(), 50, "the list is being sent");
    let eve = world.invite("eve@example.com", Role::Viewer).await.expect("invites").user_id;
    let bea = world.commands.invite_user(&world.by(stranger.actor), other, &invitation("bea@example.com", Role::Viewer)).await;
    let bea = bea.expect("invites").user_id;
    request(&world, "nimbus", ADMIN, world.now).await.expect("is answered");
    let next = world.claim_next(4).await;
    let is_wanted = |mail: &&WaitingMail| [eve, bea].contains(&mail.user_id) || matches!(mail.letter, WaitingLetter::PasswordReset { .. });
    assert_eq!(next.iter().filter(is_wanted).count(), 3, "{next:?}");
}

#[tokio::test]
async fn accounts_take_turns_and_anyone_who_comes_later_does_not_overtake_for_what_others_had_before() {
    let world = World::open().await;
    let (other, stranger) = world.open_another().await;
    world.claim_next(10).await;
    world.invite_list(world.account, &world.admin, 400).await;
    world.claim_next(200).await;
    world.invite_list(other, &stranger, 100).await;
    let next = world.claim_next(60).await;
    let of_other = next.iter().filter(|mail| mail.account_id == other).count();
    assert!((29..=31).contains(&of_other), "{of_other} of 60");
    // Who sends one by one, and many, does not stop a list either.
    for number in 0..60 {
        world.invite(&format!("eve+{number}@example.com"), Role::Viewer).await.expect("invites");
    }
    let next = world.claim_next(45).await;
    let of_other = next.iter().filter(|mail| mail.account_id == other).count();
    assert!((4..=6).contains(&of_other), "one of a list for eight others: {of_other} of 45");
}

#[tokio::test]
async fn a_mail_that_comes_back_from_its_pause_keeps_its_turn() {
    let world = World::open().await;
    world.invite("eve@example.com", Role::Viewer).await.expect("invites");
    let mail = world.claim_next(1).await.remove(0);
    world.invite_list(world.account, &world.admin, 100).await;
    let failed = FailedAttempt { at: world.now, pause: TimeDelta::zero(), error: "later", reply: "451 later" };
    world.commands.retry_mail(&mail, &failed).await.expect("puts back");
    let next = world.claim_next(2).await;
    assert!(next.iter().any(|again| again.delivery_id == mail.delivery_id && again.attempt == 2), "{next:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_attempt_is_noted_under_the_lock_of_the_user() {
    let world = std::sync::Arc::new(World::open().await);
    let eve = world.invite("eve@example.com", Role::Viewer).await.expect("invites").user_id;
    let mail = world.claim_next(1).await.remove(0);
    let mut held = world.pool.begin().await.expect("begins");
    event_store::Lock::User { user_id: eve }.take(&mut held).await.expect("locks");
    let noting = tokio::spawn({
        let world = std::sync::Arc::clone(&world);
        async move {
            let failed = FailedAttempt { at: world.now, pause: LEASE, error: "later", reply: "451 later" };
            world.commands.retry_mail(&mail, &failed).await
        }
    });
    super::world::wait_for_waiting(&world.pool, 1).await;
    assert_eq!(world.view(world.account, eve).await.delivery.attempts, 0, "the holder of the lock sees no change");
    held.commit().await.expect("ends");
    noting.await.expect("ends").expect("puts back");
    assert_eq!(world.view(world.account, eve).await.delivery.attempts, 1);
}
