//! A user who loses or regains access is told by mail.

use chrono::TimeDelta;
use commands::LeaveAccount;
use commands::mail::WaitingLetter;
use domain::{Role, UserId};

use super::world::World;

const TOM: &str = "tom@nimbus.example";

/// What waits for someone.
async fn waits(world: &World, id: UserId) -> Vec<String> {
    let select = "select purpose from mail_outbox where user_id = $1 order by created_at";
    sqlx::query_scalar(select).bind(id.uuid()).fetch_all(&world.pool).await.expect("answers")
}

#[tokio::test]
async fn taking_access_and_giving_it_back_is_mailed_and_only_the_newest_word_counts() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Viewer).await.id;
    for (active, expected) in [(false, "access_removed"), (false, "access_removed"), (true, "access_restored"), (false, "access_removed")] {
        world.set_access(tom, active).await;
        assert_eq!(waits(&world, tom).await, [expected]);
    }
    let [mail] = &world.claim(world.now).await[..] else { panic!("one mail") };
    assert!(matches!(mail.letter, WaitingLetter::AccessRemoved), "{mail:?}");
    assert_eq!((mail.to.as_str(), mail.account_name.as_str(), mail.expires_at), (TOM, "Nimbus", world.now + TimeDelta::hours(72)));
    world.commands.record_mail_sent(mail, world.now).await.expect("records");
    let payload = "select payload::text from events where event_type = 'Sent'";
    let payload: String = sqlx::query_scalar(payload).fetch_one(&world.pool).await.expect("answers");
    assert!(payload.contains("access_removed") && !payload.contains("invitation"), "{payload}");
}

#[tokio::test]
async fn anyone_who_is_deleted_is_told_once_and_only_if_there_was_access_to_lose() {
    let world = World::open().await;
    let active = world.join("active@example.com", Role::Viewer).await.id;
    let inactive = world.join("inactive@example.com", Role::Viewer).await.id;
    let pending = world.invite("pending@example.com", Role::Viewer).await.expect("invites").user_id;
    world.set_access(inactive, false).await;
    for (id, email) in [(active, "active@example.com"), (inactive, "inactive@example.com"), (pending, "pending@example.com")] {
        world.delete(&world.by_admin(), id, email).await.expect("deletes");
    }
    assert_eq!(waits(&world, active).await, ["access_removed"]);
    assert_eq!(waits(&world, inactive).await, ["access_removed"], "by the deactivation");
    assert_eq!(waits(&world, pending).await, [""; 0], "an invitation that is revoked is no access");
    assert_eq!(world.claim(world.now).await.len(), 2, "who is deleted is still told");
}

#[tokio::test]
async fn anyone_who_leaves_needs_not_be_told() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Viewer).await;
    let leave = LeaveAccount { confirm_email: TOM.to_owned(), idempotency_key: None };
    world.commands.leave_account(&world.by(tom.actor), &leave).await.expect("leaves");
    assert_eq!(waits(&world, tom.id).await, [""; 0]);
}
