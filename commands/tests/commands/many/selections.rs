//! Whom a call is about.

use commands::{DeleteUsers, Error, LimitSettings, MAX_ROWS, UpdateUsers, UserSelection};
use domain::{Actor, OperationId, Refusal, Role};
use projections::users::{ListedStatus, UserFilter};

use super::{delete, give_role, ids, outcomes, resend, update};
use crate::world::{World, refusal};

fn matching(filter: UserFilter, expected_count: u64) -> UserSelection {
    UserSelection::Matching { filter, expected_count }
}

fn pending() -> UserFilter {
    UserFilter { statuses: vec![ListedStatus::PendingInvitation], ..UserFilter::default() }
}

#[tokio::test]
async fn a_filter_selects_whom_the_list_shows_if_they_are_as_many_as_the_caller_saw() {
    let world = World::open().await;
    let invited = world.invite_many(7).await;
    let before = world.everything().await;
    for expected in [0, 6, 8] {
        let input = give_role(matching(pending(), expected), Role::Editor);
        assert_eq!(refusal(world.update_many(&world.by_admin(), &input).await), Refusal::CountChanged { expected, current: 7 });
    }
    assert_eq!(world.everything().await, before);
    let answer = world.update_many(&world.by_admin(), &give_role(matching(pending(), 7), Role::Editor)).await.expect("answers");
    assert_eq!(outcomes(&answer), ["changed"; 7]);
    assert!(answer.rows.iter().map(|row| row.user_id.expect("an id")).eq(invited), "in the order of ids");
    let found = UserFilter { search: Some("user3".to_owned()), ..UserFilter::default() };
    let answer = world.update_many(&world.by_admin(), &give_role(matching(found, 1), Role::Viewer)).await.expect("answers");
    assert_eq!(outcomes(&answer), ["changed"]);
    let no_one = UserFilter { search: Some("unknown".to_owned()), ..UserFilter::default() };
    let answer = world.update_many(&world.by_admin(), &give_role(matching(no_one, 0), Role::Viewer)).await.expect("answers");
    assert!(answer.rows.is_empty());
}

#[tokio::test]
async fn a_filter_reaches_no_other_account() {
    let world = World::open().await;
    let (other, admin) = world.open_another().await;
    world.invite_many(2).await;
    let all = give_role(matching(UserFilter::default(), 1), Role::Admin);
    let answer = world.commands.update_users(&world.by(admin.actor), other, &all).await.expect("answers");
    assert_eq!(outcomes(&answer), ["unchanged"]);
    assert!(matches!(world.commands.update_users(&world.by(admin.actor), world.account, &all).await, Err(Error::Forbidden)));
}

#[tokio::test]
async fn a_call_without_users_or_with_too_many_or_without_permission_does_nothing() {
    let world = World::open().await;
    let editor = world.join("tom@nimbus.example", Role::Editor).await;
    let before = world.everything().await;
    let ctx = world.by_admin();
    let users = |count: usize| UserSelection::Ids(vec![world.admin.id.to_string(); count]);
    assert_eq!(refusal(world.update_many(&ctx, &update(users(0))).await), Refusal::NoRows);
    assert_eq!(refusal(world.update_many(&ctx, &update(users(MAX_ROWS + 1))).await), Refusal::TooManyRows);
    assert_eq!(refusal(world.update_many(&ctx, &update(matching(pending(), 1_001))).await), Refusal::TooManyRows);
    assert_eq!(refusal(world.resend_many(&ctx, &resend(users(MAX_ROWS + 1))).await), Refusal::TooManyRows);
    assert_eq!(refusal(world.delete_many(&ctx, &delete(users(MAX_ROWS + 1), 1)).await), Refusal::TooManyRows);
    let badly_keyed = UpdateUsers { idempotency_key: Some(String::new()), ..update(users(1)) };
    assert_eq!(refusal(world.update_many(&ctx, &badly_keyed).await), Refusal::InvalidIdempotencyKey);
    let no_methods = UpdateUsers { auth_methods: Some(vec![]), ..update(users(1)) };
    assert_eq!(refusal(world.update_many(&ctx, &no_methods).await), Refusal::AuthMethodsRequired);
    assert!(matches!(world.update_many(&world.by(editor.actor), &update(users(0))).await, Err(Error::Forbidden)));
    assert!(matches!(world.update_many(&world.by(Actor::Visitor), &update(users(1))).await, Err(Error::Unauthenticated)));
    assert!(matches!(world.resend_many(&world.by(editor.actor), &resend(users(1))).await, Err(Error::Forbidden)));
    assert!(matches!(world.delete_many(&world.by(editor.actor), &delete(users(1), 1)).await, Err(Error::Forbidden)));
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn an_id_that_is_given_twice_counts_once() {
    let world = World::open().await;
    let invited = world.invite_many(2).await;
    let twice =
        UserSelection::Ids([invited[0], invited[1], invited[0]].iter().map(ToString::to_string).chain(["no id".to_owned()]).collect());
    let answer = world.resend_many(&world.by_admin(), &resend(twice.clone())).await.expect("answers");
    assert_eq!(outcomes(&answer), ["changed", "changed", "NOT_FOUND"]);
    assert_eq!(answer.rows.iter().map(|row| row.index).collect::<Vec<_>>(), [0, 1, 3]);
    let unconfirmed = world.delete_many(&world.by_admin(), &delete(twice.clone(), 4)).await;
    assert_eq!(refusal(unconfirmed), Refusal::CountNotConfirmed { confirmed: 4, selected: 3 });
    let dry = DeleteUsers { dry_run: true, ..delete(twice.clone(), 0) };
    assert_eq!(outcomes(&world.delete_many(&world.by_admin(), &dry).await.expect("answers")), ["changed", "changed", "NOT_FOUND"]);
    let deleted = world.delete_many(&world.by_admin(), &delete(twice, 3)).await.expect("answers");
    assert_eq!(outcomes(&deleted), ["changed", "changed", "NOT_FOUND"]);
}

#[tokio::test]
async fn the_events_of_a_call_have_one_operation_id_and_those_of_another_call_another() {
    let world = World::open().await;
    let invited = world.invite_many(150).await;
    let first = world.update_many(&world.by_admin(), &give_role(ids(&invited), Role::Editor)).await.expect("answers");
    let second = world.resend_many(&world.by_admin(), &resend(ids(&invited[..2]))).await.expect("answers");
    let of = async |id: Option<OperationId>| {
        let select = "select event_type, count(*) from events where metadata ->> 'operation_id' = $1 group by 1";
        let id = id.expect("an id").to_string();
        sqlx::query_as::<_, (String, i64)>(select).bind(id).fetch_all(&world.pool).await.expect("answers")
    };
    assert_eq!(of(first.operation_id).await, [("RoleChanged".to_owned(), 150)]);
    assert_eq!(of(second.operation_id).await, [("InvitationResent".to_owned(), 2)]);
}

#[tokio::test]
async fn the_daily_limit_refuses_rows_and_the_same_call_sends_them_on_another_day() {
    let limits = LimitSettings { invitations_per_day: 5, ..LimitSettings::default() };
    let world = World::open_with(limits).await;
    let invited = world.invite_many(3).await;
    let mut input = resend(ids(&invited));
    input.idempotency_key = Some("k".to_owned());
    for _ in 0..2 {
        let answer = world.resend_many(&world.by_admin(), &input).await.expect("answers");
        assert_eq!(outcomes(&answer), ["changed", "changed", "INVITATION_LIMIT_REACHED"]);
    }
    let tomorrow = world.later(chrono::TimeDelta::hours(23));
    assert_eq!(outcomes(&world.resend_many(&tomorrow, &input).await.expect("answers")), ["changed"; 3]);
    let sent = "select count(*) from events where event_type = 'InvitationResent'";
    assert_eq!(sqlx::query_scalar::<_, i64>(sent).fetch_one(&world.pool).await.expect("answers"), 3);
}
