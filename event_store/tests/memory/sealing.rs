//! What is personal is in no table in plain text, and opens only where and by whom it was sealed.

use domain::AccountId;
use domain::user::{User, UserEvent};
use event_store::{Cursor, Error, EventStore, MasterKeys, Person, Unreadable};
use serde_json::json;
use sqlx::Row;
use uuid::Uuid;

use super::world::{ADDRESS, World, payload, renamed};

#[tokio::test]
async fn no_column_of_any_table_holds_what_is_personal() {
    let world = World::open().await;
    let (id, mut person) = world.person();
    world.commit(id, 0, &[world.invited(), renamed("Ada Lovelace")], Some(&mut person)).await.expect("appends");
    for table in ["events", "person_keys"] {
        let rows = sqlx::query(&format!("select t::text from {table} t")).fetch_all(&world.pool).await.expect("answers");
        assert!(!rows.is_empty(), "{table}");
        for row in rows {
            let text: String = row.get(0);
            assert!(!text.contains(ADDRESS) && !text.contains("Lovelace"), "{text}");
        }
    }
}

#[tokio::test]
async fn without_a_person_nothing_personal_is_written() {
    let world = World::open().await;
    let (id, _) = world.person();
    assert!(matches!(world.commit(id, 0, &[world.invited()], None).await, Err(Error::PersonMissing { .. })));
}

#[tokio::test]
async fn a_sealed_value_that_was_changed_or_moved_does_not_open() {
    let world = World::open().await;
    let (ada, eve) = (world.invite().await, world.invite().await);
    let swap = "update events e set payload = o.payload from events o where o.aggregate_id <> e.aggregate_id";
    for tampering in [
        swap,
        r#"update events set payload = jsonb_set(payload, '{Invited,email,sealed}', '"AAAA"')"#,
        r#"update events set payload = jsonb_set(payload, '{Invited,email,sealed}', '"no base64!"')"#,
    ] {
        let mut connection = world.pool.begin().await.expect("begins");
        // Only the owner of the database can do this, and only by switching the trigger off.
        for sql in ["alter table events disable trigger user", tampering] {
            sqlx::query(sql).execute(&mut *connection).await.expect(sql);
        }
        for id in [ada, eve] {
            let loaded = world.store.load::<User>(&mut connection, world.account, id).await;
            assert!(matches!(loaded, Err(Error::DoesNotOpen { .. })), "{tampering}");
        }
    }
}

#[tokio::test]
async fn a_sealed_value_that_was_moved_does_not_open_even_with_its_key_moved_along() {
    for moved in [
        "update events set sequence = sequence + 1",
        "update events set account_id = gen_random_uuid()",
        "update events set aggregate_id = gen_random_uuid()::text",
        "update events set payload = jsonb_build_object('NameChanged', jsonb_build_object('name', payload->'Invited'->'email'))",
    ] {
        let world = World::open().await;
        world.invite().await;
        world.read_when(1).await;
        let mut connection = world.pool.acquire().await.expect("connects");
        for sql in ["set session_replication_role = replica", moved] {
            sqlx::query(sql).execute(&mut *connection).await.expect(sql);
        }
        let place = sqlx::query("select account_id, aggregate_id from events").fetch_one(&mut *connection).await.expect("answers");
        let (account, id): (Uuid, String) = (place.get(0), place.get(1));
        sqlx::query("update person_keys set account_id = $1").bind(account).execute(&mut *connection).await.expect("moves the key");
        let id = id.parse().expect("an id");
        let loaded = world.store.load::<User>(&mut connection, AccountId::new(account), id).await;
        assert!(matches!(loaded, Err(Error::DoesNotOpen { .. })), "{moved}");
        let feed = world.store.read_feed(&mut connection, Cursor::default(), 10).await.expect("reads");
        assert!(feed[0].payload.is_err(), "{moved}");
    }
}

#[tokio::test]
async fn a_sealed_value_does_not_open_with_any_byte_changed() {
    let world = World::open().await;
    let id = world.invite().await;
    let mut connection = world.pool.acquire().await.expect("connects");
    sqlx::query("set session_replication_role = replica").execute(&mut *connection).await.expect("lifts the trigger");
    let sealed = sqlx::query_scalar("select payload->'Invited'->'email'->>'sealed' from events").fetch_one(&mut *connection).await;
    let sealed: String = sealed.expect("is sealed");
    for index in 0..sealed.len() {
        let mut changed = sealed.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
        let change = "update events set payload = jsonb_set(payload, '{Invited,email,sealed}', to_jsonb($1::text))";
        let changed = String::from_utf8(changed).expect("ASCII");
        sqlx::query(change).bind(&changed).execute(&mut *connection).await.expect("changes");
        let loaded = world.store.load::<User>(&mut connection, world.account, id).await;
        assert!(matches!(loaded, Err(Error::DoesNotOpen { .. })), "{index}");
    }
}

#[tokio::test]
async fn the_key_of_another_person_opens_nothing() {
    let world = World::open().await;
    let (ada, eve) = (world.invite().await, world.invite().await);
    let swap = "update person_keys set wrapped_key = (select wrapped_key from person_keys where person_id = $1) where person_id = $2";
    sqlx::query(swap).bind(ada.uuid()).bind(eve.uuid()).execute(&world.pool).await.expect("swaps");
    let mut connection = world.pool.acquire().await.expect("connects");
    assert!(matches!(world.store.load::<User>(&mut connection, world.account, eve).await, Err(Error::DoesNotOpen { .. })));
    assert!(world.store.load::<User>(&mut connection, world.account, ada).await.is_ok());
}

#[tokio::test]
async fn another_master_key_is_noticed() {
    let world = World::open().await;
    let mut connection = world.pool.acquire().await.expect("connects");
    let other = EventStore::new(&MasterKeys::generate().expect("randomness"));
    other.check_master_keys(&mut connection).await.expect("nothing was sealed yet");
    let id = world.invite().await;
    world.store.check_master_keys(&mut connection).await.expect("is the right one");
    assert!(matches!(other.check_master_keys(&mut connection).await, Err(Error::MasterKeyMissing { .. })));
    assert!(matches!(other.load::<User>(&mut connection, world.account, id).await, Err(Error::DoesNotOpen { .. })));
    assert!(matches!(other.find_person(&mut connection, world.account, id).await, Err(Error::DoesNotOpen { .. })));
    world.read_when(1).await;
    let feed = other.read_feed(&mut connection, Cursor::default(), 10).await.expect("reads");
    assert_eq!(feed[0].payload, Err(Unreadable::Key));
}

#[tokio::test]
async fn without_their_key_a_person_is_gone_and_every_event_is_in_its_place() {
    let world = World::open().await;
    let (id, mut person) = world.person();
    world.commit(id, 0, &[world.invited(), UserEvent::PasswordSet {}], Some(&mut person)).await.expect("appends");
    let other = world.invite().await;
    sqlx::query("delete from person_keys where person_id = $1").bind(id.uuid()).execute(&world.pool).await.expect("forgets");
    let mut connection = world.pool.acquire().await.expect("connects");
    let loaded = world.store.load::<User>(&mut connection, world.account, id).await.expect("loads");
    assert_eq!((loaded.version, loaded.person.as_ref().map(Person::is_erased)), (2, Some(true)));
    assert_eq!(serde_json::to_value(&loaded.state).expect("plain data")["email"], json!({"personal": null}));
    assert!(world.store.find_person(&mut connection, world.account, id).await.expect("answers").is_erased());
    let feed = world.read_when(3).await;
    assert!(payload(&feed[0])["Invited"]["email"]["sealed"].is_string());
    assert_eq!(feed[2].aggregate_id, other.to_string());
    assert_eq!(payload(&feed[2])["Invited"]["email"]["personal"], ADDRESS);
    assert_eq!(world.read(Cursor::default(), 1).await.len(), 1);

    // What is not personal may still happen to them; what is has nowhere to go.
    let mut erased = loaded.person;
    world.commit(id, 2, &[UserEvent::Deleted {}], erased.as_mut()).await.expect("appends");
    assert!(matches!(world.commit(id, 3, &[renamed("Ada")], erased.as_mut()).await, Err(Error::PersonMissing { .. })));
    let spoken_of = world.read_when(4).await.into_iter().filter(|event| event.person_id == Some(id)).count();
    assert_eq!(spoken_of, 3, "whom an event speaks of is known forever");
}
