//! The one order of all events. Each race is also run by a reader that trusts the bare position, to show that it is one.

use domain::user::UserEvent;
use event_store::{Cursor, RecordedEvent};
use sqlx::{Connection, Executor, PgConnection, Row};
use test_support::own_cluster;

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
    assert!(by_bare_position(&world, &mut position).await.is_empty(), "the bare position has lost the slow one forever");
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
        let cursor: Cursor = Cursor::from_bytes(&event.cursor.to_bytes()).expect("survives its bytes");
        assert_eq!(streams(&world.read(cursor, 3).await), expected[read + 1..].iter().take(3).cloned().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_stream_is_never_seen_to_go_on_before_its_beginning() {
    let world = World::open().await;
    let (slow, mut person) = world.person();
    let mut slow_transaction = world.pool.begin().await.expect("begins");
    world.append(&mut slow_transaction, slow, 0, &[world.invited()], Some(&mut person)).await.expect("appends");
    let fast = world.invite().await;
    let mut position = 0;
    by_bare_position(&world, &mut position).await;
    let mut seen = world.read(Cursor::default(), 10).await;
    slow_transaction.commit().await.expect("commits");
    world.commit(slow, 1, &[UserEvent::PasswordSet {}], None).await.expect("appends");

    let by_position = by_bare_position(&world, &mut position).await;
    assert_eq!(by_position, [slow.to_string()], "the bare position shows only what came second");
    world.read_when(3).await;
    let after = seen.last().map_or_else(Cursor::default, |event| event.cursor);
    seen.extend(world.read(after, 10).await);
    let seen: Vec<_> = seen.iter().map(|event| (event.aggregate_id.clone(), event.sequence)).collect();
    assert_eq!(seen, [(slow.to_string(), 1), (fast.to_string(), 1), (slow.to_string(), 2)]);
}

#[tokio::test]
async fn what_was_rolled_back_was_never_there_and_holds_no_one_back() {
    let world = World::open().await;
    let (given_up, mut person) = world.person();
    let mut transaction = world.pool.begin().await.expect("begins");
    world.append(&mut transaction, given_up, 0, &[world.invited()], Some(&mut person)).await.expect("appends");
    let kept = world.invite().await;
    transaction.rollback().await.expect("rolls back");
    assert_eq!(streams(&world.read_when(1).await), [kept.to_string()]);
    let keys: i64 = sqlx::query_scalar("select count(*) from person_keys").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(keys, 1, "nor was the key of someone who never was");
}

#[tokio::test]
async fn a_page_may_end_in_the_middle_of_a_transaction() {
    let world = World::open().await;
    let (id, mut person) = world.person();
    let events: Vec<_> = std::iter::once(world.invited()).chain((1..7).map(|_| UserEvent::PasswordSet {})).collect();
    world.commit(id, 0, &events, Some(&mut person)).await.expect("appends");
    world.invite().await;
    let all: Vec<_> = world.read_when(8).await.iter().map(|event| event.cursor).collect();
    for size in 1..=9 {
        let mut paged: Vec<Cursor> = vec![];
        loop {
            let page = world.read(paged.last().copied().unwrap_or_default(), size).await;
            assert!(page.len() <= size as usize);
            if page.is_empty() {
                break;
            }
            paged.extend(page.iter().map(|event| event.cursor));
        }
        assert_eq!(paged, all, "pages of {size}");
    }
}

#[tokio::test]
async fn after_a_restore_the_feed_goes_on_although_transaction_ids_began_again() {
    let world = World::open().await;
    let old = world.invite().await;
    let before = world.read_when(1).await;
    sqlx::query("update feed_generation set generation = 2").execute(&world.pool).await.expect("raises");
    let new = world.invite().await;
    // As if the id had begun again: an event of the new generation with the smallest id of all.
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

#[tokio::test]
async fn own_cluster_a_writer_that_dies_frees_the_feed() {
    let cluster = own_cluster().await;
    let world = World::over(cluster.pool(), cluster.url().to_owned());
    let mut stalled = PgConnection::connect(cluster.url()).await.expect("connects");
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut stalled).await.expect("answers");
    stalled.execute("begin; select pg_current_xact_id()").await.expect("takes an id");
    let id = world.invite().await;
    assert!(world.read(Cursor::default(), 10).await.is_empty());
    sqlx::query("select pg_terminate_backend($1, 5000)").bind(pid).execute(&world.pool).await.expect("ends it");
    assert_eq!(streams(&world.read_when(1).await), [id.to_string()]);
}
