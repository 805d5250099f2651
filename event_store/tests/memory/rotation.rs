//! Another master key takes over, among those who write and those who erase.

use std::time::Duration;

use domain::UserId;
use domain::user::User;
use event_store::{Error, EventStore, KeyId, KeyUse, MasterKey, MasterKeys, PersonPosition, Rewrapped, last_rewrap};
use sqlx::{Connection, PgConnection, PgTransaction};

use super::world::{ADDRESS, World, now};

/// Two master keys in base64, and the stores of processes that have them in this or that order.
struct Texts {
    old: String,
    new: String,
}

impl Texts {
    fn make() -> Self {
        let text = || MasterKey::generate().expect("randomness").to_text().to_string();
        Self { old: text(), new: text() }
    }

    fn store(texts: &[&str]) -> EventStore {
        EventStore::new(&MasterKeys::parse(&texts.join(",")).expect("keys"))
    }

    /// As processes have them that were changed over.
    fn swapped(&self) -> EventStore {
        Self::store(&[&self.new, &self.old])
    }

    fn id(text: &str) -> KeyId {
        MasterKey::parse(text).expect("a key").id()
    }
}

/// A world on the old key, with so many persons.
async fn world_of(texts: &Texts, count: usize) -> (World, Vec<UserId>) {
    let mut world = World::open().await;
    world.store = Texts::store(&[&texts.old]);
    let mut persons = vec![];
    for _ in 0..count {
        persons.push(world.invite().await);
    }
    (world, persons)
}

async fn connect(world: &World) -> PgConnection {
    PgConnection::connect(&world.url).await.expect("connects")
}

/// One walk over everybody, in parts of this size.
async fn walk(store: &EventStore, connection: &mut PgConnection, size: u32) -> Result<Rewrapped, Error> {
    let (mut all, mut after) = (Rewrapped::default(), PersonPosition::default());
    loop {
        let part = store.rewrap(connection, after, size).await?;
        all.rewrapped += part.rewrapped;
        all.unopened.extend(part.unopened);
        let Some(last) = part.last else { return Ok(all) };
        after = last;
    }
}

async fn opens(store: &EventStore, world: &World, person: UserId) -> bool {
    let mut connection = world.pool.acquire().await.expect("connects");
    match store.load::<User>(&mut connection, world.account, person).await {
        Ok(loaded) => serde_json::to_string(&loaded.state).expect("plain data").contains(ADDRESS),
        Err(Error::DoesNotOpen { .. }) => false,
        Err(other) => panic!("{other}"),
    }
}

async fn wrapped_keys(world: &World) -> Vec<Vec<u8>> {
    sqlx::query_scalar("select wrapped_key from person_keys order by person_id").fetch_all(&world.pool).await.expect("answers")
}

/// Waits until so many connections to the database wait for another.
async fn until_waiting(world: &World, count: i64) {
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0";
    let deadline = tokio::time::Instant::now() + test_support::TIMEOUT;
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&world.pool).await.expect("answers") < count {
        assert!(tokio::time::Instant::now() < deadline, "{count} do not wait");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Holds off every change of a key, as a transaction can that reads them.
async fn hold_writes(connection: &mut PgConnection) -> PgTransaction<'_> {
    let mut held = connection.begin().await.expect("begins");
    sqlx::query("lock table person_keys in share mode").execute(&mut *held).await.expect("locks");
    held
}

#[tokio::test]
async fn afterwards_the_new_master_key_alone_opens_everything_and_the_old_one_nothing() {
    let texts = Texts::make();
    let (world, persons) = world_of(&texts, 7).await;
    let mut connection = connect(&world).await;
    let (old, new, swapped) = (Texts::store(&[&texts.old]), Texts::store(&[&texts.new]), texts.swapped());
    let events: Vec<String> =
        sqlx::query_scalar("select events::text from events order by position").fetch_all(&world.pool).await.expect("answers");
    assert_eq!(swapped.count_left(&mut connection).await.expect("answers"), 7);
    assert_eq!(last_rewrap(&mut connection).await.expect("answers"), None);

    assert_eq!(walk(&swapped, &mut connection, 3).await.expect("rotates"), Rewrapped { rewrapped: 7, ..Rewrapped::default() });
    for &person in &persons {
        assert!(opens(&new, &world, person).await && !opens(&old, &world, person).await);
        assert!(opens(&swapped, &world, person).await && opens(&Texts::store(&[&texts.old, &texts.new]), &world, person).await);
    }
    new.check_master_keys(&mut connection).await.expect("it opens everything");
    assert_eq!(swapped.count_left(&mut connection).await.expect("answers"), 0);
    assert!(last_rewrap(&mut connection).await.expect("answers").is_some());
    let after: Vec<String> =
        sqlx::query_scalar("select events::text from events order by position").fetch_all(&world.pool).await.expect("answers");
    assert_eq!(after, events, "no event has changed");

    let before = wrapped_keys(&world).await;
    assert_eq!(walk(&swapped, &mut connection, 3).await.expect("again").rewrapped, 0);
    assert_eq!(wrapped_keys(&world).await, before, "there was nothing to do");
}

#[tokio::test]
async fn a_start_without_a_master_key_that_is_needed_names_it() {
    let texts = Texts::make();
    let (world, _) = world_of(&texts, 3).await;
    let mut connection = connect(&world).await;
    let (old, new, swapped) = (Texts::store(&[&texts.old]), Texts::store(&[&texts.new]), texts.swapped());
    old.check_master_keys(&mut connection).await.expect("the one it was sealed under");
    swapped.check_master_keys(&mut connection).await.expect("both");
    let refused = new.check_master_keys(&mut connection).await.expect_err("the old one is missing");
    let (id_old, id_new) = (Texts::id(&texts.old), Texts::id(&texts.new));
    assert!(matches!(&refused, Error::MasterKeyMissing { missing, given } if *missing == id_old && *given == [id_new]), "{refused}");
    assert!(refused.to_string().contains(&id_old.to_string()), "{refused}");

    // Half-way both are needed.
    swapped.rewrap(&mut connection, PersonPosition::default(), 1).await.expect("rotates one");
    let uses = swapped.count_key_uses(&mut connection).await.expect("answers");
    let mut expected = [KeyUse { id: Some(id_old), persons: 2 }, KeyUse { id: Some(id_new), persons: 1 }];
    expected.sort_by_key(|used| used.id);
    assert_eq!(uses, expected);
    for lacks in [&old, &new] {
        assert!(matches!(lacks.check_master_keys(&mut connection).await, Err(Error::MasterKeyMissing { .. })));
    }
}

#[tokio::test]
async fn keys_from_before_there_were_names_are_found_named_and_wrapped_again() {
    let texts = Texts::make();
    let (world, persons) = world_of(&texts, 3).await;
    let mut connection = connect(&world).await;
    sqlx::query("update person_keys set key_id = null").execute(&world.pool).await.expect("as before the migration");
    let (old, new) = (Texts::store(&[&texts.old]), Texts::store(&[&texts.new]));
    old.check_master_keys(&mut connection).await.expect("it is tried");
    assert!(matches!(new.check_master_keys(&mut connection).await, Err(Error::DoesNotOpen { .. })));
    let before = wrapped_keys(&world).await;
    assert_eq!(walk(&old, &mut connection, 2).await.expect("names them").rewrapped, 3);
    assert_eq!(old.count_key_uses(&mut connection).await.expect("answers"), [KeyUse { id: Some(Texts::id(&texts.old)), persons: 3 }]);
    assert_eq!((wrapped_keys(&world).await, last_rewrap(&mut connection).await.expect("answers")), (before, None), "nothing else changed");

    sqlx::query("update person_keys set key_id = null").execute(&world.pool).await.expect("as before the migration");
    assert_eq!(walk(&texts.swapped(), &mut connection, 2).await.expect("rotates").rewrapped, 3);
    assert!(opens(&new, &world, persons[2]).await);
}

#[tokio::test]
async fn a_key_that_nothing_opens_stays_and_keeps_no_other_back() {
    let texts = Texts::make();
    let (world, persons) = world_of(&texts, 4).await;
    let mut connection = connect(&world).await;
    let broken = "update person_keys set wrapped_key = set_byte(wrapped_key, 30, get_byte(wrapped_key, 30) # 1) where person_id = $1";
    sqlx::query(broken).bind(persons[1].uuid()).execute(&world.pool).await.expect("breaks one");
    let walked = walk(&texts.swapped(), &mut connection, 2).await.expect("rotates");
    assert_eq!((walked.rewrapped, walked.unopened), (3, vec![persons[1]]));
    assert_eq!(texts.swapped().count_left(&mut connection).await.expect("answers"), 1, "it is left as it was");
}

#[tokio::test]
async fn anyone_who_has_the_old_key_first_wraps_by_it_and_is_found_by_the_next_walk() {
    let texts = Texts::make();
    let (world, _) = world_of(&texts, 2).await;
    let mut connection = connect(&world).await;
    walk(&texts.swapped(), &mut connection, 10).await.expect("rotates");
    let late = world.invite().await;
    let swapped = texts.swapped();
    assert!(opens(&swapped, &world, late).await, "who knows both reads what the old one wraps");
    assert_eq!(swapped.count_left(&mut connection).await.expect("answers"), 1);
    assert_eq!(walk(&swapped, &mut connection, 10).await.expect("rotates").rewrapped, 1);
    assert!(opens(&Texts::store(&[&texts.new]), &world, late).await);
}

#[tokio::test]
async fn a_key_that_an_erasure_holds_is_left_out_and_never_comes_back() {
    let texts = Texts::make();
    let (world, persons) = world_of(&texts, 3).await;
    let mut connection = connect(&world).await;
    let mut erasure = world.pool.begin().await.expect("begins");
    world.store.destroy_person(&mut erasure, world.account, persons[1], now()).await.expect("destroys");
    let walked = walk(&texts.swapped(), &mut connection, 10).await.expect("does not wait");
    assert_eq!((walked.rewrapped, walked.unopened), (2, vec![]));
    erasure.commit().await.expect("commits");
    assert_eq!(walk(&texts.swapped(), &mut connection, 10).await.expect("rotates").rewrapped, 0);
    assert_eq!(wrapped_keys(&world).await.len(), 2);
    assert!(!opens(&texts.swapped(), &world, persons[1]).await);
}

#[tokio::test]
async fn a_key_that_is_destroyed_while_it_is_wrapped_again_is_gone() {
    let texts = Texts::make();
    let (world, persons) = world_of(&texts, 3).await;
    let (mut holder, mut rotating, mut erasing) = (connect(&world).await, connect(&world).await, connect(&world).await);
    let held = hold_writes(&mut holder).await;
    let swapped = texts.swapped();
    let rotate = swapped.rewrap(&mut rotating, PersonPosition::default(), 10);
    let erase = async {
        // The rows are locked, and about to be written.
        until_waiting(&world, 1).await;
        let mut erasure = erasing.begin().await?;
        world.store.destroy_person(&mut erasure, world.account, persons[1], now()).await?;
        erasure.commit().await.map_err(Error::from)
    };
    let release = async {
        until_waiting(&world, 2).await;
        held.rollback().await
    };
    let (rotated, erased, released) = tokio::join!(rotate, erase, release);
    assert_eq!(rotated.expect("rotates").rewrapped, 3);
    erased.and(released.map_err(Error::from)).expect("waits for the part, and destroys what it has written");
    let left: Vec<uuid::Uuid> =
        sqlx::query_scalar("select person_id from person_keys order by person_id").fetch_all(&world.pool).await.expect("answers");
    assert_eq!(left, [persons[0].uuid(), persons[2].uuid()]);
    assert!(!opens(&swapped, &world, persons[1]).await);
}

#[tokio::test]
async fn cut_off_in_the_middle_of_a_part_it_has_not_happened_and_goes_on_where_it_was() {
    let texts = Texts::make();
    let (world, persons) = world_of(&texts, 6).await;
    let mut rotating = connect(&world).await;
    let swapped = texts.swapped();
    let first = swapped.rewrap(&mut rotating, PersonPosition::default(), 2).await.expect("rotates");
    let before = wrapped_keys(&world).await;

    let mut holder = connect(&world).await;
    let held = hold_writes(&mut holder).await;
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut rotating).await.expect("answers");
    let kill = async {
        until_waiting(&world, 1).await;
        sqlx::query("select pg_terminate_backend($1)").bind(pid).execute(&world.pool).await.expect("kills");
    };
    let (cut_off, ()) = tokio::join!(swapped.rewrap(&mut rotating, first.last.expect("someone"), 2), kill);
    held.rollback().await.expect("unlocks");
    assert!(matches!(cut_off, Err(Error::Database(_))));
    assert_eq!(wrapped_keys(&world).await, before);
    for &person in &persons {
        assert!(opens(&swapped, &world, person).await, "half-way everything opens");
    }
    assert_eq!(walk(&swapped, &mut connect(&world).await, 2).await.expect("goes on").rewrapped, 4);
    for &person in &persons {
        assert!(opens(&Texts::store(&[&texts.new]), &world, person).await);
    }
}

#[tokio::test]
async fn two_walks_at_once_share_the_work() {
    let texts = Texts::make();
    let (world, persons) = world_of(&texts, 20).await;
    let (mut one, mut two) = (connect(&world).await, connect(&world).await);
    let swapped = texts.swapped();
    let (one, two) = tokio::join!(walk(&swapped, &mut one, 1), walk(&swapped, &mut two, 1));
    assert_eq!(one.expect("rotates").rewrapped + two.expect("rotates").rewrapped, 20, "none is wrapped twice");
    for &person in &persons {
        assert!(opens(&Texts::store(&[&texts.new]), &world, person).await);
    }
}
