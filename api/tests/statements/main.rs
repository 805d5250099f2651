//! However many rows an answer has, it takes the same number of statements.

mod counter;
mod world;

use std::sync::Arc;

use api::graphql::request_data;
use async_graphql::{Executor, Request, Response};
use chrono::Utc;
use commands::{Context, DeleteUser, Error};
use domain::{Actor, Role, SessionId, UserId};
use futures::{Stream, StreamExt};
use test_support::TIMEOUT;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::layer::SubscriberExt;
use uuid::Uuid;

use counter::Counter;
use world::World;

/// Follows events with the users whom they name.
fn follow(world: &World, after: &str) -> impl Stream<Item = Response> + Unpin + use<> {
    let query = format!("subscription {{ userEvents(after: \"{after}\") {{ type user {{ email }} actor {{ user {{ email }} }} }} }}");
    let mut request = Request::new(query);
    request.data = request_data(world.by_admin());
    Box::pin(world.schema.execute_stream(request, None))
}

/// Waits for the next event of a subscription.
async fn next(events: &mut (impl Stream<Item = Response> + Unpin)) -> String {
    let response = timeout(TIMEOUT, events.next()).await.expect("an event comes").expect("the stream has no end");
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    response.data.to_string()
}

#[tokio::test]
async fn the_people_of_an_event_are_looked_up_once_for_twenty_subscribers() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    let shutdown = CancellationToken::new();
    let running = tokio::spawn({
        let (feed, shutdown) = (Arc::clone(&world.feed), shutdown.clone());
        async move { feed.run(shutdown).await }
    });
    world.until_every_event_shows().await;
    let mut request = Request::new("{ eventCursor }");
    request.data = request_data(world.by_admin());
    let answer = world.schema.execute(request).await.data.into_json().unwrap();
    let cursor = answer["eventCursor"].as_str().unwrap();

    // The first event is read from the database. The second one arrives once the feed is followed.
    let mut first = follow(&world, cursor);
    for name in ["One", "Two"] {
        world.rename(name).await;
        world.until_every_event_shows().await;
        next(&mut first).await;
    }
    counter.take_look_ups();
    let mut others: Vec<_> = (0..20).map(|_| follow(&world, cursor)).collect();
    for other in &mut others {
        let (one, two) = (next(other).await, next(other).await);
        assert!(one.matches("ada@acme.example").count() == 2 && one == two, "{one} {two}");
    }
    assert_eq!(counter.take_look_ups(), 20, "one for each page that is read from the database");

    world.rename("Three").await;
    let event = next(&mut first).await;
    for other in &mut others {
        assert_eq!(next(other).await, event);
    }
    assert_eq!(counter.take_look_ups(), 1, "one for all subscribers");
    shutdown.cancel();
    running.await.unwrap();
}

const EVERYTHING: &str = "id email name role status authMethods { id } createdAt lastActiveAt invitation { expiresAt } version
    viewerCan { delete { allowed code } deactivate { allowed } leave { code } }";

#[tokio::test]
async fn a_page_of_a_hundred_takes_as_many_statements_as_a_page_of_one() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    world.invite(120, "user").await;
    let page = |first: usize| {
        format!(
            "{{ users(first: {first}) {{ totalCount nodes {{ {EVERYTHING} }} edges {{ cursor }} pageInfo {{ endCursor }} }} userStats {{ total }} }}"
        )
    };
    let (one, rows) = world.statements(&counter, &page(1), "viewerCan").await;
    assert_eq!(rows, 1);
    let (hundred, rows) = world.statements(&counter, &page(100), "viewerCan").await;
    assert_eq!(rows, 100);
    assert!(one > 0, "nothing was counted");
    assert_eq!(hundred, one);
    let (without, _) = world.statements(&counter, "{ users(first: 100) { nodes { email } } }", "email").await;
    assert_eq!(without, 1, "what is not asked for is not looked up");
}

#[tokio::test]
async fn a_hundred_events_take_as_many_statements_as_one() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    world.invite(120, "user").await;
    world.until_every_event_shows().await;
    let page = |first: usize| {
        format!(
            "{{ auditLog(first: {first}) {{ totalCount nodes {{ type summary address actor {{ kind user {{ email }} }} user {{ email status }} \
             changes {{ field from to }} }} edges {{ cursor }} pageInfo {{ endCursor }} }} }}"
        )
    };
    let (one, rows) = world.statements(&counter, &page(1), "summary").await;
    assert_eq!(rows, 1);
    let (hundred, rows) = world.statements(&counter, &page(100), "summary").await;
    assert_eq!(rows, 100);
    assert!(one > 0, "nothing was counted");
    assert_eq!(hundred, one);
}

#[tokio::test]
async fn a_hundred_refused_attempts_take_as_many_statements_as_one() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    world.invite(120, "user").await;
    let ids: Vec<Uuid> = sqlx::query_scalar("select id from users order by id").fetch_all(&world.app.database).await.unwrap();
    for (user, other) in ids.iter().zip(ids.iter().rev()) {
        let session = SessionId::new(Uuid::now_v7());
        let actor = Actor::User { account: world.account, user: UserId::new(*user), role: Role::Viewer, session };
        let input = DeleteUser { id: other.to_string(), confirm_email: String::new(), expected_version: None, idempotency_key: None };
        let refused = world.app.commands.delete_user(&Context::new(actor, None, Utc::now()), world.account, &input).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
    world.app.commands.write_refused_attempts().await.unwrap();
    let page = |first: usize| {
        format!(
            "{{ refusedAttempts(first: {first}) {{ totalCount nodes {{ operation code summary address actor {{ kind user {{ email }} }} \
             user {{ email status }} }} edges {{ cursor }} pageInfo {{ endCursor }} }} }}"
        )
    };
    let (one, rows) = world.statements(&counter, &page(1), "summary").await;
    assert_eq!(rows, 1);
    let (hundred, rows) = world.statements(&counter, &page(100), "summary").await;
    assert_eq!(rows, 100);
    assert_eq!((one, hundred), (3, 3), "the page, whom it names, and how many there are");
}

#[tokio::test]
async fn inviting_a_hundred_takes_as_many_statements_as_inviting_one() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    let many = |count: usize, name: &str| {
        let rows: Vec<_> = (0..count)
            .map(|number| format!("{{ email: \"{name}{number}@acme.example\", role: VIEWER, authMethods: [\"password\"] }}"))
            .collect();
        format!(
            "mutation {{ inviteUsers(input: {{ rows: [{}] }}) {{ invited results {{ user {{ email status }} userErrors {{ code }} }} }} }}",
            rows.join(", ")
        )
    };
    let (one, rows) = world.statements(&counter, &many(1, "one"), "email").await;
    assert_eq!(rows, 1);
    let (hundred, rows) = world.statements(&counter, &many(100, "many"), "email").await;
    assert_eq!(rows, 100);
    assert!(one > 0, "nothing was counted");
    assert_eq!(hundred, one);
}

#[tokio::test]
async fn changing_a_hundred_takes_as_many_statements_as_changing_one() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    world.invite(101, "user").await;
    let ids = "select id from users where email like 'user%' order by id";
    let ids: Vec<Uuid> = sqlx::query_scalar(ids).fetch_all(&world.app.database).await.unwrap();
    for (mutation, values) in [
        ("updateUsers", "role: EDITOR, idempotencyKey: \"KEY\""),
        ("resendInvitations", "idempotencyKey: \"KEY\""),
        ("updateUsers", "role: ADMIN, dryRun: true"),
        ("deleteUsers", "confirmCount: COUNT"),
    ] {
        let mut numbers = vec![];
        for (key, ids) in [("one", &ids[..1]), ("many", &ids[1..])] {
            let values = values.replace("KEY", &format!("{mutation}-{key}")).replace("COUNT", &ids.len().to_string());
            let users = ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ");
            let document = format!(
                "mutation {{ {mutation}(input: {{ users: {{ ids: [{users}] }}, {values} }}) {{ results {{ outcome user {{ email }} }} }} }}"
            );
            let (number, rows) = world.statements(&counter, &document, "CHANGED").await;
            assert_eq!(rows, ids.len(), "{mutation}");
            numbers.push(number);
        }
        assert!(numbers[0] > 0, "nothing was counted");
        assert_eq!(numbers[0], numbers[1], "{mutation} {values}");
    }
}
