//! The readers of postgres-es work on our table: what is sealed reads as erased.

use cqrs_es::persist::{PersistedEventRepository, PersistedEventStore};
use cqrs_es::{AggregateContext, EventStore as _};
use domain::AuthMethodId;
use domain::user::{Status, User, UserEvent};
use postgres_es::PostgresEventRepository;

use super::world::World;

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
