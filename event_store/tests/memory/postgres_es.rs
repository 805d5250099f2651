//! A second reader of the events: postgres-es reads our table, and cqrs-es folds what it has read.

use cqrs_es::persist::{PersistedEventRepository, PersistedEventStore, PersistenceError};
use cqrs_es::{AggregateContext, EventStore as _};
use domain::session::{EndReason, Session, SessionEvent};
use domain::user::{Status, User, UserEvent};
use domain::{AccountId, AuthMethodId, EmailAddress, SessionId, UserId};
use event_store::{Batch, ComparedStreams, OpenedRepository, StreamDifference, StreamProblem, WatchStreams};
use postgres_es::PostgresEventRepository;
use sqlx::Executor;
use sqlx::postgres::PgPoolOptions;
use uuid::Uuid;

use super::wire::Wire;
use super::world::{ADDRESS, World, metadata, now, renamed};

/// Keeps what it is shown.
#[derive(Default)]
struct Seen {
    progress: Vec<(u64, u64)>,
    differences: Vec<StreamDifference>,
}

impl WatchStreams for Seen {
    fn progress(&mut self, done: u64, total: u64) {
        self.progress.push((done, total));
    }

    fn differs(&mut self, difference: &StreamDifference) {
        self.differences.push(difference.clone());
    }
}

impl World {
    async fn compare(&self) -> (ComparedStreams, Seen) {
        let mut seen = Seen::default();
        let found = self.store.compare_streams(&self.pool, &mut seen).await.expect("reads");
        (found, seen)
    }

    /// Two users and a session, without any damage.
    async fn with_streams() -> (Self, UserId, UserId) {
        let world = Self::open().await;
        let (ada, eve) = (world.invite().await, world.invite().await);
        let mut connection = world.pool.acquire().await.expect("connects");
        let mut loaded = world.store.load::<User>(&mut connection, world.account, ada).await.expect("loads");
        drop(connection);
        let accepted = UserEvent::Accepted { auth_method: AuthMethodId::password() };
        world.commit(ada, 1, &[accepted, renamed("Ada")], loaded.person.as_mut()).await.expect("appends");
        let started = SessionEvent::Started {
            account_id: world.account,
            user_id: ada,
            auth_method: AuthMethodId::password(),
            expires_at: now(),
            address: None,
            user_agent: None,
        };
        let mut batch = Batch::default();
        let events = [started, SessionEvent::Ended { reason: EndReason::SignedOut }];
        batch.add::<Session>(world.account, SessionId::new(Uuid::now_v7()), 0, &events, None).expect("nothing personal");
        let mut transaction = world.pool.begin().await.expect("begins");
        world.store.append(&mut transaction, batch, &metadata()).await.expect("appends");
        transaction.commit().await.expect("commits");
        (world, ada, eve)
    }

    /// Damages the table as no command can: as its owner, without the trigger that protects it.
    async fn damage(&self, sql: &str) {
        let sql = format!("begin; set local session_replication_role = replica; {sql}; commit");
        self.pool.execute(sqlx::raw_sql(&sql)).await.expect(&sql);
    }

    fn difference(&self, id: UserId, problem: StreamProblem) -> StreamDifference {
        StreamDifference { account_id: self.account, kind: "user".to_owned(), id: id.to_string(), problem }
    }
}

#[tokio::test]
async fn our_streams_are_read_through_its_repository() {
    let world = World::open().await;
    let (id, mut person) = world.person();
    let events = [world.invited(), UserEvent::Accepted { auth_method: AuthMethodId::password() }];
    world.commit(id, 0, &events, Some(&mut person)).await.expect("appends");

    let repository = PostgresEventRepository::new(world.pool.clone());
    let stored = repository.get_events::<User>(&id.to_string()).await.expect("reads");
    let seen: Vec<_> = stored.iter().map(|event| (event.sequence, event.event_type.as_str(), event.event_version.as_str())).collect();
    assert_eq!(seen, [(1, "Invited", "1"), (2, "Accepted", "1")]);

    let store = PersistedEventStore::<_, User>::new_event_store(repository);
    let envelopes = store.load_events(&id.to_string()).await.expect("reads");
    assert_eq!(envelopes[0].metadata.get("actor").map(String::as_str), Some("operator"));
    assert_eq!(envelopes[1].payload, events[1]);
    let UserEvent::Invited { email, .. } = &envelopes[0].payload else { panic!("{:?}", envelopes[0].payload) };
    assert_eq!(email.known(), None, "without the person's key");
    let mut context = store.load_aggregate(&id.to_string()).await.expect("loads");
    assert_eq!(context.aggregate().status(), Some(Status::Active));
}

#[tokio::test]
async fn our_repository_opens_whole_streams_for_what_is_built_on_cqrs_es_and_only_reads() {
    let (world, ada, _) = World::with_streams().await;
    let id = ada.to_string();
    let repository = || OpenedRepository::over_postgres_es(&world.store, world.pool.clone());
    let store = PersistedEventStore::<_, User>::new_event_store(repository());
    let envelopes = store.load_events(&id).await.expect("reads");
    let UserEvent::Invited { email, .. } = &envelopes[0].payload else { panic!("{:?}", envelopes[0].payload) };
    assert_eq!(email.known().map(EmailAddress::as_given), Some(ADDRESS));
    assert_eq!(envelopes[2].payload, renamed("Ada"));
    let last = repository().get_last_events::<User>(&id, 2).await.expect("reads");
    assert_eq!(last.iter().map(|event| event.sequence).collect::<Vec<_>>(), [3]);
    assert_eq!(last[0].payload["NameChanged"]["name"]["personal"], "Ada");
    let mut stream = repository().stream_events::<User>(&id).await.expect("reads");
    let mut streamed = vec![];
    while let Some(event) = stream.next::<User>(&[]).await {
        streamed.push(event.expect("it reads").payload);
    }
    assert_eq!(streamed, envelopes.into_iter().map(|envelope| envelope.payload).collect::<Vec<_>>());

    assert_eq!(repository().get_snapshot::<User>(&id).await.expect("answers"), None);
    let refused = repository().persist::<User>(&last, None).await;
    assert!(matches!(&refused, Err(PersistenceError::UnknownError(error)) if error.to_string().contains("only reads")), "{refused:?}");
    let refused = repository().stream_all_events::<User>().await.err();
    assert!(matches!(&refused, Some(PersistenceError::UnknownError(error)) if error.to_string().contains("one stream")), "{refused:?}");
}

#[tokio::test]
async fn values_of_an_erased_person_read_as_erased_for_both_readers() {
    let (world, ada, _) = World::with_streams().await;
    let mut connection = world.pool.acquire().await.expect("connects");
    world.store.destroy_person(&mut connection, world.account, ada, now()).await.expect("destroys");
    let store = PersistedEventStore::<_, User>::new_event_store(OpenedRepository::over_postgres_es(&world.store, world.pool.clone()));
    let envelopes = store.load_events(&ada.to_string()).await.expect("reads");
    let UserEvent::Invited { email, .. } = &envelopes[0].payload else { panic!("{:?}", envelopes[0].payload) };
    assert_eq!(email.known(), None);
    assert_eq!(world.compare().await.0, ComparedStreams { streams: 3, events: 6, differing: 0 });
}

#[tokio::test]
async fn both_readers_agree_on_every_stream_that_commands_have_written() {
    let (world, ..) = World::with_streams().await;
    let (found, seen) = world.compare().await;
    assert_eq!(found, ComparedStreams { streams: 3, events: 6, differing: 0 });
    assert_eq!((seen.progress.last(), seen.differences.as_slice()), (Some(&(3, 3)), &[][..]));
}

#[tokio::test]
async fn a_gap_in_a_stream_is_found_at_its_end_and_at_its_beginning() {
    let (world, ada, eve) = World::with_streams().await;
    world.damage(&format!("delete from events where aggregate_id = '{ada}' and sequence = 2")).await;
    world.commit(eve, 1, &[UserEvent::Deleted {}], None).await.expect("appends");
    world.damage(&format!("delete from events where aggregate_id = '{eve}' and sequence = 1")).await;
    let (found, mut seen) = world.compare().await;
    assert_eq!(found.differing, 2);
    seen.differences.sort_by_key(|difference| difference.id != ada.to_string());
    let version = |ours, theirs| StreamProblem::Version { ours, theirs };
    assert_eq!(seen.differences, [world.difference(ada, version(2, 3)), world.difference(eve, version(1, 2))]);
}

#[tokio::test]
async fn an_altered_version_and_a_moved_event_are_found() {
    let (world, ada, eve) = World::with_streams().await;
    world.damage(&format!("update events set event_version = '99' where aggregate_id = '{ada}' and sequence = 2")).await;
    let (found, seen) = world.compare().await;
    assert_eq!(found.differing, 1);
    let [StreamDifference { id, problem: StreamProblem::UnreadableByRoster(reason), .. }] = &seen.differences[..] else {
        panic!("{:?}", seen.differences)
    };
    assert!(id == &ada.to_string() && reason.contains("event 2 of user") && reason.contains("newer"), "{reason}");
    // An event under another number: a sealed value opens only where it was sealed.
    world.damage(&format!("update events set event_version = '1' where aggregate_id = '{ada}' and sequence = 2")).await;
    world.damage(&format!("update events set sequence = 4 where aggregate_id = '{ada}' and sequence = 3")).await;
    let (_, seen) = world.compare().await;
    let [difference] = &seen.differences[..] else { panic!("{:?}", seen.differences) };
    assert!(matches!(&difference.problem, StreamProblem::UnreadableByRoster(reason) if reason.contains("does not open")), "{difference}");
    assert!(!difference.to_string().contains("Ada") && difference.id != eve.to_string(), "{difference}");
}

#[tokio::test]
async fn an_event_of_another_kind_of_stream_and_one_of_no_kind_are_found() {
    let (world, ada, eve) = World::with_streams().await;
    let insert = |kind: &str, id: &str, sequence: u8, account: AccountId| {
        format!(
            "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id) \
             values ('{kind}', '{id}', {sequence}, 'Ended', '1', '{{\"Ended\": {{\"reason\": \"signed_out\"}}}}', '{{}}', '{}')",
            account.uuid()
        )
    };
    world.damage(&insert("user", &ada.to_string(), 4, world.account)).await;
    // It belongs to another account, so no command sees it.
    world.damage(&insert("user", &eve.to_string(), 2, AccountId::new(Uuid::now_v7()))).await;
    world.damage(&insert("robot", "r2", 1, world.account)).await;
    world.damage(&insert("session", "not-an-id", 1, world.account)).await;
    let (found, seen) = world.compare().await;
    assert_eq!(found.differing, 4);
    let problem = |id: &str| &seen.differences.iter().find(|difference| difference.id == id).expect("it is reported").problem;
    assert!(matches!(problem(&ada.to_string()), StreamProblem::UnreadableByRoster(_)), "{:?}", seen.differences);
    assert_eq!(problem(&eve.to_string()), &StreamProblem::UnreadableBySecondReader);
    assert_eq!((problem("r2"), problem("not-an-id")), (&StreamProblem::UnknownKind, &StreamProblem::InvalidId));
}

#[tokio::test]
async fn an_event_that_says_what_another_type_says_is_found() {
    let (world, _, eve) = World::with_streams().await;
    world.commit(eve, 1, &[UserEvent::Deleted {}], None).await.expect("appends");
    world.damage(&format!("update events set payload = '{{\"Left\": {{}}}}' where aggregate_id = '{eve}' and sequence = 2")).await;
    let (found, seen) = world.compare().await;
    assert_eq!(found.differing, 1);
    assert!(seen.differences[0].to_string().contains("its payload is that of another event"), "{}", seen.differences[0]);
}

#[tokio::test]
async fn a_connection_that_is_lost_meanwhile_is_an_error_and_no_difference() {
    let (world, ..) = World::with_streams().await;
    let wire = Wire::to(&world.url).await;
    // One connection is enough: nothing that waits for another holds one.
    let open = async || PgPoolOptions::new().max_connections(1).connect_with(wire.options().clone()).await.expect("connects");
    let pool = open().await;
    wire.take_passed();
    let whole = world.store.compare_streams(&pool, &mut Seen::default()).await.expect("reads");
    let bytes = wire.take_passed().len();
    pool.close().await;
    let mut lost = 0;
    for cut in (1..bytes).step_by(bytes / 60) {
        wire.repair();
        let pool = open().await;
        wire.cut_after(cut);
        match world.store.compare_streams(&pool, &mut Seen::default()).await {
            Ok(found) => assert_eq!(found, whole, "after {cut} of {bytes} bytes"),
            Err(_) => lost += 1,
        }
    }
    assert!(lost > 40, "{lost} cuts were noticed");
}
