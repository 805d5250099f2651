//! Every outcome of a row is that of the command about one user.

use commands::{Changed, CreateKey, Error, ResendInvitations, UpdateUser, UpdateUsers, UserSelection};
use domain::{Actor, ApiScope, ApiScopes, Role, ServiceKeyId, UserId};

use super::{delete, give_role, ids, outcomes, resend, set_active, update};
use crate::world::{ADMIN, World, change, raced};

/// A user of every kind, and ids of no user.
struct Everyone {
    all: Vec<(&'static str, String)>,
}

async fn everyone(world: &World) -> Everyone {
    let ctx = world.by_admin();
    let pending = world.invite("pending@example.com", Role::Viewer).await.expect("invites").user_id;
    let active = world.join("active@example.com", Role::Viewer).await.id;
    let inactive = world.join("inactive@example.com", Role::Viewer).await.id;
    world.set_access(inactive, false).await;
    let deleted = world.invite("deleted@example.com", Role::Viewer).await.expect("invites").user_id;
    world.delete(&ctx, deleted, "deleted@example.com").await.expect("deletes");
    let erased = world.invite("erased@example.com", Role::Viewer).await.expect("invites").user_id;
    world.delete(&ctx, erased, "erased@example.com").await.expect("deletes");
    let erase = commands::EraseUser { id: erased.to_string(), confirm_email: "erased@example.com".to_owned(), expected_version: None };
    world.commands.erase_user(&ctx, world.account, &erase).await.expect("erases");
    let (_, foreign) = world.open_another().await;
    let no_one = UserId::new(uuid::Uuid::now_v7());
    let all = vec![
        ("pending@example.com", pending.to_string()),
        ("active@example.com", active.to_string()),
        ("inactive@example.com", inactive.to_string()),
        ("deleted@example.com", deleted.to_string()),
        ("erased@example.com", erased.to_string()),
        (ADMIN, world.admin.id.to_string()),
        (ADMIN, foreign.id.to_string()),
        ("unknown@example.com", no_one.to_string()),
        ("unknown@example.com", "no id".to_owned()),
    ];
    Everyone { all }
}

impl Everyone {
    fn selection(&self) -> UserSelection {
        UserSelection::Ids(self.all.iter().map(|(_, id)| id.clone()).collect())
    }
}

/// What became of the command about one user.
fn single(before: i64, after: i64, result: &Result<Changed, Error>) -> &'static str {
    match result {
        Ok(_) if before == after => "unchanged",
        Ok(_) => "changed",
        Err(error) => error.code(),
    }
}

async fn count_events(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from events").fetch_one(&world.pool).await.expect("answers")
}

/// The changes that are tried: each of one field, and one of all.
fn changes() -> Vec<(UpdateUsers, UpdateUser)> {
    let no_one = UserId::new(uuid::Uuid::nil());
    let (many, one) = (|| update(UserSelection::Ids(vec![])), || change(no_one));
    let methods = |ids: &[&str]| Some(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    vec![
        (many(), one()),
        (UpdateUsers { role: Some(Role::Editor), ..many() }, UpdateUser { role: Some(Role::Editor), ..one() }),
        (UpdateUsers { role: Some(Role::Admin), ..many() }, UpdateUser { role: Some(Role::Admin), ..one() }),
        (UpdateUsers { auth_methods: methods(&["google"]), ..many() }, UpdateUser { auth_methods: methods(&["google"]), ..one() }),
        (UpdateUsers { auth_methods: methods(&["okta"]), ..many() }, UpdateUser { auth_methods: methods(&["okta"]), ..one() }),
        (UpdateUsers { active: Some(false), ..many() }, UpdateUser { active: Some(false), ..one() }),
        (UpdateUsers { active: Some(true), ..many() }, UpdateUser { active: Some(true), ..one() }),
        (
            UpdateUsers { role: Some(Role::Viewer), auth_methods: methods(&["password"]), active: Some(true), ..many() },
            UpdateUser { role: Some(Role::Viewer), auth_methods: methods(&["password"]), active: Some(true), ..one() },
        ),
    ]
}

#[tokio::test]
async fn a_row_is_updated_or_refused_like_a_single_user() {
    for number in 0..changes().len() {
        let (many, one) = changes().swap_remove(number);
        let (rows, singles) = (World::open().await, World::open().await);
        let (of_rows, of_singles) = (everyone(&rows).await, everyone(&singles).await);
        let mut expected = vec![];
        for (_, id) in &of_singles.all {
            let before = count_events(&singles).await;
            let result = singles.update(&singles.by_admin(), UpdateUser { id: id.clone(), ..one.clone() }).await;
            expected.push(single(before, count_events(&singles).await, &result));
        }
        let many = UpdateUsers { users: of_rows.selection(), ..many };
        let dry = rows.update_many(&rows.by_admin(), &UpdateUsers { dry_run: true, ..many.clone() }).await.expect("answers");
        assert_eq!(outcomes(&dry), expected, "{many:?} as a dry run");
        let answer = rows.update_many(&rows.by_admin(), &many).await.expect("answers");
        assert_eq!(outcomes(&answer), expected, "{many:?}");
        assert_eq!(count_events(&rows).await, count_events(&singles).await, "{many:?}");
    }
}

#[tokio::test]
async fn a_row_is_resent_or_deleted_or_refused_like_a_single_user() {
    for resends in [true, false] {
        let (rows, singles) = (World::open().await, World::open().await);
        let (of_rows, of_singles) = (everyone(&rows).await, everyone(&singles).await);
        let mut expected = vec![];
        for (email, id) in &of_singles.all {
            let before = count_events(&singles).await;
            let (id, ctx) = (id.clone(), singles.by_admin());
            let (confirm_email, expected_version, idempotency_key) = ((*email).to_owned(), None, None);
            let result = if resends {
                let input = commands::ResendInvitation { id, confirm_email, expected_version, idempotency_key };
                singles.commands.resend_invitation(&ctx, singles.account, &input).await
            } else {
                let input = commands::DeleteUser { id, confirm_email, expected_version, idempotency_key };
                singles.commands.delete_user(&ctx, singles.account, &input).await
            };
            expected.push(single(before, count_events(&singles).await, &result));
        }
        let ctx = rows.by_admin();
        let answers = if resends {
            let input = resend(of_rows.selection());
            let dry = ResendInvitations { dry_run: true, ..input.clone() };
            [rows.resend_many(&ctx, &dry).await, rows.resend_many(&ctx, &input).await]
        } else {
            let input = delete(of_rows.selection(), 9);
            let dry = commands::DeleteUsers { dry_run: true, confirm_count: 0, ..input.clone() };
            [rows.delete_many(&ctx, &dry).await, rows.delete_many(&ctx, &input).await]
        };
        for answer in answers {
            assert_eq!(outcomes(&answer.expect("answers")), expected);
        }
        assert_eq!(count_events(&rows).await, count_events(&singles).await);
    }
}

#[tokio::test]
async fn of_all_admins_one_stays() {
    let world = World::open().await;
    let other = world.join("two@example.com", Role::Admin).await;
    let third = world.join("three@example.com", Role::Admin).await;
    let all = ids(&[other.id, third.id, world.admin.id]);
    let before = world.everything().await;
    let demote = give_role(all.clone(), Role::Viewer);
    let dry = world.update_many(&world.by_admin(), &UpdateUsers { dry_run: true, ..demote.clone() }).await.expect("answers");
    assert_eq!(outcomes(&dry), ["changed", "changed", "LAST_ADMIN"]);
    assert_eq!(world.everything().await, before);
    let answer = world.update_many(&world.by_admin(), &demote).await.expect("answers");
    assert_eq!(outcomes(&answer), ["changed", "changed", "LAST_ADMIN"]);
    assert_eq!(world.active_admins().await, 1);
    let answer = world.update_many(&world.by_admin(), &give_role(all, Role::Admin)).await.expect("answers");
    assert_eq!(outcomes(&answer), ["changed", "changed", "unchanged"]);
}

async fn two_calls_that_demote_everyone_leave_one_admin(world: World) {
    let mut admins = vec![world.admin.id];
    for number in 0..3 {
        admins.push(world.join(&format!("admin{number}@example.com"), Role::Admin).await.id);
    }
    let backwards: Vec<_> = admins.iter().rev().copied().collect();
    let (ctx, forward, backward) = (world.by_admin(), give_role(ids(&admins), Role::Viewer), set_active(ids(&backwards), false));
    let (first, second) = tokio::join!(world.update_many(&ctx, &forward), world.update_many(&ctx, &backward));
    first.expect("answers");
    second.expect("answers");
    assert_eq!(world.active_admins().await, 1);
}

raced!(World::open(); two_calls_that_demote_everyone_leave_one_admin);

#[tokio::test]
async fn a_key_that_may_not_change_admins_changes_the_others_and_one_attempt_is_recorded() {
    let world = World::open().await;
    let other = world.join("two@example.com", Role::Admin).await;
    let viewer = world.join("viewer@example.com", Role::Viewer).await;
    let scopes = ApiScopes::parse([ApiScope::UsersWrite]).expect("not empty");
    let key = world.by(Actor::ServiceKey { account: world.account, key: ServiceKeyId::new(uuid::Uuid::now_v7()), scopes });
    let demote = give_role(ids(&[world.admin.id, viewer.id, other.id]), Role::Editor);
    let answer = world.update_many(&key, &demote).await.expect("answers");
    assert_eq!(outcomes(&answer), ["FORBIDDEN", "changed", "FORBIDDEN"]);
    world.commands.write_refused_attempts().await.expect("writes");
    let attempts: Vec<(String, String)> =
        sqlx::query_as("select operation, code from refused_attempts").fetch_all(&world.pool).await.expect("answers");
    assert_eq!(attempts, [("updateUsers".to_owned(), "FORBIDDEN".to_owned())]);
    let promote = give_role(ids(&[viewer.id]), Role::Admin);
    assert!(matches!(world.update_many(&key, &promote).await, Err(Error::Forbidden)));
}

#[tokio::test]
async fn access_that_many_lose_ends_sessions_keys_and_passwords_as_for_one() {
    let world = World::open().await;
    let (ada, eve) = (world.join("ada@example.com", Role::Viewer).await, world.join("eve@example.com", Role::Viewer).await);
    for member in [&ada, &eve] {
        let key = CreateKey { name: "CI".to_owned(), scopes: vec![ApiScope::UsersRead], expires_in_days: None };
        world.commands.create_api_key(&world.by(member.actor), &key).await.expect("creates");
    }
    let deactivate = set_active(ids(&[ada.id, eve.id]), false);
    assert_eq!(outcomes(&world.update_many(&world.by_admin(), &deactivate).await.expect("answers")), ["changed", "changed"]);
    for member in [&ada, &eve] {
        assert!(!world.is_alive(&member.token, world.now).await);
    }
    let count = async |what: &str| sqlx::query_scalar::<_, i64>(what).fetch_one(&world.pool).await.expect("answers");
    assert_eq!(count("select count(*) from api_keys where revoked_at is null").await, 0);
    assert_eq!(count("select count(*) from credentials").await, 3);
    let removed = world.delete_many(&world.by_admin(), &delete(ids(&[ada.id, eve.id]), 2)).await.expect("answers");
    assert_eq!(outcomes(&removed), ["changed", "changed"]);
    assert_eq!(count("select count(*) from credentials").await, 1);
    world.invite("ada@example.com", Role::Viewer).await.expect("the address is free");
}
