//! History is the truth: for random lives, what readers see now, what they saw at any place of the past, what a rebuild makes of damaged
//! tables, and a plain fold of the events are one and the same.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use commands::{CreateKey, EndSessions, EraseUser, Error, UpdateUser};
use domain::delivery::FailureReason;
use domain::{ApiScope, Role, UserId};
use event_store::{CountTo, RecordedEvent};
use projections::rebuild::{Difference, Outcome, Rebuilder, Watch};
use projections::replay::Replay;
use projections::users::{
    MAX_PAGE, Moment, PageRequest, UserFilter, UserOrder, UserOrderField, UserView, advance, as_of_event, count_users, list_users,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::world::{PASSWORD, World, change};

/// A command: which, upon whom, and a number that says how.
type Command = (u8, usize, usize);

const PEOPLE: usize = 4;

fn email(person: usize) -> String {
    format!("Person{person}@example.com")
}

/// The newest user with the address of a person.
async fn newest(world: &World, person: usize) -> Option<UserId> {
    let select = "select id from users where account_id = $1 and email_normalised = $2 order by created_at desc, id desc limit 1";
    let found: Option<uuid::Uuid> = sqlx::query_scalar(select)
        .bind(world.account.uuid())
        .bind(email(person).to_lowercase())
        .fetch_optional(&world.pool)
        .await
        .expect("answers");
    found.map(UserId::new)
}

/// Does it, if it can be done; that a rule says no is fine.
async fn act(world: &World, (command, person, how): Command) {
    let ctx = world.by_admin();
    let role = Role::ALL[how % 3];
    let Some(id) = newest(world, person).await else {
        let _ = world.invite(&email(person), role).await;
        return;
    };
    let update = change(id);
    let result = match command {
        0 => world.invite(&email(person), role).await.map(drop),
        1 => {
            let token = world.link(world.account, id).await;
            world.accept_link(&token, world.now).await.map(drop)
        }
        2 => world.sign_in(&email(person), PASSWORD, world.now).await.map(drop),
        3 => world.update(&ctx, UpdateUser { role: Some(role), ..update }).await.map(drop),
        4 => {
            let methods = [vec!["password"], vec!["google"], vec!["password", "google"]][how % 3].iter().map(ToString::to_string).collect();
            world.update(&ctx, UpdateUser { auth_methods: Some(methods), ..update }).await.map(drop)
        }
        5 => {
            let all = UpdateUser { role: Some(role), name: Some(format!("Name {how}")), active: Some(how.is_multiple_of(2)), ..update };
            world.update(&ctx, all).await.map(drop)
        }
        6 => world.update(&ctx, UpdateUser { active: Some(how.is_multiple_of(2)), ..update }).await.map(drop),
        7 => world.resend(&ctx, id, &email(person)).await.map(drop),
        8 => world.delete(&ctx, id, &email(person)).await.map(drop),
        9 => {
            let erase = EraseUser { id: id.to_string(), confirm_email: email(person), expected_version: None };
            world.commands.erase_user(&ctx, world.account, &erase).await.map(drop)
        }
        10 => {
            for mail in world.claim(world.now).await {
                if how.is_multiple_of(2) {
                    world.commands.record_mail_sent(&mail, world.now).await.expect("records");
                } else {
                    world.commands.record_mail_failed(&mail, world.now, FailureReason::Refused, "550 no").await.expect("records");
                }
            }
            Ok(())
        }
        11 => {
            let key = CreateKey { name: format!("Key {how}"), scopes: vec![ApiScope::UsersRead], expires_in_days: None };
            world.commands.create_api_key(&ctx, &key).await.map(drop)
        }
        _ => world.commands.end_sessions(&ctx, &EndSessions { user_id: Some(id.to_string()), keep_current: false }).await.map(drop),
    };
    assert!(matches!(result, Ok(()) | Err(Error::Refused { .. })), "{command}: {result:?}");
}

async fn everybody(world: &World, order: UserOrder, moment: Moment) -> Vec<UserView> {
    let filter = UserFilter { includes_deleted: true, ..UserFilter::default() };
    let page = PageRequest::First(MAX_PAGE, None);
    let listed = list_users(&world.pool, world.account, &filter, order, page, moment).await.expect("lists").users;
    let count = count_users(&world.pool, world.account, &filter, moment, CountTo::End).await.expect("counts").count;
    assert_eq!(count, listed.len() as u64);
    listed
}

/// What is left of someone once they are erased, at whatever time.
fn as_told_now(mut user: UserView, now: &BTreeMap<UserId, UserView>) -> UserView {
    if now.get(&user.id).is_some_and(|now| now.erased_at.is_some()) {
        (user.email, user.email_normalised, user.name, user.delivery.detail) = (String::new(), String::new(), None, None);
    }
    user
}

/// A plain fold, which knows nothing of how projections do it: version, role, status, name, last sign-in of every user.
type Plain = BTreeMap<String, (i64, String, String, Option<String>, Option<String>)>;

fn plain(events: &[RecordedEvent]) -> Plain {
    let mut users = Plain::new();
    for event in events {
        let at = event.metadata["at"].clone();
        let said = &event.payload.as_ref().expect("every event can be read")[&event.event_type];
        if event.aggregate_type == "session" && event.event_type == "Started" {
            users.get_mut(said["user_id"].as_str().expect("an id")).expect("was invited").4 = Some(at);
        }
        if event.aggregate_type != "user" {
            continue;
        }
        let user = users.entry(event.aggregate_id.clone()).or_default();
        user.0 = event.sequence;
        match event.event_type.as_str() {
            "Invited" => (user.1, user.2) = (said["role"].as_str().expect("a role").to_owned(), "Invited".to_owned()),
            "Accepted" | "Activated" => user.2 = "Active".into(),
            "Deactivated" => user.2 = "Inactive".into(),
            "Deleted" | "Left" => user.2 = "Deleted".into(),
            "RoleChanged" => user.1 = said["to"].as_str().expect("a role").into(),
            "NameChanged" => user.3 = said["name"]["personal"].as_str().map(str::to_owned),
            _ => {}
        }
    }
    users
}

fn plainly(users: &[UserView]) -> Plain {
    let written = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let plainly = |user: &UserView| {
        let version = i64::try_from(user.version).expect("small");
        (version, user.role.to_string(), format!("{:?}", user.status), user.name.clone(), user.last_active_at.map(written))
    };
    users.iter().map(|user| (user.id.to_string(), plainly(user))).collect()
}

/// What a comparison or a rebuild has told: differences, and how far it was.
#[derive(Default)]
pub(crate) struct Seen(pub(crate) Vec<Difference>, pub(crate) Vec<(u64, u64)>);

impl Watch for Seen {
    fn progress(&mut self, done: u64, total: u64) {
        self.1.push((done, total));
    }

    fn differs(&mut self, difference: &Difference) {
        self.0.push(difference.clone());
    }
}

pub(crate) async fn assert_verified(world: &World) {
    let mut seen = Seen::default();
    let outcome = Rebuilder::new(&world.pool, &world.store).verify(&mut seen).await.expect("compares");
    assert_eq!((seen.0, outcome.differing), (vec![], 0));
}

/// What the read models hold, in one text; except for the hashes of tokens and when something was last used, which no event knows.
pub(crate) async fn read_models(world: &World) -> String {
    let mut all = String::new();
    for rows in [
        "accounts t",
        "users t",
        "admin_guards t",
        "(select account_id, role_rank, status, sum(count) from user_counts group by 1, 2, 3 having sum(count) <> 0) t",
        "provider_links t",
        "user_versions t",
        "past_activity t",
        "user_activity t",
        "(select id, user_id, auth_method, started_at, expires_at, ended_at, address, user_agent from sessions) t",
        "(select id, user_id, name, scopes, created_at, expires_at, revoked_at from api_keys) t",
        "(select id, account_id, name, scopes, created_at, expires_at, revoked_at from service_keys) t",
        "saved_views t",
    ] {
        let rows = format!("select coalesce(string_agg(t::text, e'\n' order by t::text), '') from {rows}");
        let rows: String = sqlx::query_scalar(&rows).fetch_one(&world.pool).await.expect("answers");
        all.push_str(&rows);
    }
    all
}

/// Follows the feed up to its end.
pub(crate) async fn follow(world: &World) {
    world.feed().await;
    while !advance(&world.pool, &world.store).await.expect("advances").has_caught_up {}
}

/// Does to the tables what only someone with SQL can do.
async fn damage(world: &World) {
    for sql in [
        "alter table users disable trigger users_count_active_admins_again",
        "update users set role = 'viewer', version = version + 1 where status = 'active'",
        "update users set email = 'mallory@example.com', last_active_at = now() where status = 'invited'",
        "update admin_guards set active_admins = 17",
        "update user_counts set count = count + 5",
        "update accounts set name = 'Mallory', invitation_hours = 7",
        "update user_versions set role = 'viewer', version = version + 1",
        "update past_activity set last_active_at = now()",
        "update sessions set ended_at = null, address = '203.0.113.66'",
        "delete from api_keys",
        "delete from provider_links",
        "alter table users enable trigger users_count_active_admins_again",
    ] {
        sqlx::query(sql).execute(&world.pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    // Of some, everything is gone; some were never invited.
    for sql in [
        "delete from user_versions where id in (select id from users where status = 'inactive')",
        "delete from mail_outbox",
        "insert into users (account_id, id, version, email, email_normalised, role, status, auth_methods, created_at, invitation_id, \
            invitation_sent_at, invitation_expires_at, sessions_valid_from) \
            select id, gen_random_uuid(), 1, 'x@example.com', 'x@example.com', 'admin', 'active', '{password}', now(), gen_random_uuid(), now(), \
            now(), now() from accounts",
    ] {
        sqlx::query(sql).execute(&world.pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

async fn live(commands: &[Command]) -> World {
    let mut world = World::patient().await;
    let mut after = vec![];
    for command in commands {
        world.now += TimeDelta::minutes(7);
        act(&world, *command).await;
        let count: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&world.pool).await.expect("answers");
        let order = UserOrder { field: UserOrderField::Email, descending: false };
        after.push((usize::try_from(count).expect("small"), everybody(&world, order, Moment::Now(world.now)).await));
    }
    let feed = world.feed().await;
    let now: BTreeMap<_, _> =
        everybody(&world, UserOrder::default(), Moment::Now(world.now)).await.into_iter().map(|user| (user.id, user)).collect();

    // As of every cursor: the list is what the events up to it add up to.
    for (index, event) in feed.iter().enumerate() {
        let as_of = as_of_event(&world.pool, &world.store, world.account, event.cursor).await.expect("it is past");
        assert_eq!((as_of.event, as_of.at), (Some(event.cursor), event.recorded_at));
        let shown = everybody(&world, UserOrder::default(), Moment::Past(as_of)).await;
        assert_eq!(plainly(&shown), plain(&feed[..=index]), "as of event {index}, {}", event.event_type);
        let by_activity = UserOrder { field: UserOrderField::LastActiveAt, descending: index % 2 == 0 };
        let shown = everybody(&world, by_activity, Moment::Past(as_of)).await;
        assert_eq!(plainly(&shown), plain(&feed[..=index]), "by activity, as of event {index}, {}", event.event_type);
    }
    // As of the end of every command: the list is the one of then, in every field, but that the erased are told no more.
    for (count, then) in after {
        let as_of = as_of_event(&world.pool, &world.store, world.account, feed[count - 1].cursor).await.expect("it is past");
        let mut shown = everybody(&world, UserOrder { field: UserOrderField::Email, descending: false }, Moment::Past(as_of)).await;
        let mut then: Vec<_> = then.into_iter().map(|user| as_told_now(user, &now)).collect();
        shown.sort_by_key(|user| user.id);
        then.sort_by_key(|user| user.id);
        assert_eq!(shown, then, "as of event {count}");
    }
    // A replay without any table.
    let mut replay = Replay::default();
    for event in &feed {
        replay.apply(event).expect("is known");
    }
    let replayed: BTreeMap<_, _> = replay.into_users().into_iter().map(|user| (user.id, user)).collect();
    assert_eq!(replayed, now);
    world
}

#[tokio::test]
async fn live_past_and_rebuilt_are_what_the_events_add_up_to_for_random_lives() {
    let lives = prop::collection::vec((0..13_u8, 0..PEOPLE, 0..6_usize), 30..60);
    for _ in 0..8 {
        let commands = lives.new_tree(&mut TestRunner::default()).expect("a tree").current();
        println!("{commands:?}");
        let world = live(&commands).await;
        follow(&world).await;
        assert_verified(&world).await;
        let before = read_models(&world).await;
        damage(&world).await;
        let mut seen = Seen::default();
        let found = Rebuilder::new(&world.pool, &world.store).verify(&mut seen).await.expect("compares");
        assert!(found.differing > 3, "{seen:?}", seen = seen.0);
        assert!(!format!("{:?}", seen.0).contains('@'), "nothing personal is told");
        let rebuilt = Rebuilder::new(&world.pool, &world.store).with_chunk(2).rebuild(&mut seen).await.expect("rebuilds");
        assert_eq!(rebuilt.left, 0);
        assert_eq!(read_models(&world).await, before);
        assert_verified(&world).await;
        let again = Rebuilder::new(&world.pool, &world.store).rebuild(&mut seen).await.expect("rebuilds");
        assert_eq!(again, Outcome { users: again.users, differing: 0, left: 0, unreadable: 0 }, "there is nothing left to do");
    }
}
