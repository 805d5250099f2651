//! An event that does not open hides no other event.

use std::collections::HashSet;

use domain::user::{User, UserEvent};
use event_store::{Cursor, Error, LogFilter, LogPage, RecordedEvent, Unreadable};

use super::world::{World, renamed};

async fn damage(world: &World, sql: &str) {
    let mut connection = world.pool.acquire().await.expect("connects");
    sqlx::raw_sql(&format!("set session_replication_role = replica; {sql}; set session_replication_role = default"))
        .execute(&mut *connection)
        .await
        .expect(sql);
}

/// Every reader of the store, each with what it makes of the whole feed.
async fn every_reader(world: &World) -> Vec<Vec<RecordedEvent>> {
    let mut connection = world.pool.acquire().await.expect("connects");
    let end = world.store.feed_end(&mut *connection).await.expect("answers");
    let span = event_store::Span { after: Cursor::default(), until: end };
    let page = LogPage { after: None, newest_first: false, limit: 100 };
    let store = &world.store;
    let log = LogFilter::default();
    let stored = store.read_stored_log(&mut *connection, world.account, &log, page).await.expect("reads");
    vec![
        store.read_feed(&mut connection, Cursor::default(), 100).await.expect("reads"),
        store.read_feed_part(&mut *connection, span, 100, &HashSet::from([world.account])).await.expect("reads").events,
        store.read_account_feed(&mut *connection, world.account, span, 100).await.expect("reads").events,
        store.read_log(&mut *connection, world.account, &log, page).await.expect("reads"),
        stored.into_iter().map(|event| event.opened).collect(),
    ]
}

#[tokio::test]
async fn an_event_that_does_not_open_is_shown_as_such_by_every_reader_and_the_others_are_opened() {
    let key = "update person_keys set wrapped_key = '\\x00'";
    let sealed = r#"update events set payload = jsonb_set(payload, '{Invited,email,sealed}', '"AAAA"') where event_type = 'Invited'"#;
    let metadata = "update events set metadata = '[1]' where event_type = 'Invited'";
    for (sql, reason) in [(key, Unreadable::Key), (sealed, Unreadable::Sealed), (metadata, Unreadable::Metadata)] {
        let world = World::open().await;
        let (id, mut person) = world.person();
        let events = [world.invited(), UserEvent::PasswordSet {}, renamed("Ada")];
        world.commit(id, 0, &events, Some(&mut person)).await.expect("appends");
        world.read_when(3).await;
        damage(&world, &format!("{sql} and person_id = '{id}'").replace("'\\x00' and", "'\\x00' where")).await;
        let other = world.invite().await;
        world.read_when(4).await;
        for (number, events) in every_reader(&world).await.into_iter().enumerate() {
            let read: Vec<_> = events.iter().map(|event| event.payload.as_ref().err().copied()).collect();
            // Without sealed values no one needs the key.
            let renamed = (reason == Unreadable::Key).then_some(reason);
            assert_eq!(read, [Some(reason), None, renamed, None], "{sql}: reader {number}");
            assert_eq!((events[0].sequence, events[0].event_type.as_str()), (1, "Invited"));
        }
        let mut connection = world.pool.acquire().await.expect("connects");
        if reason != Unreadable::Metadata {
            let loaded = world.store.load::<User>(&mut connection, world.account, id).await;
            assert!(matches!(loaded, Err(Error::DoesNotOpen { .. })), "{sql}");
        }
        assert!(world.store.load::<User>(&mut connection, world.account, other).await.is_ok(), "{sql}");
    }
}

#[tokio::test]
async fn nothing_is_decided_on_a_stream_with_an_event_that_a_newer_roster_has_written() {
    for (kind, version, payload) in [
        ("PasswordSet", "2", r#"{"PasswordSet": {}}"#),
        ("Knighted", "1", r#"{"PasswordSet": {}}"#),
        ("Knighted", "1", r#"{"Knighted": {}}"#),
        ("PasswordSet", "1", r#"{"PasswordSet": 7}"#),
    ] {
        let world = World::open().await;
        let id = world.invite().await;
        let insert = "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id) \
                      values ('user', $1, 2, $2, $3, $4::jsonb, '{}', $5, $6)";
        let insert = sqlx::query(insert).bind(id.to_string()).bind(kind).bind(version).bind(payload).bind(world.account.uuid());
        insert.bind(id.uuid()).execute(&world.pool).await.expect("inserts");
        let mut connection = world.pool.acquire().await.expect("connects");
        let loaded = world.store.load::<User>(&mut connection, world.account, id).await;
        let Err(Error::Unreadable { sequence: 2, stream, .. }) = loaded else { panic!("{kind} in version {version} was loaded") };
        assert_eq!(stream, format!("user {id}"));
    }
}
