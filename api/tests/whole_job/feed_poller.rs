//! The one poller of a process, and subscribers who are slower than it.

use std::sync::Arc;

use api::workers::feed::FeedPoller;
use chrono::Utc;
use commands::{Context, UpdateUser};
use domain::Actor;
use event_store::Cursor;
use futures::{Stream, StreamExt};
use projections::BatchedEvent;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::program::TIMEOUT;
use crate::world::{World, app_over};

async fn next(events: &mut (impl Stream<Item = BatchedEvent> + Unpin)) -> Cursor {
    let event = timeout(TIMEOUT, events.next()).await.expect("it comes").expect("it has no end");
    event.read().recorded.cursor
}

/// The broadcast to subscribers holds 64 parts; here are more, each of one event.
#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_who_reads_much_later_gets_everything() {
    const EVENTS: usize = 150;
    let world = World::start().await;
    let app = Arc::new(app_over(&world.database));
    let poller = Arc::new(FeedPoller::new(Arc::clone(&app)));
    let shutdown = CancellationToken::new();
    let running = tokio::spawn({
        let (poller, shutdown) = (Arc::clone(&poller), shutdown.clone());
        async move { poller.run(shutdown).await }
    });
    // Both begin at the same place: where the feed ends may move between two questions, as older transactions end.
    let start = Some(poller.end().await.unwrap());
    let mut slow = poller.subscribe(world.account_id, start).await.unwrap().into_stream().boxed();
    let mut quick = poller.subscribe(world.account_id, start).await.unwrap().into_stream().boxed();
    let operator = Context::new(Actor::Operator, None, Utc::now());
    let mut seen = vec![];
    for round in 0..EVENTS {
        let update = UpdateUser { id: world.admin.id.clone(), name: Some(format!("Ada {round}")), ..UpdateUser::default() };
        app.commands.update_user(&operator, world.account_id, &update).await.unwrap();
        seen.push(next(&mut quick).await);
    }
    let mut late = vec![];
    for _ in 0..EVENTS {
        late.push(next(&mut slow).await);
    }
    assert_eq!(late, seen);
    assert!(late.is_sorted_by(|a, b| a < b));
    // Someone who comes when no one has listened for a while.
    drop((slow, quick));
    let mut later = poller.subscribe(world.account_id, late.get(EVENTS - 3).copied()).await.unwrap().into_stream().boxed();
    assert_eq!([next(&mut later).await, next(&mut later).await], late[EVENTS - 2..]);
    shutdown.cancel();
    running.await.unwrap();
}
