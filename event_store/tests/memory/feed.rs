//! The one order of all events. Each race is also run by a reader that trusts the bare position, to show that it is one.

use std::sync::Arc;

use domain::UserId;
use domain::user::{User, UserEvent};
use event_store::{Cursor, Error, RecordedEvent};
use sqlx::{Connection, Executor, PgConnection, Row};
use test_support::own_cluster;
use tokio::task::JoinSet;

use super::world::World;

/// Reads as one would without thinking: everything after the last position.
async fn by_bare_position(world: &World, after: &mut i64) -> Vec<String> {
    let select = "select position, aggregate_id from events where position > $1 order by position";
    let rows = sqlx::query(select).bind(*after).fetch_all(&world.pool).await.expect("answers");
    for row in &rows {
        *after = row.get(0);
    }
    rows.iter().map(|row| row.get(1)).collect()
}

fn streams(events: &[RecordedEvent]) -> Vec<String> {
    events.iter().map(|event| event.aggregate_id.clone()).collect()
}

#[tokio::test]
async fn an_event_of_a_slow_transaction_is_not_skipped() {
    let world = World::open().await;
    let (slow, mut slow_person) = world.person();
    let mut slow_transaction = world.pool.begin().await.expect("begins");
    world.append(&mut slow_transaction, slow, 0, &[world.invited()], Some(&mut slow_person)).await.expect("appends");
    let fast = world.invite().await;

    let mut position = 0;
    assert_eq!(by_bare_position(&world, &mut position).await, [fast.to_string()]);
    assert!(world.read(Cursor::default(), 10).await.is_empty(), "the place of the fast one is not certain yet");

    slow_transaction.commit().await.expect("commits");
    assert!(by_bare_position(&world, &mut position).await.is_empty(), "the bare position has lost the slow one for ever");
    let feed = world.read_when(2).await;
    assert_eq!(streams(&feed), [slow.to_string(), fast.to_string()]);
}

#[tokio::test]
async fn the_feed_goes_on_from_any_cursor() {
    let world = World::open().await;
    let mut expected = vec![];
    for _ in 0..7 {
        expected.push(world.invite().await.to_string());
    }
    let all = world.read_when(7).await;
    assert_eq!(streams(&all), expected);
    for (read, event) in all.iter().enumerate() {
        let cursor: Cursor = event.cursor.to_string().parse().expect("survives its text");
        assert_eq!(streams(&world.read(cursor, 3).await), expected[read + 1..].iter().take(3).cloned().collect::<Vec<_>>());
    }
}

/// Appends to one stream, loading again after each conflict.
async fn append_one(world: &World, id: UserId) {
    loop {
        let mut connection = world.pool.acquire().await.expect("connects");
        let version = world.store.load::<User>(&mut connection, world.account, id).await.expect("loads").version;
        drop(connection);
        match world.commit(id, version, &[UserEvent::PasswordSet {}], None).await {
            Ok(()) => return,
            Err(Error::Conflict) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_beside_many_writers_misses_nothing_repeats_nothing_and_sees_each_stream_in_order() {
    const WRITERS: usize = 6;
    const EACH: usize = 40;
    const LAST: i64 = 121;
    let world = Arc::new(World::open().await);
    let shared = [world.invite().await, world.invite().await];
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let world = Arc::clone(&world);
        writers.spawn(async move {
            for round in 0..EACH {
                append_one(&world, shared[(writer + round) % shared.len()]).await;
            }
        });
    }
    let mut seen: Vec<RecordedEvent> = vec![];
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
    while seen.len() < WRITERS * EACH + shared.len() {
        let after = seen.last().map_or_else(Cursor::default, |event| event.cursor);
        seen.extend(world.read(after, 50).await);
        assert!(tokio::time::Instant::now() < deadline, "saw {}", seen.len());
    }
    while let Some(written) = writers.join_next().await {
        written.expect("no panic");
    }
    assert!(seen.is_sorted_by(|a, b| a.cursor < b.cursor));
    for stream in shared {
        let sequences: Vec<_> = seen.iter().filter(|event| event.aggregate_id == stream.to_string()).map(|event| event.sequence).collect();
        assert_eq!(sequences, (1..=LAST).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn after_a_restore_the_feed_goes_on_although_transaction_ids_began_anew() {
    let world = World::open().await;
    let old = world.invite().await;
    let before = world.read_when(1).await;
    sqlx::query("update feed_generation set generation = 2").execute(&world.pool).await.expect("raises");
    let new = world.invite().await;
    // As if the id had begun anew: an event of the new generation with the smallest id of all.
    let mut connection = world.pool.begin().await.expect("begins");
    connection.execute("alter table events disable trigger user").await.expect("switches off");
    connection.execute("update events set xid = '3'::xid8 where generation = 2").await.expect("moves");
    connection.execute("alter table events enable trigger user").await.expect("switches on");
    connection.commit().await.expect("commits");

    assert_eq!(streams(&world.read_when(2).await), [old.to_string(), new.to_string()]);
    assert_eq!(streams(&world.read(before[0].cursor, 10).await), [new.to_string()]);
}

#[tokio::test]
async fn own_cluster_a_long_transaction_in_another_database_holds_the_feed_back_and_loses_nothing() {
    let cluster = own_cluster().await;
    let world = World::over(cluster.pool(), cluster.url().to_owned());
    let mut elsewhere = PgConnection::connect(&cluster.postgres().url("postgres")).await.expect("connects");
    let mut long = elsewhere.begin().await.expect("begins");
    long.execute("select pg_current_xact_id()").await.expect("takes an id");
    let id = world.invite().await;
    assert!(world.read(Cursor::default(), 10).await.is_empty());
    long.rollback().await.expect("ends");
    assert_eq!(streams(&world.read_when(1).await), [id.to_string()]);

    let mut reading = elsewhere.begin().await.expect("begins");
    reading.execute("select 1").await.expect("takes no id");
    let second = world.invite().await;
    assert_eq!(
        streams(&world.read_when(2).await),
        [id.to_string(), second.to_string()],
        "a transaction that only reads holds nothing back"
    );
}
