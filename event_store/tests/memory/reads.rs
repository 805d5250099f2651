//! A read keeps its connection for the next one, and no dead one is used.

use std::time::Instant;

use event_store::{Connector, PoolSettings, Pooler, Reads};
use sqlx::{PgPool, query_scalar};
use test_support::TIMEOUT;
use tokio::task::yield_now;

use super::world::World;

async fn pool(world: &World, connections: u32) -> (Reads, PgPool) {
    let connector = Connector::connect(&world.url, Pooler::None).await.expect("connects");
    let pool = connector.pool(PoolSettings { connections, ..PoolSettings::default() });
    (connector.reads(pool.clone()), pool)
}

async fn session(reads: &Reads) -> i32 {
    query_scalar("select pg_backend_pid()").fetch_one(reads).await.expect("answers")
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + TIMEOUT;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        yield_now().await;
    }
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_read_and_then_given_back() {
    let world = World::open().await;
    let (reads, pool) = pool(&world, 4).await;
    let first = session(&reads).await;
    for _ in 0..20 {
        assert_eq!(session(&reads).await, first);
        assert_eq!((pool.size(), pool.num_idle()), (1, 0), "it is not in the pool");
    }
    until("an unused connection goes back", || pool.num_idle() == 1).await;
    assert_eq!(session(&reads).await, first);
}

#[tokio::test]
async fn transactions_find_connections_while_reads_keep_theirs() {
    let world = World::open().await;
    let (reads, pool) = pool(&world, 4).await;
    let all = (0..32).map(|_| query_scalar::<_, i32>("select 1").fetch_one(&reads));
    let reading = futures::future::join_all(all);
    let writing = async {
        let (_first, _second) = (pool.begin().await.expect("begins"), pool.begin().await.expect("begins"));
    };
    let (answers, ()) = tokio::join!(reading, writing);
    assert!(answers.into_iter().all(|answer| answer.is_ok_and(|one| one == 1)));
}

#[tokio::test]
async fn a_read_that_fails_or_is_dropped_keeps_no_connection() {
    let world = World::open().await;
    let (reads, pool) = pool(&world, 4).await;
    query_scalar::<_, i32>("select 1 / 0").fetch_one(&reads).await.expect_err("divides by zero");
    until("the connection goes back", || pool.num_idle() == 1).await;
    let mut holder = world.pool.begin().await.expect("begins");
    sqlx::query("select pg_advisory_xact_lock(7)").execute(&mut *holder).await.expect("locks");
    let mut slow = Box::pin(query_scalar::<_, i32>("select 1 from pg_advisory_xact_lock(7)").fetch_one(&reads));
    let deadline = Instant::now() + TIMEOUT;
    let waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())";
    while query_scalar::<_, i64>(waiting).fetch_one(&world.pool).await.expect("answers") == 0 {
        assert!(futures::poll!(slow.as_mut()).is_pending(), "the lock is held");
        assert!(Instant::now() < deadline, "it waits for the lock");
    }
    drop(slow);
    until("the connection of a read that is given up is closed", || pool.size() == 0).await;
    session(&reads).await;
}

#[tokio::test]
async fn closing_the_pool_closes_what_is_kept() {
    let world = World::open().await;
    let (reads, pool) = pool(&world, 4).await;
    session(&reads).await;
    tokio::time::timeout(TIMEOUT, pool.close()).await.expect("closes");
    assert!(query_scalar::<_, i32>("select 1").fetch_one(&reads).await.is_err());
}

#[tokio::test]
async fn a_connection_that_has_died_is_replaced() {
    let world = World::open().await;
    let (reads, pool) = pool(&world, 4).await;
    let first = session(&reads).await;
    query_scalar::<_, bool>("select pg_terminate_backend($1)").bind(first).fetch_one(&world.pool).await.expect("ends");
    until("the dead connection is noticed", || pool.size() == 0).await;
    assert_ne!(session(&reads).await, first);
}
