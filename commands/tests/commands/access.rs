//! Access is taken and given back; and a user who wants to leave, leaves.

use std::sync::Arc;

use commands::{ChangeAccess, Changed, Context, Error, LeaveAccount};
use domain::user::Status;
use domain::{Actor, Refusal, Role, UserId};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::world::{ADMIN, Member, PASSWORD, World, refusal};

const TOM: &str = "tom@nimbus.example";

fn of(id: UserId) -> ChangeAccess {
    ChangeAccess { id: id.to_string(), expected_version: None, idempotency_key: None }
}

fn keyed(id: UserId, key: &str) -> ChangeAccess {
    ChangeAccess { idempotency_key: Some(key.to_owned()), ..of(id) }
}

fn leaving(typed: &str, key: Option<&str>) -> LeaveAccount {
    LeaveAccount { confirm_email: typed.to_owned(), idempotency_key: key.map(str::to_owned) }
}

async fn deactivate(world: &World, ctx: &Context, input: &ChangeAccess) -> Result<Changed, Error> {
    world.commands.deactivate_user(ctx, world.account, input).await
}

async fn activate(world: &World, ctx: &Context, input: &ChangeAccess) -> Result<Changed, Error> {
    world.commands.activate_user(ctx, world.account, input).await
}

async fn leave(world: &World, who: &Member, typed: &str) -> Result<Changed, Error> {
    world.commands.leave_account(&world.by(who.actor), &leaving(typed, None)).await
}

#[tokio::test]
async fn access_is_taken_and_given_back_and_sessions_stay_over() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Viewer).await;
    let ctx = world.by_admin();
    let seen = ChangeAccess { expected_version: Some(world.view(world.account, tom.id).await.version), ..of(tom.id) };
    let off = deactivate(&world, &ctx, &seen).await.expect("deactivates");
    assert!(!world.is_alive(&tom.token, world.now).await);
    assert_eq!(refusal(activate(&world, &ctx, &seen).await), Refusal::VersionConflict { current: off.version });
    assert_eq!(deactivate(&world, &ctx, &of(tom.id)).await.expect("is done already"), off);
    let on = activate(&world, &ctx, &of(tom.id)).await.expect("activates");
    assert_eq!(activate(&world, &ctx, &of(tom.id)).await.expect("is done already"), on);
    assert!(!world.is_alive(&tom.token, world.now).await);
    assert_eq!(world.history(tom.id).await, ["Invited", "Accepted", "PasswordSet", "Deactivated", "Activated"]);
}

#[tokio::test]
async fn access_that_cannot_change_is_refused_with_its_code() {
    let world = World::open().await;
    let ada = world.invite("ada@example.com", Role::Viewer).await.expect("invites").user_id;
    let gone = world.invite("gone@example.com", Role::Viewer).await.expect("invites").user_id;
    world.delete(&world.by_admin(), gone, "gone@example.com").await.expect("deletes");
    let before = world.counts().await;
    let unknown = ChangeAccess { id: "no id".to_owned(), ..of(ada) };
    let me = of(world.admin.id);
    for (ctx, input, code) in [
        (world.by_admin(), of(ada), "INVITATION_PENDING"),
        (world.by_admin(), of(gone), "USER_DELETED"),
        (world.by_admin(), unknown, "NOT_FOUND"),
        (world.by_admin(), me.clone(), "CANNOT_DEACTIVATE_SELF"),
        (world.by(Actor::Operator), me, "LAST_ADMIN"),
    ] {
        assert_eq!(refusal(deactivate(&world, &ctx, &input).await).code(), code, "{input:?}");
    }
    assert_eq!(refusal(activate(&world, &world.by_admin(), &of(ada)).await), Refusal::InvitationPending);
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn only_admins_take_access_and_a_key_serves_one_of_the_two_commands() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    for ctx in [world.by(tom.actor), world.by(Actor::Visitor)] {
        for result in [deactivate(&world, &ctx, &of(tom.id)).await, activate(&world, &ctx, &of(world.admin.id)).await] {
            assert!(matches!(result, Err(Error::Forbidden | Error::Unauthenticated)), "{result:?}");
        }
    }
    let ctx = world.by_admin();
    let first = deactivate(&world, &ctx, &keyed(tom.id, "k")).await.expect("deactivates");
    activate(&world, &ctx, &of(tom.id)).await.expect("activates");
    assert_eq!(deactivate(&world, &ctx, &keyed(tom.id, "k")).await.expect("is remembered"), first);
    assert_eq!(world.view(world.account, tom.id).await.status, Status::Active);
    assert_eq!(refusal(activate(&world, &ctx, &keyed(tom.id, "k")).await), Refusal::IdempotencyKeyReused);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_deactivations_at_once_with_one_key_one_happens() {
    let world = Arc::new(World::open().await);
    let tom = world.join(TOM, Role::Viewer).await;
    let mut rivals = JoinSet::new();
    for _ in 0..20 {
        let (world, id) = (Arc::clone(&world), tom.id);
        rivals.spawn(async move { deactivate(&world, &world.by_admin(), &keyed(id, "k")).await.expect("is answered") });
    }
    let answers = rivals.join_all().await;
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    assert_eq!(world.history(tom.id).await, ["Invited", "Accepted", "PasswordSet", "Deactivated"]);
}

#[tokio::test]
async fn anyone_who_leaves_is_gone_and_their_address_is_free() {
    let world = World::open().await;
    for role in Role::ALL {
        let email = format!("{role}@nimbus.example");
        let member = world.join(&email, role).await;
        let before = world.counts().await;
        assert_eq!(refusal(leave(&world, &member, ADMIN).await), Refusal::ConfirmationMismatch);
        assert_eq!(refusal(leave(&world, &member, "no address").await), Refusal::ConfirmationMismatch);
        assert_eq!(world.counts().await, before);
        leave(&world, &member, &email.to_uppercase()).await.expect("leaves");
        assert_eq!(world.view(world.account, member.id).await.status, Status::Deleted);
        assert_eq!(world.history(member.id).await, ["Invited", "Accepted", "PasswordSet", "Left"]);
        assert!(!world.is_alive(&member.token, world.now).await);
        assert_eq!(refusal(world.sign_in(&email, PASSWORD, world.now).await), Refusal::InvalidCredentials);
        let passwords = "select count(*) from credentials where user_id = $1";
        let kept: i64 = sqlx::query_scalar(passwords).bind(member.id.uuid()).fetch_one(&world.pool).await.expect("answers");
        assert_eq!(kept, 0);
        let again = world.join(&email, role).await;
        assert_ne!(again.id, member.id);
        leave(&world, &again, &email).await.expect("leaves again");
    }
    assert_eq!(world.active_admins().await, 1);
}

#[tokio::test]
async fn the_last_admin_cannot_leave_nor_can_anyone_who_is_no_user() {
    let world = World::open().await;
    let before = world.counts().await;
    assert_eq!(refusal(leave(&world, &world.admin, ADMIN).await), Refusal::LastAdmin);
    for actor in [Actor::Visitor, Actor::Operator, Actor::System] {
        let result = world.commands.leave_account(&world.by(actor), &leaving(ADMIN, None)).await;
        assert!(matches!(result, Err(Error::Unauthenticated)), "{actor}: {result:?}");
    }
    assert_eq!(world.counts().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_leave_at_once_one_stays() {
    let mut world = World::open().await;
    for round in 0..50 {
        let email = format!("tom{round}@nimbus.example");
        let tom = world.join(&email, Role::Admin).await;
        let shared = Arc::new(world);
        let start = Arc::new(Barrier::new(2));
        let mut rivals = JoinSet::new();
        for (who, typed) in [(shared.admin.clone(), ADMIN.to_owned()), (tom.clone(), email)] {
            let (world, start) = (Arc::clone(&shared), Arc::clone(&start));
            rivals.spawn(async move {
                start.wait().await;
                leave(&world, &who, &typed).await
            });
        }
        let refused: Vec<_> = rivals.join_all().await.into_iter().filter(Result::is_err).map(refusal).collect();
        assert_eq!(refused, [Refusal::LastAdmin], "round {round}");
        assert_eq!(shared.active_admins().await, 1);
        world = Arc::into_inner(shared).expect("the rivals are gone");
        // The admin who stayed is relieved, so that the next round begins like this one.
        let operator = world.by(Actor::Operator);
        if world.view(world.account, tom.id).await.status == Status::Active {
            let again = world.commands.invite_user(&operator, world.account, &super::world::invitation(ADMIN, Role::Admin)).await;
            world.admin = world.accept(world.account, again.expect("the address is free").user_id).await;
            world.delete(&operator, tom.id, &format!("tom{round}@nimbus.example")).await.expect("deletes");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_requests_to_leave_with_one_key_one_happens_and_all_are_answered_the_same() {
    let world = Arc::new(World::open().await);
    let tom = world.join(TOM, Role::Admin).await;
    let mut rivals = JoinSet::new();
    for _ in 0..20 {
        let (world, actor) = (Arc::clone(&world), tom.actor);
        rivals.spawn(async move { world.commands.leave_account(&world.by(actor), &leaving(TOM, Some("k"))).await.expect("is answered") });
    }
    let answers = rivals.join_all().await;
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    assert_eq!(world.history(tom.id).await, ["Invited", "Accepted", "PasswordSet", "Left"]);
}
