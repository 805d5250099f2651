//! Many writers with retries, and a reader that polls all the while, beside one that trusts the bare position.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use domain::UserId;
use domain::user::{User, UserEvent};
use event_store::{Cursor, Error, RecordedEvent};
use test_support::TIMEOUT;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::world::World;

const WRITERS: u64 = 12;
const STREAMS: usize = 4;
const APPENDS: u64 = 40;

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

/// Appends to a stream, taking its time before it commits; decides again when another came first.
async fn append_slowly(world: &World, id: UserId, random: &mut Random) {
    loop {
        let mut transaction = world.pool.begin().await.expect("begins");
        let version = world.store.load::<User>(&mut transaction, world.account, id).await.expect("loads").version;
        let events = vec![UserEvent::PasswordSet {}; 1 + usize::try_from(random.below(3)).expect("small")];
        match world.append(&mut transaction, id, version, &events, None).await {
            Ok(()) => {}
            Err(Error::Conflict) => continue,
            Err(other) => panic!("{other}"),
        }
        for _ in 0..random.below(6) {
            sqlx::query("select 1").execute(&mut *transaction).await.expect("answers");
        }
        if random.below(10) == 0 {
            transaction.rollback().await.expect("rolls back");
            continue;
        }
        transaction.commit().await.expect("commits");
        return;
    }
}

/// An event as both readers name it: its stream and its sequence.
type Seen = (String, i64);

/// Our reader, and beside it the obvious one: everything after the last position.
#[derive(Default)]
struct Readers {
    ours: Vec<RecordedEvent>,
    position: i64,
    by_position: Vec<Seen>,
}

impl Readers {
    /// Both read what is new to them.
    async fn poll(&mut self, world: &World) {
        let after = self.ours.last().map_or_else(Cursor::default, |event| event.cursor);
        self.ours.extend(world.read(after, 50).await);
        let select = "select position, aggregate_id, sequence from events where position > $1 order by position";
        let rows: Vec<(i64, String, i64)> = sqlx::query_as(select).bind(self.position).fetch_all(&world.pool).await.expect("answers");
        for (position, id, sequence) in rows {
            self.position = position;
            self.by_position.push((id, sequence));
        }
    }
}

async fn written(world: &World) -> usize {
    let count: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&world.pool).await.expect("answers");
    usize::try_from(count).expect("small")
}

/// Within every stream 1, 2, 3, …, and nothing twice.
fn assert_in_order(seen: &[Seen]) {
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    for (id, sequence) in seen {
        let before = last.insert(id, *sequence).unwrap_or(0);
        assert_eq!(*sequence, before + 1, "{id} went from {before} to {sequence}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn beside_many_slow_writers_nothing_is_missed_repeated_or_out_of_order() {
    let seed = std::env::var("ROSTER_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x9e37_79b9_7f4a_7c15);
    println!("ROSTER_TEST_SEED={seed}");
    let world = Arc::new(World::open().await);
    let mut streams = vec![];
    for _ in 0..STREAMS {
        streams.push(world.invite().await);
    }

    // One writer is slow for certain: its position is passed before it commits.
    let (slow, mut person) = world.person();
    let mut straggler = world.pool.begin().await.expect("begins");
    world.append(&mut straggler, slow, 0, &[world.invited()], Some(&mut person)).await.expect("appends");
    world.invite().await;
    let mut readers = Readers::default();
    readers.poll(&world).await;
    assert_eq!(readers.by_position.len(), STREAMS + 1);
    straggler.commit().await.expect("commits");

    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (world, streams) = (Arc::clone(&world), streams.clone());
        writers.spawn(async move {
            let mut random = Random(seed ^ (writer + 1).wrapping_mul(0x2545_f491_4f6c_dd1d));
            for _ in 0..APPENDS {
                let stream = usize::try_from(random.below(STREAMS as u64)).expect("small");
                append_slowly(&world, streams[stream], &mut random).await;
            }
        });
    }
    let mut deadline = Instant::now() + TIMEOUT;
    loop {
        while let Some(ended) = writers.try_join_next() {
            ended.expect("no panic");
        }
        let before = readers.ours.len();
        let over = writers.is_empty();
        let written = written(&world).await;
        readers.poll(&world).await;
        if over && readers.ours.len() >= written {
            break;
        }
        if readers.ours.len() > before {
            deadline = Instant::now() + TIMEOUT;
        }
        assert!(Instant::now() < deadline, "saw {} of {written}", readers.ours.len());
    }

    let shown: Vec<Seen> = readers.ours.iter().map(|event| (event.aggregate_id.clone(), event.sequence)).collect();
    let written = written(&world).await;
    assert!(written >= usize::try_from(WRITERS * APPENDS).expect("small"));
    assert_eq!(shown.len(), written, "nothing is missed");
    assert_eq!(shown.iter().collect::<HashSet<_>>().len(), written, "nothing is repeated");
    assert_in_order(&shown);
    assert!(readers.ours.is_sorted_by(|before, after| before.cursor < after.cursor));
    assert!(readers.by_position.len() < written, "a bare position misses some");
    assert!(!readers.by_position.contains(&(slow.to_string(), 1)));
}
