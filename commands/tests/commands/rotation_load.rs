//! Keys are wrapped again while people come and go.

use std::sync::Arc;

use commands::{Commands, Context, DeleteUser, EraseUser};
use domain::{AccountId, Role, UserId};
use event_store::{Cursor, EventStore, RecordedEvent};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::rotation::{Change, keys, rotate};
use super::world::invitation;

/// Invites people, and erases every third of them; answers who is left.
async fn come_and_go(commands: Arc<Commands>, ctx: Context, account: AccountId, name: String) -> (Vec<UserId>, Vec<UserId>) {
    let (mut left, mut erased) = (vec![], vec![]);
    for number in 0..15 {
        let email = format!("{name}{number}@example.com");
        let id = commands.invite_user(&ctx, account, &invitation(&email, Role::Viewer)).await.expect("invites").user_id;
        if number % 3 == 0 {
            let delete = DeleteUser { id: id.to_string(), confirm_email: email.clone(), expected_version: None, idempotency_key: None };
            commands.delete_user(&ctx, account, &delete).await.expect("deletes");
            let erase = EraseUser { id: id.to_string(), confirm_email: email, expected_version: None };
            commands.erase_user(&ctx, account, &erase).await.expect("erases");
            erased.push(id);
        } else {
            left.push(id);
        }
    }
    (left, erased)
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_load_of_invitations_and_erasures_no_one_is_lost_and_no_one_comes_back() {
    let change = Change::begin().await;
    let world = &change.world;
    let (ctx, account) = (world.by_admin(), world.account);
    let mut people = JoinSet::new();
    for (number, commands) in [change.old_first(), change.new_first(), change.old_first(), change.new_first()].into_iter().enumerate() {
        people.spawn(come_and_go(commands, ctx.clone(), account, format!("person{number}-")));
    }
    let store = EventStore::new(&keys(&[&change.new, &change.old]));
    let (done, mut ended) = watch::channel(false);
    let (rewrapped, lives) = tokio::join!(
        async {
            let mut rewrapped = 0;
            while !*ended.borrow_and_update() {
                rewrapped += rotate(world, &store).await;
                tokio::task::yield_now().await;
            }
            rewrapped
        },
        async {
            let lives = people.join_all().await;
            done.send(true).expect("someone waits");
            lives
        }
    );
    assert!(rewrapped > 0, "keys were wrapped again meanwhile");
    rotate(world, &store).await;

    let store = EventStore::new(&keys(&[&change.new]));
    let mut connection = world.pool.acquire().await.expect("connects");
    store.check_master_keys(&mut connection).await.expect("the new one opens everything");
    let left: Vec<UserId> = lives.iter().flat_map(|(left, _)| left.clone()).collect();
    let erased: Vec<UserId> = lives.iter().flat_map(|(_, erased)| erased.clone()).collect();
    let persons: i64 = sqlx::query_scalar("select count(*) from person_keys").fetch_one(&world.pool).await.expect("answers");
    assert_eq!((left.len(), erased.len(), persons), (40, 20, 41), "with the admin");
    let events: Vec<RecordedEvent> = loop {
        let events = store.read_feed(&mut connection, Cursor::default(), 10_000).await.expect("opens");
        let all: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&world.pool).await.expect("answers");
        if i64::try_from(events.len()) == Ok(all) {
            break events;
        }
        tokio::task::yield_now().await;
    };
    for invited in events.iter().filter(|event| event.event_type == "Invited" && event.person_id != Some(world.admin.id)) {
        let id = invited.person_id.expect("it speaks of someone");
        let opened = invited.payload.as_ref().expect("it opens")["Invited"]["email"]["personal"].is_string();
        assert_eq!((opened, erased.contains(&id)), if opened { (left.contains(&id), false) } else { (false, true) }, "{id}");
    }
    let old = EventStore::new(&keys(&[&change.old]));
    let unopened = old.read_feed(&mut connection, Cursor::default(), 10_000).await.expect("reads");
    let is_closed = |event: &RecordedEvent| event.payload.is_err() || event.person_id.is_some_and(|id| erased.contains(&id));
    assert!(unopened.iter().filter(|event| event.event_type == "Invited").all(is_closed), "the old one opens nothing of it");
}
