//! Which clock says when an event was recorded: the database's, except for the history of a demo.

use chrono::{DateTime, TimeDelta, Utc};
use domain::UserId;
use domain::user::{User, UserEvent};
use event_store::{Batch, EventStore, MasterKeys, Metadata};
use uuid::Uuid;

use super::world::{World, metadata};

fn backdating() -> EventStore {
    EventStore::new(&MasterKeys::generate().expect("randomness")).backdating()
}

/// Invites someone by a command whose clock shows `at`.
async fn invite_at(store: &EventStore, world: &World, at: DateTime<Utc>) {
    let id = UserId::new(Uuid::now_v7());
    let mut person = store.new_person(world.account, id).expect("randomness");
    let mut batch = Batch::default();
    batch.add::<User>(world.account, id, 0, &[world.invited()], Some(&mut person)).expect("a person is given");
    batch.add::<User>(world.account, id, 1, &[UserEvent::Deleted {}], None).expect("nothing is personal");
    let mut transaction = world.pool.begin().await.expect("begins");
    store.append(&mut transaction, batch, &Metadata { at, ..metadata() }).await.expect("appends");
    transaction.commit().await.expect("commits");
}

async fn recorded(world: &World) -> Vec<DateTime<Utc>> {
    let select = "select recorded_at from events order by generation, xid, position";
    sqlx::query_scalar(select).fetch_all(&world.pool).await.expect("reads")
}

#[tokio::test]
async fn no_clock_of_a_command_changes_when_an_event_is_recorded() {
    let world = World::open().await;
    let clock = "select clock_timestamp()";
    let before: DateTime<Utc> = sqlx::query_scalar(clock).fetch_one(&world.pool).await.expect("reads");
    for years in [-10, 10] {
        invite_at(&world.store, &world, Utc::now() + TimeDelta::days(365 * years)).await;
    }
    let after: DateTime<Utc> = sqlx::query_scalar(clock).fetch_one(&world.pool).await.expect("reads");
    for at in recorded(&world).await {
        assert!(before <= at && at <= after, "{at} lies between {before} and {after}");
    }
}

#[tokio::test]
async fn a_backdating_store_records_at_the_time_of_the_command_never_before_the_last_event_and_never_in_the_future() {
    let (world, store) = (World::open().await, backdating());
    let may = DateTime::parse_from_rfc3339("2026-05-04T08:00:00Z").expect("valid").to_utc();
    let june = may + TimeDelta::days(28);
    for at in [may, june, may] {
        invite_at(&store, &world, at).await;
    }
    assert_eq!(recorded(&world).await, [may, may, june, june, june, june]);

    invite_at(&store, &world, Utc::now() + TimeDelta::days(365)).await;
    let recorded = recorded(&world).await;
    assert!(recorded.is_sorted() && recorded[6] < Utc::now() + TimeDelta::minutes(1), "{recorded:?}");
}

#[tokio::test]
async fn a_backdating_store_adds_nothing_to_a_history_that_exists() {
    let world = World::open().await;
    world.invite().await;
    invite_at(&backdating(), &world, Utc::now() - TimeDelta::days(365)).await;
    let recorded = recorded(&world).await;
    assert!(recorded[1] >= recorded[0], "{recorded:?}");
}
