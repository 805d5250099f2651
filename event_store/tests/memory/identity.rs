//! A database that was restored is refused, however it was restored; once the restore is finished, the feed goes on.

use std::time::Duration;

use event_store::{Cursor, IdentityError, Restored, adopt_identity, check_identity, close_restore, finish_restore};
use sqlx::{Connection, Executor, PgConnection};
use test_support::{TIMEOUT, TestDatabase, TestFolder, bin_dir, run_program};
use tokio::time::timeout;

use super::world::World;

async fn connect(database: &TestDatabase) -> PgConnection {
    PgConnection::connect(database.url()).await.expect("connects")
}

/// How a database was restored, if it was.
async fn restored(database: &TestDatabase) -> Option<Restored> {
    match check_identity(&mut connect(database).await).await {
        Ok(()) => None,
        Err(IdentityError::Restored(restored)) => Some(restored),
        Err(IdentityError::Database(error)) => panic!("{error}"),
    }
}

async fn generation(database: &TestDatabase) -> i32 {
    let select = sqlx::query_scalar("select generation from feed_generation");
    select.fetch_one(&mut connect(database).await).await.expect("answers")
}

/// A database with some events in it.
async fn lived_in() -> (TestDatabase, World) {
    let database = TestDatabase::create().await;
    let world = World::over(database.pool(), database.url().to_owned());
    for _ in 0..3 {
        world.invite().await;
    }
    (database, world)
}

struct Dumps {
    folder: TestFolder,
}

impl Dumps {
    fn new() -> Self {
        Self { folder: TestFolder::create().expect("a folder can be made") }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("it is text").to_owned()
    }

    async fn dump(&self, database: &TestDatabase, name: &str, format: &str) -> String {
        let (program, file) = (bin_dir().await.join("pg_dump"), self.path(name));
        run_program(&program, &["--format", format, "--file", &file, "--dbname", database.url()]).await;
        file
    }

    async fn restore(&self, file: &str, database: &TestDatabase, more: &[&str]) {
        let program = bin_dir().await.join("pg_restore");
        run_program(&program, &[&["--exit-on-error", "--dbname", database.url()], more, &[file]].concat()).await;
    }
}

#[tokio::test]
async fn a_database_knows_itself_and_is_taken_on_once() {
    let (database, world) = lived_in().await;
    assert_eq!(restored(&database).await, None, "from before there were identities");
    let row = "select t::text from feed_generation t";
    let stored: String = sqlx::query_scalar(row).fetch_one(&database.pool()).await.expect("answers");
    world.invite().await;
    assert_eq!(restored(&database).await, None);
    assert_eq!(sqlx::query_scalar::<_, String>(row).fetch_one(&database.pool()).await.expect("answers"), stored, "nothing was written");
    sqlx::query("vacuum (full, freeze) feed_generation, events").execute(&database.pool()).await.expect("vacuums");
    assert_eq!(restored(&database).await, None, "tables that were written again by vacuum are the same");
    // A migration may write every event again.
    sqlx::query("update feed_generation set identified_by = null").execute(&database.pool()).await.expect("forgets");
    adopt_identity(&mut connect(&database).await).await.expect("adopts");
    sqlx::query("alter table events add column later uuid default gen_random_uuid()")
        .execute(&database.pool())
        .await
        .expect("writes again");
    assert_eq!(restored(&database).await, None, "tables that a migration has written again are the same");
    let nothing = finish_restore(&mut connect(&database).await, false, false).await.expect("answers");
    assert_eq!((nothing.before, nothing.generation, nothing.restored), (1, 1, None));
}

#[tokio::test]
async fn every_kind_of_dump_and_copy_is_refused_until_the_restore_is_finished() {
    let (source, world) = lived_in().await;
    let dumps = Dumps::new();
    let early = dumps.dump(&source, "before-there-was-an-identity", "custom").await;
    assert_eq!(restored(&source).await, None);
    let (custom, plain) = (dumps.dump(&source, "custom", "custom").await, dumps.dump(&source, "plain.sql", "plain").await);

    let (by_restore, by_psql, from_early) =
        (TestDatabase::create_empty("").await, TestDatabase::create_empty("").await, TestDatabase::create_empty("").await);
    dumps.restore(&custom, &by_restore, &[]).await;
    dumps.restore(&early, &from_early, &[]).await;
    let psql = bin_dir().await.join("psql");
    run_program(&psql, &["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", &plain, "-d", by_psql.url()]).await;
    world.pool.close().await;
    source.pool().close().await;
    let copy = source.copy().await;
    // Over the database itself: the same cluster and the same database, and the state of some time ago.
    dumps.restore(&custom, &source, &["--clean", "--if-exists"]).await;
    for (what, database, kind) in [
        ("pg_restore", &by_restore, Restored::FromDump),
        ("psql", &by_psql, Restored::FromDump),
        ("a dump without an identity", &from_early, Restored::FromDump),
        ("a template", &copy, Restored::Copied),
        ("pg_restore --clean", &source, Restored::FromDump),
    ] {
        assert_eq!(restored(database).await, Some(kind), "{what}");
        assert_eq!(generation(database).await, 1, "{what}: a check changes nothing");
        let finished = finish_restore(&mut connect(database).await, false, false).await.expect("finishes");
        assert_eq!((finished.restored, finished.before, finished.generation), (Some(kind), 1, 2), "{what}");
        assert_eq!(restored(database).await, None, "{what}");
        let again = finish_restore(&mut connect(database).await, false, false).await.expect("answers");
        assert_eq!((again.restored, again.generation), (None, 2), "{what}: there is nothing more to do");
    }
    let asked = finish_restore(&mut connect(&copy).await, true, false).await.expect("finishes");
    assert_eq!((asked.restored, asked.before, asked.generation), (None, 2, 3), "a caller who asks for a new generation gets it");
}

#[tokio::test]
async fn a_database_without_events_may_be_restored_anywhere() {
    let source = TestDatabase::create().await;
    assert_eq!(restored(&source).await, None);
    let dumps = Dumps::new();
    let target = TestDatabase::create_empty("").await;
    assert_eq!(restored(&target).await, None, "nor is a database without any table refused");
    dumps.restore(&dumps.dump(&source, "dump", "custom").await, &target, &[]).await;
    assert_eq!(restored(&target).await, None);
    World::over(target.pool(), target.url().to_owned()).invite().await;
    assert_eq!(restored(&target).await, None);
}

#[tokio::test]
async fn until_the_erasures_are_applied_the_database_stays_refused() {
    let (database, _world) = lived_in().await;
    assert_eq!(restored(&database).await, None);
    let mut connection = connect(&database).await;
    let begun = finish_restore(&mut connection, true, true).await.expect("begins");
    assert!(begun.is_open && begun.generation == 2, "{begun:?}");
    assert_eq!(restored(&database).await, Some(Restored::Unfinished));
    let without = finish_restore(&mut connection, false, false).await;
    assert!(matches!(without, Err(IdentityError::Restored(Restored::Unfinished))), "{without:?}");
    let resumed = finish_restore(&mut connection, false, true).await.expect("goes on");
    assert!(resumed.is_open && resumed.generation == 2, "it is not raised once more: {resumed:?}");
    close_restore(&mut connection).await.expect("closes");
    assert_eq!(restored(&database).await, None);
}

#[tokio::test]
async fn two_who_finish_at_once_raise_once_and_no_event_under_way_is_skipped() {
    let (source, world) = lived_in().await;
    assert_eq!(restored(&source).await, None);
    world.pool.close().await;
    source.pool().close().await;
    let copy = source.copy().await;
    let world = world.moved(copy.pool(), copy.url().to_owned());
    // Someone writes, and has not committed.
    let (slow, mut person) = world.person();
    let mut under_way = world.pool.begin().await.expect("begins");
    world.append(&mut under_way, slow, 0, &[world.invited()], Some(&mut person)).await.expect("appends");
    let finishing: Vec<_> = (0..2)
        .map(|_| {
            let url = copy.url().to_owned();
            tokio::spawn(async move {
                let mut connection = PgConnection::connect(&url).await.expect("connects");
                finish_restore(&mut connection, false, false).await.expect("finishes").generation
            })
        })
        .collect();
    let waiting = "select count(*) = 2 from pg_locks l join pg_database d on d.oid = l.database
        where d.datname = current_database() and l.mode = 'ShareRowExclusiveLock' and not l.granted";
    let both_wait = async {
        while !sqlx::query_scalar::<_, bool>(waiting).fetch_one(&world.pool).await.expect("answers") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(TIMEOUT, both_wait).await.expect("both wait for the writer");
    assert_eq!(generation(&copy).await, 1);
    let read: Vec<_> = world.read(Cursor::default(), 100).await;
    under_way.commit().await.expect("commits");
    for finished in finishing {
        assert_eq!(finished.await.expect("runs"), 2);
    }
    let after = read.last().map_or_else(Cursor::default, |event| event.cursor);
    let late = world.invite().await;
    let all = world.read_when(5).await;
    let rest: Vec<_> = world.read(after, 100).await.iter().map(|event| event.aggregate_id.clone()).collect();
    assert_eq!(rest, all[read.len()..].iter().map(|event| event.aggregate_id.clone()).collect::<Vec<_>>());
    assert!(rest.contains(&slow.to_string()) && rest.ends_with(&[late.to_string()]), "{rest:?}");
}

#[tokio::test]
async fn a_cursor_is_known_if_its_event_is_in_the_history() {
    let (database, world) = lived_in().await;
    let feed = world.read_when(3).await;
    let mut connection = connect(&database).await;
    let last = feed[2].cursor;
    let bytes = last.to_bytes();
    let (xid, position): (u64, i64) =
        (u64::from_be_bytes(bytes[4..12].try_into().expect("eight")), i64::from_be_bytes(bytes[12..].try_into().expect("eight")));
    let cursor = |generation: i32, xid: u64, position: i64| {
        let bytes = [generation.to_be_bytes().as_slice(), &xid.to_be_bytes(), &position.to_be_bytes()].concat();
        Cursor::from_bytes(&bytes).expect("a cursor")
    };
    let gone = cursor(1, xid, 4711);
    for (what, asked, is_known) in [
        ("the beginning", Cursor::default(), true),
        ("an event", last, true),
        ("an event that is gone", gone, false),
        ("the horizon, as earlier versions gave it out", cursor(1, xid, 0), true),
        ("another generation", cursor(2, xid, position), false),
    ] {
        assert_eq!(world.store.knows(&mut connection, asked).await.expect("answers"), is_known, "{what}");
    }
    connection.execute("update feed_generation set generation = 2").await.expect("raises");
    assert!(world.store.knows(&mut connection, last).await.expect("answers"));
    let lost_horizon = cursor(1, xid + 1_000_000, 0);
    assert!(!world.store.knows(&mut connection, lost_horizon).await.expect("answers"), "beyond the end of its generation");
}
