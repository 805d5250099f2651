//! How far the feed is complete: never further than it is, and as far as it is once nothing is under way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::user::UserEvent;
use event_store::{Cursor, Horizon};
use sqlx::{Connection, Executor, PgConnection};
use test_support::{TIMEOUT, own_cluster};
use tokio::task::JoinSet;

use super::world::World;

const WRITERS: u64 = 8;
const TRANSACTIONS: u64 = 25;

impl World {
    async fn horizon(&self) -> Horizon {
        let mut connection = self.pool.acquire().await.expect("connects");
        self.store.horizon(&mut connection).await.expect("answers")
    }

    /// The horizon, as soon as it is complete up to an instant.
    async fn complete_at(&self, instant: DateTime<Utc>) -> Horizon {
        let deadline = tokio::time::Instant::now() + TIMEOUT;
        loop {
            let horizon = self.horizon().await;
            if horizon.is_complete_at(instant) {
                return horizon;
            }
            assert!(tokio::time::Instant::now() < deadline, "{horizon:?} is not complete at {instant}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn recorded(&self) -> BTreeMap<Cursor, DateTime<Utc>> {
        self.read(Cursor::default(), 100_000).await.into_iter().map(|event| (event.cursor, event.recorded_at)).collect()
    }
}

/// A small generator of our own, so that a failing run can be named.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// Transactions in which the id, the events and the end come at any distance from each other. Some are rolled back, some write nothing.
async fn write(world: Arc<World>, seed: u64) {
    let mut random = Random(seed);
    for _ in 0..TRANSACTIONS {
        let mut transaction = world.pool.begin().await.expect("begins");
        for _ in 0..=random.below(4) {
            match random.below(4) {
                0 => {
                    transaction.execute("select pg_current_xact_id()").await.expect("takes an id");
                }
                1 => {
                    transaction.execute("select 1").await.expect("answers");
                }
                2 => {
                    transaction.execute("select count(*) from generate_series(1, 20000)").await.expect("answers");
                }
                _ => {
                    let (id, mut person) = world.person();
                    let events: Vec<_> =
                        std::iter::once(world.invited()).chain((0..random.below(3)).map(|_| UserEvent::PasswordSet {})).collect();
                    world.append(&mut transaction, id, 0, &events, Some(&mut person)).await.expect("appends");
                }
            }
        }
        if random.below(5) == 0 {
            transaction.rollback().await.expect("rolls back");
        } else {
            transaction.commit().await.expect("commits");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_transactions_do_nothing_that_was_recorded_by_the_instant_appears_later() {
    let world = Arc::new(World::open().await);
    let mut writers = JoinSet::new();
    for writer in 1..=WRITERS {
        writers.spawn(write(Arc::clone(&world), 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(writer)));
    }
    // Each process remembers what it found, so some ask for the first time.
    let mut said = vec![];
    while !writers.is_empty() {
        said.push(world.horizon().await);
        let fresh = World::over(world.pool.clone(), world.url.clone());
        said.push(fresh.horizon().await);
        if let Some(done) = writers.try_join_next() {
            done.expect("a writer does not fail");
        }
    }
    let now: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(&world.pool).await.expect("answers");
    let last = world.complete_at(now).await;
    let recorded = world.recorded().await;
    let all: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(i64::try_from(recorded.len()), Ok(all), "what is complete shows everything");
    assert!(recorded.keys().all(|cursor| *cursor < last.end));
    let known = said.iter().filter(|horizon| horizon.complete_until.is_some()).count();
    assert!(known * 2 > said.len(), "{known} of {} could tell", said.len());
    for horizon in said {
        let later = recorded.iter().find(|(cursor, at)| horizon.is_complete_at(**at) && **cursor >= horizon.end);
        assert_eq!(later, None, "{horizon:?} did not have it yet");
    }
}

#[tokio::test]
async fn an_event_that_is_not_committed_is_not_complete_however_long_its_transaction_had_an_id() {
    let world = World::open().await;
    let (id, mut person) = world.person();
    let mut open = world.pool.begin().await.expect("begins");
    open.execute("select pg_current_xact_id()").await.expect("takes an id");
    let before = world.horizon().await;
    assert!(before.behind().expect("nothing is recorded, so it is known").num_seconds() < 1);
    world.append(&mut open, id, 0, &[world.invited()], Some(&mut person)).await.expect("appends");
    let recorded: DateTime<Utc> = sqlx::query_scalar("select recorded_at from events").fetch_one(&mut *open).await.expect("answers");
    assert!(!world.horizon().await.is_complete_at(recorded));
    assert!(world.horizon().await.complete_until >= before.complete_until, "what was complete stays complete");
    open.commit().await.expect("commits");
    assert!(world.complete_at(recorded).await.end > world.recorded().await.keys().next().copied().expect("it is there"));
}

#[tokio::test]
async fn own_cluster_a_transaction_of_another_database_is_named_and_hides_only_what_is_recorded_after_it() {
    let cluster = own_cluster().await;
    let world = World::over(cluster.pool(), cluster.url().to_owned());
    let mut elsewhere = PgConnection::connect(&cluster.postgres().url("postgres")).await.expect("connects");
    let mut long = elsewhere.begin().await.expect("begins");
    let pid: i32 =
        sqlx::query_scalar("select pg_backend_pid() from pg_current_xact_id()").fetch_one(&mut *long).await.expect("takes an id");
    let now: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(&world.pool).await.expect("answers");
    world.complete_at(now).await;
    world.invite().await;
    let recorded: DateTime<Utc> = sqlx::query_scalar("select recorded_at from events").fetch_one(&world.pool).await.expect("answers");
    let held = world.horizon().await;
    assert!(held.complete_until.expect("it is known") < recorded && held.is_complete_at(now), "{held:?}");
    let mut connection = world.pool.acquire().await.expect("connects");
    let holder = world.store.find_holder(&mut connection).await.expect("answers").expect("it is open");
    assert_eq!((holder.pid, holder.database.as_deref(), holder.prepared), (Some(pid), Some("postgres"), None));
    assert!(holder.age.is_some() && holder.user.is_some());
    long.rollback().await.expect("ends");
    world.complete_at(recorded).await;
}
