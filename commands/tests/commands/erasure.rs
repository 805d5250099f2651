//! Who is erased is forgotten everywhere, and history stays.

use chrono::TimeDelta;
use commands::{Context, CreateKey, EraseUser, Error, UpdateUser};
use domain::delivery::FailureReason;
use domain::{Actor, ApiScope, Client, Refusal, Role, UserId};
use event_store::list_erasures;

use super::history::follow;
use super::resets::request;
use super::world::{ADMIN, World, change, refusal};

const EVE: &str = "Eve.Unique@example.com";
/// What could be found of her: address, name, place, program, the names that she gave, and what a mail server said.
const TRACES: [&str; 5] = ["eve.unique", "zebulon", "203.0.113.77", "quokkabrowser", "platypus"];

async fn erase(world: &World, ctx: &Context, id: UserId, typed: &str) -> Result<commands::Changed, Error> {
    let input = EraseUser { id: id.to_string(), confirm_email: typed.to_owned(), expected_version: None };
    world.commands.erase_user(ctx, world.account, &input).await
}

/// Every row of every table, whatever tables there are, in one text.
async fn dump(world: &World) -> String {
    let tables = "select table_name::text from information_schema.tables where table_schema = 'public' order by 1";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&world.pool).await.expect("answers");
    let mut dump = String::new();
    for table in tables {
        let rows = format!("select coalesce(string_agg(t::text, e'\n'), '') from {table} t");
        let rows: String = sqlx::query_scalar(&rows).fetch_one(&world.pool).await.expect("answers");
        dump.push_str(&rows);
    }
    dump.to_lowercase()
}

/// Someone who has left as many traces as one can, and is deleted.
async fn deleted_with_traces(world: &World) -> UserId {
    let eve = world.join(EVE, Role::Editor).await;
    world.update(&world.by_admin(), UpdateUser { name: Some("Zebulon".to_owned()), ..change(eve.id) }).await.expect("renames");
    let from = Client::new("203.0.113.77".parse().ok(), Some("QuokkaBrowser/1.0"));
    let input = commands::SignIn { account: Some("nimbus".to_owned()), email: EVE.to_owned(), password: super::world::PASSWORD.into() };
    world.commands.sign_in(&Context::new(Actor::Visitor, None, world.now).from(from.clone()), &input).await.expect("signs in");
    let key = CreateKey { name: "Platypus".to_owned(), scopes: vec![ApiScope::UsersRead], expires_in_days: None };
    world.commands.create_api_key(&world.by(eve.actor), &key).await.expect("makes a key");
    request(world, "nimbus", EVE, world.now).await.expect("is answered");
    let keyed = UpdateUser { role: Some(Role::Viewer), idempotency_key: Some("k".to_owned()), ..change(eve.id) };
    world.update(&world.by_admin(), keyed).await.expect("updates");
    for mail in world.claim(world.now).await {
        let reply = format!("550 <{EVE}> is unknown here");
        world.commands.record_mail_failed(&mail, world.now, FailureReason::Refused, &reply).await.expect("records");
    }
    let forbidden = world.delete(&world.by(eve.actor).from(from), world.admin.id, ADMIN).await;
    assert!(matches!(forbidden, Err(Error::Forbidden)));
    world.commands.write_refused_attempts().await.expect("keeps");
    world.delete(&world.by_admin(), eve.id, EVE).await.expect("deletes");
    follow(world).await;
    eve.id
}

#[tokio::test]
async fn nothing_in_the_database_speaks_of_who_was_erased_and_their_history_is_whole() {
    let world = World::open().await;
    let eve = deleted_with_traces(&world).await;
    let before = dump(&world).await;
    for trace in ["eve.unique", "zebulon", "203.0.113.77", "quokkabrowser", "platypus"] {
        assert!(before.contains(trace), "{trace} is there to be forgotten");
    }
    let history = world.history(eve).await;
    erase(&world, &world.by_admin(), eve, "eve.unique@EXAMPLE.com").await.expect("erases");
    let after = dump(&world).await;
    for trace in TRACES {
        assert!(!after.contains(trace), "{trace} is still there");
    }
    assert_eq!(world.history(eve).await, [&history[..], &["Erased".to_owned()]].concat());
    let view = world.view(world.account, eve).await;
    assert_eq!((view.email.as_str(), view.name.as_deref(), view.erased_at), ("", None, Some(world.now)));
    let opened: Vec<_> = world.feed().await.into_iter().filter(|event| event.aggregate_id == eve.to_string()).collect();
    assert!(
        opened.iter().all(|event| event.payload.as_ref().is_ok_and(|payload| !payload.to_string().contains("personal\":\""))),
        "{opened:?}"
    );
    let mut connection = world.pool.acquire().await.expect("connects");
    let erasures = list_erasures(&mut connection).await.expect("answers");
    assert_eq!(erasures.iter().map(|erasure| (erasure.person_id, erasure.at)).collect::<Vec<_>>(), [(eve, world.now)]);
}

#[tokio::test]
async fn only_the_deleted_are_erased_by_admins_who_type_their_address_and_once() {
    let world = World::open().await;
    let tom = world.join("tom@example.com", Role::Viewer).await;
    assert_eq!(refusal(erase(&world, &world.by_admin(), tom.id, "tom@example.com").await), Refusal::UserNotDeleted);
    world.delete(&world.by_admin(), tom.id, "tom@example.com").await.expect("deletes");
    let before = world.everything().await;
    for typed in ["eve@example.com", "no address", ""] {
        assert_eq!(refusal(erase(&world, &world.by_admin(), tom.id, typed).await), Refusal::ConfirmationMismatch, "{typed}");
    }
    let viewer = world.join("viewer@example.com", Role::Viewer).await;
    let forbidden = erase(&world, &world.by(viewer.actor), tom.id, "tom@example.com").await;
    assert!(matches!(forbidden, Err(Error::Forbidden)), "{forbidden:?}");
    let (other, stranger) = world.open_another().await;
    let input = EraseUser { id: tom.id.to_string(), confirm_email: "tom@example.com".to_owned(), expected_version: None };
    assert_eq!(refusal(world.commands.erase_user(&world.by(stranger.actor), other, &input).await), Refusal::NotFound);
    assert!(before.contains("tom@example.com"));

    let first = erase(&world, &world.by_admin(), tom.id, "tom@example.com").await.expect("erases");
    let before = world.everything().await;
    let again = erase(&world, &world.by_admin(), tom.id, "tom@example.com").await.expect("is done already");
    assert_eq!((again, world.everything().await), (first, before));
    world.invite("tom@example.com", Role::Viewer).await.expect("the address is free for someone new");
}

#[tokio::test]
async fn a_destroyed_key_never_comes_back() {
    let world = World::open().await;
    let eve = deleted_with_traces(&world).await;
    let kept: Vec<u8> = sqlx::query_scalar("select wrapped_key from person_keys where person_id = $1")
        .bind(eve.uuid())
        .fetch_one(&world.pool)
        .await
        .expect("answers");
    erase(&world, &world.by_admin(), eve, EVE).await.expect("erases");
    let insert = "insert into person_keys (account_id, person_id, wrapped_key) values ($1, $2, $3)";
    let restored = sqlx::query(insert).bind(world.account.uuid()).bind(eve.uuid()).bind(kept).execute(&world.pool).await;
    assert!(restored.expect_err("the fence").to_string().contains("was erased"));
    for sql in ["delete from erased_persons", "update erased_persons set erased_at = now()", "truncate erased_persons"] {
        assert!(sqlx::query(sql).execute(&world.pool).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn after_an_older_backup_was_restored_anyone_who_was_erased_is_erased_again() {
    let world = World::open().await;
    let operator = world.by(Actor::Operator);
    // As the backup has them: still a member.
    let eve = world.join(EVE, Role::Viewer).await.id;
    let again = world.commands.erase_again(&operator, world.account, eve).await.expect("erases");
    assert_eq!(world.history(eve).await[3..], ["Deleted", "Erased"]);
    assert!(!dump(&world).await.contains("eve.unique"));
    assert_eq!(world.commands.erase_again(&operator, world.account, eve).await.expect("is done"), again);
    let last = world.commands.erase_again(&operator, world.account, world.admin.id).await;
    assert_eq!(refusal(last), Refusal::LastAdmin, "another admin is needed first");
    let by_admin = world.commands.erase_again(&world.by_admin(), world.account, eve).await;
    assert!(matches!(by_admin, Err(Error::Forbidden)), "{by_admin:?}");
}

#[tokio::test]
async fn what_a_mail_server_says_of_someone_who_was_erased_meanwhile_is_not_kept() {
    let world = World::open().await;
    let eve = world.invite(EVE, Role::Viewer).await.expect("invites").user_id;
    let mail = world.claim(world.now).await.remove(0);
    world.delete(&world.by_admin(), eve, EVE).await.expect("deletes");
    erase(&world, &world.by_admin(), eve, EVE).await.expect("erases");
    let reply = format!("550 <{EVE}> is unknown here");
    let attempt = commands::mail::FailedAttempt { at: world.now, pause: TimeDelta::hours(1), error: &reply, reply: &reply };
    world.commands.retry_mail(&mail, &attempt).await.expect("there is nothing to put back");
    world.commands.record_mail_failed(&mail, world.now, FailureReason::Refused, &reply).await.expect("records");
    assert!(!dump(&world).await.contains("eve.unique"));
    let events: i64 =
        sqlx::query_scalar("select count(*) from events where event_type = 'Failed'").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(events, 1, "that it failed is remembered");
    assert!(world.claim(world.now + TimeDelta::hours(2)).await.is_empty());
    world.sign_in(ADMIN, super::world::PASSWORD, world.now).await.expect("everybody else goes on");
}
