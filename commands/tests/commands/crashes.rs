//! Cut off anywhere, a command has happened completely or not at all.

use chrono::TimeDelta;
use commands::{Commands, Context, CreateApiKey, EraseUser, Error, Fault, InviteUser, UpdateUser};
use domain::{ApiScope, Role};
use sqlx::{Connection, PgConnection};

use super::resets::{NEW_PASSWORD, link, mailed, request, reset};
use super::world::{ADMIN, PASSWORD, World, change, invitation};

/// Waits until some backend waits for a lock of this connection, and kills it.
async fn kill_anyone_who_waits(world: &World, blocker: i32) {
    let kill = "select count(pg_terminate_backend(pid)) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))";
    let deadline = tokio::time::Instant::now() + test_support::TIMEOUT;
    loop {
        let killed: i64 = sqlx::query_scalar(kill).bind(blocker).fetch_one(&world.pool).await.expect("answers");
        if killed > 0 {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "no one waits for the lock");
        tokio::task::yield_now().await;
    }
}

/// Stops a command where it first touches a table, and kills its connection there.
async fn cut_off_at<T>(world: &World, table: &str, command: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let mut blocker = PgConnection::connect_with(&world.pool.connect_options()).await.expect("connects");
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut blocker).await.expect("answers");
    let mut lock = blocker.begin().await.expect("begins");
    // Reading goes on, so that the command comes as far as its first write to this table.
    sqlx::query(&format!("lock table {table} in share mode")).execute(&mut *lock).await.expect("locks");
    let (result, ()) = tokio::join!(command, kill_anyone_who_waits(world, pid));
    lock.rollback().await.expect("unlocks");
    result
}

fn lost<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Fault(Fault::Database(_) | Fault::Unavailable(_))))
}

#[tokio::test]
async fn an_invitation_cut_off_at_any_table_has_not_happened_and_can_be_repeated() {
    let world = World::open().await;
    let input = InviteUser { idempotency_key: Some("k".to_owned()), ..invitation("ada@example.com", Role::Viewer) };
    let ctx = world.by_admin();
    let before = world.counts().await;
    for table in ["person_keys", "events", "users", "mail_outbox", "idempotency_keys"] {
        let result = cut_off_at(&world, table, invite(&world, &ctx, &input)).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.counts().await, before, "{table}");
    }
    invite(&world, &ctx, &input).await.expect("the retry of a caller who was cut off");
}

async fn invite(world: &World, ctx: &Context, input: &InviteUser) -> Result<commands::Changed, Error> {
    let commands: &Commands = &world.commands;
    commands.invite_user(ctx, world.account, input).await
}

#[tokio::test]
async fn an_acceptance_cut_off_at_any_table_has_not_happened_and_can_be_repeated() {
    let world = World::open().await;
    let ada = world.invite("ada@example.com", Role::Admin).await.expect("invites");
    let link = world.link(world.account, ada.user_id).await;
    let before = world.counts().await;
    for table in ["events", "users", "admin_guards", "credentials", "sessions"] {
        let result = cut_off_at(&world, table, world.accept_link(&link, world.now)).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.counts().await, before, "{table}");
        assert_eq!(world.view(world.account, ada.user_id).await.version, 1, "{table}");
    }
    world.accept_link(&link, world.now).await.expect("the link still works");
    assert_eq!(world.active_admins().await, 2);
}

#[tokio::test]
async fn a_deletion_cut_off_at_any_table_has_not_happened() {
    let world = World::open().await;
    let tom = world.join("tom@nimbus.example", Role::Admin).await;
    let before = world.counts().await;
    for table in ["events", "users", "admin_guards", "credentials"] {
        let result = cut_off_at(&world, table, world.delete(&world.by_admin(), tom.id, "tom@nimbus.example")).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.counts().await, before, "{table}");
        assert!(world.is_alive(&tom.token, world.now).await, "{table}");
    }
}

#[tokio::test]
async fn a_change_cut_off_at_any_table_has_not_happened_and_can_be_repeated() {
    let world = World::open().await;
    let tom = world.join("tom@nimbus.example", Role::Admin).await;
    let ctx = world.by_admin();
    let take_everything = UpdateUser {
        role: Some(Role::Viewer),
        name: Some("Tom".to_owned()),
        active: Some(false),
        idempotency_key: Some("k".to_owned()),
        ..change(tom.id)
    };
    let before = world.everything().await;
    for table in ["events", "users", "admin_guards", "idempotency_keys"] {
        let result = cut_off_at(&world, table, world.update(&ctx, take_everything.clone())).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.everything().await, before, "{table}");
    }
    world.update(&ctx, take_everything).await.expect("the retry of a caller who was cut off");
    assert_eq!(world.active_admins().await, 1);
}

#[tokio::test]
async fn a_resend_cut_off_at_any_table_leaves_the_old_link_working() {
    let world = World::open().await;
    let ada = world.invite("ada@example.com", Role::Viewer).await.expect("invites").user_id;
    let link = world.link(world.account, ada).await;
    let before = world.everything().await;
    for table in ["events", "users", "mail_outbox"] {
        let result = cut_off_at(&world, table, world.resend(&world.by_admin(), ada, "ada@example.com")).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.everything().await, before, "{table}");
        assert!(world.commands.preview_invitation(&world.by_admin(), &link).await.is_ok(), "{table}");
    }
}

#[tokio::test]
async fn an_erasure_cut_off_at_any_table_has_not_happened_and_can_be_repeated() {
    let world = World::open().await;
    let member = world.join("ada@example.com", Role::Viewer).await;
    let ada = member.id;
    let key = CreateApiKey { name: "Ada's".to_owned(), scopes: vec![ApiScope::UsersRead], expires_in_days: None };
    world.commands.create_api_key(&world.by(member.actor), &key).await.expect("creates");
    world.sign_in_from("203.0.113.7", "ada@example.com", PASSWORD, world.now).await.expect("signs in");
    world.delete(&world.by_admin(), ada, "ada@example.com").await.expect("deletes");
    let input = EraseUser { id: ada.to_string(), confirm_email: "ada@example.com".to_owned(), expected_version: None };
    let before = world.everything().await;
    for table in ["events", "users", "sessions", "api_keys", "erased_persons", "person_keys", "mail_outbox", "idempotency_keys"] {
        let result = cut_off_at(&world, table, world.commands.erase_user(&world.by_admin(), world.account, &input)).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.everything().await, before, "{table}");
    }
    world.commands.erase_user(&world.by_admin(), world.account, &input).await.expect("the retry of a caller who was cut off");
}

#[tokio::test]
async fn a_sign_in_cut_off_at_any_table_has_not_happened() {
    let world = World::open().await;
    let before = world.everything().await;
    for table in ["events", "users", "sessions"] {
        let result = cut_off_at(&world, table, world.sign_in(ADMIN, PASSWORD, world.now + TimeDelta::hours(1))).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.everything().await, before, "{table}");
    }
}

#[tokio::test]
async fn a_request_for_a_link_cut_off_at_any_table_has_not_happened_and_can_be_repeated() {
    let world = World::open().await;
    let before = world.everything().await;
    for table in ["password_resets", "mail_outbox"] {
        let result = cut_off_at(&world, table, request(&world, "nimbus", ADMIN, world.now)).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.everything().await, before, "{table}");
    }
    request(&world, "nimbus", ADMIN, world.now).await.expect("asked again");
    assert_eq!(mailed(&world, world.now).await.len(), 1);
}

#[tokio::test]
async fn a_reset_cut_off_at_any_table_has_not_happened_and_leaves_the_link_working() {
    let world = World::open().await;
    let token = link(&world, ADMIN, world.now).await;
    let before = world.everything().await;
    for table in ["events", "users", "credentials", "password_resets", "sessions"] {
        let result = cut_off_at(&world, table, reset(&world, &token, NEW_PASSWORD, world.now)).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.everything().await, before, "{table}");
        assert!(world.is_alive(&world.admin.token, world.now).await, "{table}");
    }
    reset(&world, &token, NEW_PASSWORD, world.now).await.expect("the link still works");
}

#[tokio::test]
async fn a_mail_whose_record_was_cut_off_is_due_again_after_its_lease() {
    let world = World::open().await;
    world.invite("ada@example.com", Role::Viewer).await.expect("invites");
    let mail = world.claim(world.now).await.remove(0);
    let before = world.everything().await;
    for table in ["events", "users", "mail_outbox"] {
        let result = cut_off_at(&world, table, world.commands.record_mail_sent(&mail, world.now)).await;
        assert!(lost(result), "{table}");
        assert_eq!(world.everything().await, before, "{table}");
    }
    world.mails_wait_for(TimeDelta::minutes(5)).await;
    let again = world.claim(world.now).await;
    assert_eq!(again.iter().map(|mail| (mail.delivery_id, mail.attempt)).collect::<Vec<_>>(), [(mail.delivery_id, 2)]);
}
