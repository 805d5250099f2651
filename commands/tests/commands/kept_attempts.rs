//! How many refused attempts are kept, for how long, and what an erasure leaves of them.

use std::sync::Arc;

use chrono::TimeDelta;
use commands::{Commands, Context, Deleted, EraseUser, Error, Finished, WrittenAttempts};
use domain::{Actor, Client, Refusal, Role, UserId};
use projections::refused_attempts::RefusedAttempt;

use super::refused_attempts::{EVE, PLACE, WRONG, as_tried, typed};
use super::world::{ADMIN, World, invitation, offered, refusal, visitor_at, wait_for_waiting};

impl World {
    /// The same account, of which another number of attempts is kept.
    fn keeping(&self, most: u32) -> Commands {
        Commands::new(self.pool.clone(), &self.master, offered()).with_most_refused_attempts(most)
    }

    async fn erase(&self, id: UserId) -> Result<commands::Changed, Error> {
        let input = EraseUser { id: id.to_string(), confirm_email: EVE.to_owned(), expected_version: None };
        self.commands.erase_user(&self.by_admin(), self.account, &input).await
    }
}

#[tokio::test]
async fn of_each_account_the_newest_are_kept_for_ninety_days() {
    let world = World::patient().await;
    let (cirrus, _) = world.open_another().await;
    let eve = world.join(EVE, Role::Viewer).await;
    let few = world.keeping(5);
    let invite = invitation("x@example.com", Role::Viewer);
    let attempt = async |number: i64| {
        let ctx = Context::new(eve.actor, Some(format!("request-{number}")), world.now + TimeDelta::seconds(number));
        assert!(matches!(few.invite_user(&ctx, world.account, &invite).await, Err(Error::Forbidden)));
    };
    let of_cirrus = typed(Some("cirrus"), ADMIN, WRONG);
    refusal(few.sign_in(&Context::new(Actor::Visitor, None, world.now), &of_cirrus).await);
    for number in 0..4 {
        attempt(number).await;
    }
    assert_eq!(few.write_refused_attempts().await.expect("keeps"), WrittenAttempts { written: 5, dropped: 0 });
    for number in 4..12 {
        attempt(number).await;
        few.write_refused_attempts().await.expect("keeps");
    }
    for number in 12..15 {
        attempt(number).await;
    }
    few.write_refused_attempts().await.expect("keeps");
    let requests = |kept: Vec<RefusedAttempt>| kept.into_iter().filter_map(|kept| kept.request_id).collect::<Vec<_>>();
    let newest: Vec<_> = (10..15).map(|number| format!("request-{number}")).collect();
    assert_eq!(requests(world.listed(world.account).await), newest);
    assert_eq!(world.listed(cirrus).await.len(), 1, "another account's are not fewer");

    let end = world.now + TimeDelta::days(90) + TimeDelta::seconds(12);
    assert_eq!(few.delete_finished(Finished::RefusedAttempts, end).await.expect("deletes"), Deleted::All(3));
    assert_eq!(requests(world.listed(world.account).await), newest[2..]);
    assert_eq!(world.listed(cirrus).await.len(), 0);
    attempt(20).await;
    few.write_refused_attempts().await.expect("keeps");
    assert_eq!(requests(world.listed(world.account).await).len(), 4);
}

#[tokio::test]
async fn a_flood_of_attempts_is_answered_while_nothing_can_be_written_and_grows_neither_memory_nor_table() {
    let world = World::open().await;
    world.commands.write_refused_attempts().await.expect("keeps");
    let mut held = world.pool.begin().await.expect("begins");
    sqlx::raw_sql("lock table refused_attempts").execute(&mut *held).await.expect("locks");
    refusal(world.sign_in("first@example.com", WRONG, world.now).await);
    let writing = tokio::spawn({
        let commands = Arc::clone(&world.commands);
        async move { commands.write_refused_attempts().await }
    });
    wait_for_waiting(&world.pool, 1).await;
    for _ in 0..5_000 {
        refusal(world.sign_in(EVE, WRONG, world.now).await);
    }
    held.rollback().await.expect("lets go");
    assert_eq!(writing.await.expect("ends").expect("keeps"), WrittenAttempts { written: 1, dropped: 0 });
    assert_eq!(world.commands.write_refused_attempts().await.expect("keeps"), WrittenAttempts { written: 200, dropped: 4_800 });
    assert_eq!(world.listed(world.account).await.len(), 201);
}

#[tokio::test]
async fn attempts_that_cannot_be_written_are_lost_and_answered_the_same() {
    let world = World::open().await;
    sqlx::raw_sql("alter table refused_attempts rename to gone").execute(&world.pool).await.expect("renames");
    assert_eq!(refusal(world.sign_in(EVE, WRONG, world.now).await), Refusal::InvalidCredentials);
    assert!(matches!(world.commands.write_refused_attempts().await, Err(Error::Fault(_))));
    assert_eq!(refusal(world.sign_in(EVE, WRONG, world.now).await), Refusal::InvalidCredentials);
    sqlx::raw_sql("alter table gone rename to refused_attempts").execute(&world.pool).await.expect("renames");
    assert_eq!(world.refused().await.len(), 1, "the first is lost, the second is not");
}

/// Someone who was refused from a place that is told, as whom and about whom someone was refused there, and who is deleted since.
async fn deleted_after_attempts(world: &World) -> UserId {
    let eve = world.join(EVE, Role::Viewer).await;
    let tom = world.join("tom@example.com", Role::Viewer).await;
    let there = Client::new(PLACE.parse().ok(), None);
    for actor in [eve.actor, tom.actor] {
        let refused = world.delete(&world.by(actor).from(there.clone()), eve.id, EVE).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
    refusal(world.commands.sign_in(&world.by(Actor::Visitor).from(there), &typed(Some("nimbus"), EVE, WRONG)).await);
    world.delete(&world.by_admin(), eve.id, EVE).await.expect("deletes");
    eve.id
}

async fn places(world: &World) -> Vec<Option<String>> {
    world.listed(world.account).await.into_iter().map(|kept| kept.address).collect()
}

#[tokio::test]
async fn an_erasure_redacts_from_where_someone_was_refused_and_what_is_written_after_it_tells_no_more() {
    let world = World::open().await;
    let elsewhere = world.sign_in_from("198.51.100.1", ADMIN, WRONG, world.now - TimeDelta::seconds(1)).await;
    refusal(elsewhere);
    let eve = world.join(EVE, Role::Viewer).await;
    let there = Client::new(PLACE.parse().ok(), None);
    let by_eve = world.by(eve.actor).from(there.clone());
    let refused = world.commands.invite_user(&by_eve, world.account, &invitation("x@example.com", Role::Viewer)).await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    refusal(world.commands.sign_in(&world.by(Actor::Visitor).from(there), &typed(Some("nimbus"), EVE, WRONG)).await);
    assert_eq!(world.refused().await.len(), 3);
    assert_eq!(places(&world).await, ["198.51.100.1", PLACE, PLACE].map(|place| Some(place.to_owned())));
    world.delete(&world.by_admin(), eve.id, EVE).await.expect("deletes");
    world.erase(eve.id).await.expect("erases");
    assert_eq!(places(&world).await, [Some("198.51.100.1".to_owned()), None, None]);

    // Attempts that wait while someone is deleted and erased.
    let again = World::open().await;
    let eve = deleted_after_attempts(&again).await;
    again.erase(eve).await.expect("erases");
    let kept = again.refused().await;
    assert_eq!(kept.len(), 3);
    assert_eq!(kept[0], as_tried("deleteUser", "FORBIDDEN", &format!("user:{eve}"), Some(eve)));
    assert_eq!(kept[2], as_tried("signIn", "INVALID_CREDENTIALS", "visitor", None));
    assert_eq!(places(&again).await, [None, None, None]);
    let later = visitor_at(PLACE, again.now + TimeDelta::seconds(1));
    refusal(again.commands.sign_in(&later, &typed(Some("nimbus"), EVE, WRONG)).await);
    again.commands.write_refused_attempts().await.expect("keeps");
    assert_eq!(places(&again).await, [None, None, None, Some(PLACE.to_owned())], "what comes later is told");
}

#[tokio::test]
async fn an_erasure_and_attempts_that_are_written_at_once_leave_no_trace_whichever_comes_first() {
    // What is held, so that one of them waits in the middle and the other before its beginning.
    for (held, first) in [("refused_attempts", "the attempts"), ("erased_persons", "the erasure")] {
        let world = Arc::new(World::open().await);
        let eve = deleted_after_attempts(&world).await;
        let mut holding = world.pool.begin().await.expect("begins");
        sqlx::raw_sql(&format!("lock table {held} in share mode")).execute(&mut *holding).await.expect("locks");
        let erasing = |world: Arc<World>| tokio::spawn(async move { world.erase(eve).await.map(|_| ()) });
        let writing = |world: Arc<World>| tokio::spawn(async move { world.commands.write_refused_attempts().await.map(|_| ()) });
        let (one, other) = if first == "the attempts" {
            let one = writing(Arc::clone(&world));
            wait_for_waiting(&world.pool, 1).await;
            (one, erasing(Arc::clone(&world)))
        } else {
            let one = erasing(Arc::clone(&world));
            wait_for_waiting(&world.pool, 1).await;
            (one, writing(Arc::clone(&world)))
        };
        wait_for_waiting(&world.pool, 2).await;
        holding.rollback().await.expect("lets go");
        for task in [one, other] {
            task.await.expect("ends").unwrap_or_else(|error| panic!("{first} first: {error}"));
        }
        let places = places(&world).await;
        assert_eq!((places.len(), &places[..2]), (3, &[None, None][..]), "{first} first");
    }
}
