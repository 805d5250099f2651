//! One stream is loaded as it was appended; nothing that was written changes.

use chrono::TimeDelta;
use domain::account::{Account, AccountEvent};
use domain::session::{EndReason, Session, SessionEvent};
use domain::user::{Status, User, UserEvent};
use domain::{AccountId, AuthMethodId, Name, SessionId, Slug, UserId};
use event_store::{Batch, Error};
use uuid::Uuid;

use super::world::{World, metadata, now, payload, renamed};

#[tokio::test]
async fn a_stream_is_loaded_as_it_was_appended_and_goes_on_with_its_key() {
    let world = World::open().await;
    let (id, mut person) = world.person();
    let first = [world.invited(), UserEvent::Accepted { auth_method: AuthMethodId::password() }];
    world.commit(id, 0, &first, Some(&mut person)).await.expect("appends");
    let mut connection = world.pool.acquire().await.expect("connects");
    let mut loaded = world.store.load::<User>(&mut connection, world.account, id).await.expect("loads");
    assert_eq!((loaded.version, loaded.state.status()), (2, Some(Status::Active)));
    world.commit(id, 2, &[renamed("Ada")], loaded.person.as_mut()).await.expect("appends");
    let mut expected = User::default();
    for event in first.into_iter().chain([renamed("Ada")]) {
        cqrs_es::Aggregate::apply(&mut expected, event);
    }
    let again = world.store.load::<User>(&mut connection, world.account, id).await.expect("loads");
    assert_eq!((again.version, again.state), (3, expected));
}

#[tokio::test]
async fn a_stream_that_has_not_begun_and_one_of_another_account_are_empty() {
    let world = World::open().await;
    let id = world.invite().await;
    let mut connection = world.pool.acquire().await.expect("connects");
    for (account, id) in [(world.account, UserId::new(Uuid::now_v7())), (AccountId::new(Uuid::now_v7()), id)] {
        let loaded = world.store.load::<User>(&mut connection, account, id).await.expect("loads");
        assert_eq!((loaded.version, loaded.state.status()), (0, None));
    }
}

#[tokio::test]
async fn no_one_appends_to_a_stream_of_another_account() {
    let world = World::open().await;
    let id = world.invite().await;
    let mut batch = Batch::default();
    batch.add::<User>(AccountId::new(Uuid::now_v7()), id, 0, &[UserEvent::Deleted {}], None).expect("nothing personal");
    let mut transaction = world.pool.begin().await.expect("begins");
    assert!(matches!(world.store.append(&mut transaction, batch, &metadata()).await, Err(Error::Conflict)));
}

#[tokio::test]
async fn streams_of_one_batch_each_go_on_from_their_own_version() {
    let world = World::open().await;
    let (id, mut person) = world.person();
    let session = SessionId::new(Uuid::now_v7());
    let started = SessionEvent::Started {
        account_id: world.account,
        user_id: id,
        auth_method: AuthMethodId::password(),
        expires_at: now(),
        address: None,
        user_agent: None,
    };
    let mut first = Batch::default();
    assert_eq!(first.add::<User>(world.account, id, 0, &[world.invited(), renamed("Ada")], Some(&mut person)).expect("seals"), 2);
    assert_eq!(first.add::<Session>(world.account, session, 0, &[started], None).expect("nothing personal"), 1);
    let mut second = Batch::default();
    let ended = SessionEvent::Ended { reason: EndReason::SignedOut };
    assert_eq!(second.add::<Session>(world.account, session, 1, &[ended], None).expect("nothing personal"), 2);
    assert_eq!(second.add::<User>(world.account, id, 2, &[UserEvent::Deleted {}], Some(&mut person)).expect("seals"), 3);
    for batch in [first, second] {
        let mut transaction = world.pool.begin().await.expect("begins");
        world.store.append(&mut transaction, batch, &metadata()).await.expect("appends");
        transaction.commit().await.expect("commits");
    }
    let mut connection = world.pool.acquire().await.expect("connects");
    let user = world.store.load::<User>(&mut connection, world.account, id).await.expect("loads");
    assert_eq!((user.version, user.state.status()), (3, Some(Status::Deleted)));
    let session = world.store.load::<Session>(&mut connection, world.account, session).await.expect("loads");
    assert_eq!((session.version, session.person.is_none()), (2, true));
    let keys: i64 = sqlx::query_scalar("select count(*) from person_keys").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(keys, 1, "a person has one key");
}

#[tokio::test]
async fn several_streams_are_appended_together_or_not_at_all() {
    let world = World::open().await;
    let (id, mut person) = world.person();
    let opened = AccountEvent::Opened { name: Name::parse("Nimbus").expect("valid"), slug: Slug::parse("nimbus").expect("valid") };
    let batch = |person: Option<&mut event_store::Person>| {
        let mut batch = Batch::default();
        batch.add::<Account>(world.account, world.account, 0, std::slice::from_ref(&opened), None).expect("nothing personal");
        batch.add::<User>(world.account, id, 0, &[world.invited()], person).expect("seals");
        batch
    };
    let mut transaction = world.pool.begin().await.expect("begins");
    world.store.append(&mut transaction, batch(Some(&mut person)), &metadata()).await.expect("appends");
    transaction.commit().await.expect("commits");

    // The account's part would be a conflict, so the new user's part is not written either.
    let (other, mut stranger) = world.person();
    let mut clash = Batch::default();
    clash.add::<User>(world.account, other, 0, &[world.invited()], Some(&mut stranger)).expect("seals");
    clash.add::<Account>(world.account, world.account, 0, &[opened], None).expect("nothing personal");
    let mut transaction = world.pool.begin().await.expect("begins");
    assert!(matches!(world.store.append(&mut transaction, clash, &metadata()).await, Err(Error::Conflict)));
    drop(transaction);
    assert_eq!(world.read_when(2).await.len(), 2);
}

#[tokio::test]
async fn anyone_who_loaded_before_another_appended_is_told_of_the_conflict() {
    let world = World::open().await;
    let id = world.invite().await;
    world.commit(id, 1, &[UserEvent::Deleted {}], None).await.expect("appends");
    let late = world.commit(id, 1, &[UserEvent::PasswordSet {}], None).await;
    assert!(matches!(late, Err(Error::Conflict)));
}

#[tokio::test]
async fn an_event_is_recorded_with_its_circumstances() {
    let world = World::open().await;
    let before = chrono::Utc::now() - TimeDelta::seconds(5);
    let id = world.invite().await;
    let [event] = &world.read_when(1).await[..] else { panic!("one event") };
    assert_eq!((event.account_id, event.aggregate_id.as_str(), event.sequence), (world.account, id.to_string().as_str(), 1));
    assert_eq!((event.aggregate_type.as_str(), event.event_type.as_str(), event.event_version.as_str()), ("user", "Invited", "1"));
    let metadata = |key: &str| event.metadata.get(key).map(String::as_str);
    assert_eq!((metadata("actor"), metadata("cause"), metadata("request_id")), (Some("operator"), Some("inviteUser"), Some("request-1")));
    assert_eq!(metadata("at"), Some("2027-01-15T08:00:00.000000Z"));
    assert_eq!(now().to_rfc3339(), "2027-01-15T08:00:00+00:00");
    assert!(event.recorded_at >= before, "the database's clock, not the command's");
    assert_eq!(payload(event)["Invited"]["email"]["personal"], super::world::ADDRESS);
}

#[tokio::test]
async fn no_one_changes_history_not_even_the_owner_of_the_table() {
    let world = World::open().await;
    world.invite().await;
    for sql in [
        "update events set event_type = 'Deleted'",
        "delete from events",
        "truncate events",
        "truncate events cascade",
        "update events set metadata = metadata",
        "with gone as (delete from events returning *) select * from gone",
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id) \
         select aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id from events \
         on conflict on constraint events_pkey do update set payload = '{}'",
        "update events set recorded_at = now()",
    ] {
        let error = sqlx::query(sql).execute(&world.pool).await.expect_err(sql);
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
    assert_eq!(world.read_when(1).await.len(), 1);
}
