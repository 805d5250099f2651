//! Many are invited at once, and each row is answered by itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use commands::{Context, Error, InviteRow, InviteUsers, MAX_ROWS, RowAnswer, UpdateAccount};
use domain::{Actor, Refusal, Role};
use tokio::task::JoinSet;

use super::world::{ADMIN, World, refusal};

fn row(email: &str) -> InviteRow {
    InviteRow { email: email.to_owned(), role: Role::Viewer, auth_methods: vec!["password".to_owned()] }
}

fn rows(emails: &[&str]) -> InviteUsers {
    InviteUsers { rows: emails.iter().map(|email| row(email)).collect(), dry_run: false, idempotency_key: None }
}

fn many(count: usize, key: Option<&str>) -> InviteUsers {
    let rows = (0..count).map(|number| row(&format!("user{number}@example.com"))).collect();
    InviteUsers { rows, dry_run: false, idempotency_key: key.map(str::to_owned) }
}

fn keyed(input: InviteUsers) -> InviteUsers {
    InviteUsers { idempotency_key: Some("k".to_owned()), ..input }
}

async fn invite(world: &World, ctx: &Context, input: &InviteUsers) -> Result<Vec<RowAnswer>, Error> {
    world.commands.invite_users(ctx, world.account, input).await
}

fn codes(answers: &[RowAnswer]) -> Vec<&'static str> {
    answers.iter().map(|answer| answer.refusal.as_ref().map_or("", Refusal::code)).collect()
}

/// A list with every way in which a row can fare.
fn mixed() -> InviteUsers {
    let mut input =
        rows(&["ada@example.com", "no address", "ADA@example.com", ADMIN, "tom@example.com", "eve@example.com", "gus@example.com"]);
    input.rows[4].auth_methods = vec![];
    input.rows[5].auth_methods = vec!["okta".to_owned()];
    input
}

const MIXED: [&str; 7] = ["", "INVALID_EMAIL", "ALREADY_INVITED", "ALREADY_MEMBER", "AUTH_METHODS_REQUIRED", "AUTH_METHOD_NOT_OFFERED", ""];

#[tokio::test]
async fn every_row_is_answered_in_its_place_and_takes_no_other_down() {
    let world = World::open().await;
    let answers = invite(&world, &world.by_admin(), &mixed()).await.expect("answers");
    assert_eq!(codes(&answers), MIXED);
    assert_eq!(answers[2].user, answers[0].user, "who has the address is shown");
    assert_eq!(answers[3].user, Some(world.admin.id));
    let ada = answers[0].user.expect("was invited");
    assert_eq!(world.history(ada).await, ["Invited"]);
    let view = world.view(world.account, ada).await;
    assert_eq!((view.version, view.email.as_str(), view.role), (1, "ada@example.com", Role::Viewer));
    assert_eq!(view.invitation_expires_at, world.now + TimeDelta::hours(24));
    let mut mailed: Vec<_> = world.claim(world.now).await.into_iter().map(|mail| mail.to).collect();
    mailed.sort();
    assert_eq!(mailed, ["ada@example.com", "gus@example.com"]);
    world.accept(world.account, ada).await;
}

#[tokio::test]
async fn a_dry_run_decides_everything_and_writes_nothing() {
    let world = World::open().await;
    let before = world.counts().await;
    let dry = keyed(InviteUsers { dry_run: true, ..mixed() });
    for _ in 0..2 {
        let answers = invite(&world, &world.by_admin(), &dry).await.expect("answers");
        assert_eq!(codes(&answers), MIXED);
        assert_eq!((answers[0].user, answers[2].user, answers[3].user), (None, None, Some(world.admin.id)));
    }
    assert_eq!(world.counts().await, before);
    assert_eq!(codes(&invite(&world, &world.by_admin(), &keyed(mixed())).await.expect("the key is not used up")), MIXED);
}

#[tokio::test]
async fn a_list_that_is_empty_or_too_long_or_not_permitted_does_nothing() {
    let world = World::open().await;
    let editor = world.join("tom@nimbus.example", Role::Editor).await;
    let before = world.counts().await;
    let ctx = world.by_admin();
    assert_eq!(refusal(invite(&world, &ctx, &many(0, None)).await), Refusal::NoRows);
    assert_eq!(refusal(invite(&world, &ctx, &many(MAX_ROWS + 1, None)).await), Refusal::TooManyRows);
    assert_eq!(refusal(invite(&world, &ctx, &many(1, Some(""))).await), Refusal::InvalidIdempotencyKey);
    assert!(matches!(invite(&world, &world.by(editor.actor), &many(0, None)).await, Err(Error::Forbidden)));
    assert!(matches!(invite(&world, &world.by(Actor::Visitor), &many(1, None)).await, Err(Error::Unauthenticated)));
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn a_repeated_request_is_answered_the_same_and_does_nothing_more_whatever_happened_since() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let first = invite(&world, &ctx, &keyed(mixed())).await.expect("answers");
    world.delete(&ctx, first[0].user.expect("was invited"), "ada@example.com").await.expect("deletes");
    let settings = UpdateAccount { auth_methods: Some(vec!["password".to_owned()]), ..UpdateAccount::default() };
    world.commands.update_account(&ctx, world.account, &settings).await.expect("updates");
    let before = world.counts().await;
    assert_eq!(invite(&world, &ctx, &keyed(mixed())).await.expect("is remembered"), first);
    assert_eq!(refusal(invite(&world, &ctx, &keyed(rows(&["new@example.com"]))).await), Refusal::IdempotencyKeyReused);
    assert_eq!(world.counts().await, before);
    let stored: Vec<String> =
        sqlx::query_scalar("select idempotency_keys::text from idempotency_keys").fetch_all(&world.pool).await.expect("answers");
    assert!(stored.iter().all(|row| !row.contains('@')), "{stored:?}");
    let next_day = world.later(TimeDelta::hours(24));
    invite(&world, &next_day, &keyed(rows(&["new@example.com"]))).await.expect("the key is free again");
}

#[tokio::test]
async fn a_request_that_was_cut_off_goes_on_where_it_was() {
    let world = World::open().await;
    let ctx = world.by_admin();
    // The last part loses its connection in the middle of its rows.
    let cut_off = "create function cut_off() returns trigger language plpgsql as $$ begin
            if new.email = 'user240@example.com' then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$;
        create trigger cut_off before insert on users for each row execute function cut_off();";
    sqlx::raw_sql(cut_off).execute(&world.pool).await.expect("prepares");
    assert!(matches!(invite(&world, &ctx, &many(250, Some("k"))).await, Err(Error::Fault(_))));
    let invited = "select count(*) from users where email like 'user%'";
    let count = async || sqlx::query_scalar::<_, i64>(invited).fetch_one(&world.pool).await.expect("answers");
    assert_eq!(count().await, 200, "whole parts are done");
    sqlx::raw_sql("drop trigger cut_off on users").execute(&world.pool).await.expect("repairs");
    let answers = invite(&world, &ctx, &many(250, Some("k"))).await.expect("goes on");
    assert!(answers.iter().all(|answer| answer.refusal.is_none() && answer.user.is_some()));
    assert_eq!(count().await, 250);
    assert_eq!(invite(&world, &ctx, &many(250, Some("k"))).await.expect("is remembered"), answers);
    let mails: i64 = sqlx::query_scalar("select count(*) from mail_outbox").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(mails, 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_with_one_key_all_are_answered_the_same() {
    let world = Arc::new(World::open().await);
    let mut rivals = JoinSet::new();
    for _ in 0..8 {
        let world = Arc::clone(&world);
        rivals.spawn(async move { invite(&world, &world.by_admin(), &many(150, Some("k"))).await.expect("is answered") });
    }
    let answers = rivals.join_all().await;
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    assert!(answers[0].iter().all(|answer| answer.refusal.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_share_addresses_in_other_orders_invite_each_once_and_never_lock_up() {
    let world = Arc::new(World::open().await);
    let mut rivals = JoinSet::new();
    for rival in 0..8 {
        let world = Arc::clone(&world);
        let mut input = many(150, None);
        if rival % 2 == 1 {
            input.rows.reverse();
        }
        rivals.spawn(async move { invite(&world, &world.by_admin(), &input).await.expect("is answered") });
    }
    let answers: Vec<_> = rivals.join_all().await.into_iter().flatten().collect();
    assert_eq!(answers.iter().filter(|answer| answer.refusal.is_none()).count(), 150);
    assert_eq!(codes(&answers).iter().filter(|code| **code == "ALREADY_INVITED").count(), 150 * 7);
}

/// How long one row takes of so many that are invited, on this machine now.
async fn time_for_a_row(world: &World, name: &str, count: usize) -> Duration {
    let rows = (0..count).map(|number| row(&format!("{name}{number}@example.com"))).collect();
    let input = InviteUsers { rows, dry_run: false, idempotency_key: Some(name.to_owned()) };
    let started = Instant::now();
    let answers = invite(world, &world.by_admin(), &input).await.expect("answers");
    assert!(answers.iter().all(|answer| answer.refusal.is_none()));
    started.elapsed() / u32::try_from(count).expect("few")
}

#[tokio::test]
async fn the_time_for_a_row_does_not_grow_with_their_number() {
    let world = World::open().await;
    let before = time_for_a_row(&world, "before", 100).await;
    let of_many = time_for_a_row(&world, "many", MAX_ROWS).await;
    let after = time_for_a_row(&world, "after", 100).await;
    // Where each row looked at all others, it would take ten times as long.
    assert!(of_many < before.max(after) * 5, "{of_many:?} among {MAX_ROWS}, {before:?} and {after:?} among 100");
}
