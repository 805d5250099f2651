//! Reads the feed once for the whole process and hands new events to subscribers.
//!
//! There is one [`FeedPoller`]. It asks Postgres while there are subscribers, sooner when this process has committed. It publishes
//! batches: the events of a span of the feed, for each account that has subscribers. A [`Subscriber`] takes the batches that adjoin
//! its own cursor. Where one does not adjoin, because the subscriber came late or was slow, it reads the database from its cursor on.
//! So no event is lost or repeated, and the number of batches that wait is bounded.

mod followed;
mod subscriber;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::AccountId;
use event_store::{Cursor, RecordedEvent, Span};
use projections::EventBatch;
use tokio::sync::{Notify, broadcast};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::info;

use followed::FollowedAccounts;
pub use subscriber::{SubscribeError, Subscriber};

use crate::app::App;
use crate::outage::{report, within};

/// How often Postgres is asked while there are subscribers: the delay of commits of other processes.
const PAUSE: Duration = Duration::from_millis(100);
/// The shortest time between two questions, however often this process commits.
const MIN_PAUSE: Duration = Duration::from_millis(10);
/// The pause after a failed read.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How many events are read at once.
const PAGE: u32 = 200;
/// How many batches wait for a subscriber before it has to read the database itself.
const MAX_WAITING: usize = 64;

/// The events of a span of the feed, for every account that has subscribers.
#[derive(Debug)]
struct Batch {
    span: Span,
    accounts: HashMap<AccountId, Arc<EventBatch>>,
}

/// How far the poller has come. Between the two there was nothing to publish.
#[derive(Clone, Copy)]
struct Progress {
    published: Cursor,
    read: Cursor,
}

/// The one reader of the feed in this process.
pub struct FeedPoller {
    app: Arc<App>,
    batches: broadcast::Sender<Arc<Batch>>,
    followed: Arc<FollowedAccounts>,
    subscribed: Notify,
}

impl FeedPoller {
    /// A poller that does nothing until it is [run](Self::run).
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self { app, batches: broadcast::Sender::new(MAX_WAITING), followed: Arc::default(), subscribed: Notify::new() }
    }

    /// Follows the feed until `shutdown`.
    pub async fn run(&self, shutdown: CancellationToken) {
        shutdown.run_until_cancelled(self.follow()).await;
    }

    async fn follow(&self) {
        loop {
            // Asked first: after a panic of this worker its subscribers are still there.
            if self.batches.receiver_count() > 0 {
                self.follow_while_subscribed().await;
            } else {
                self.subscribed.notified().await;
            }
        }
    }

    async fn follow_while_subscribed(&self) {
        let (mut progress, mut is_failing) = (None, false);
        while self.batches.receiver_count() > 0 {
            let asked_at = Instant::now();
            let step = match progress {
                None => within(self.begin()).await,
                Some(progress) => within(self.publish_new(progress)).await,
            };
            match step {
                Ok(reached) => {
                    progress = Some(reached);
                    if is_failing {
                        info!("the feed can be read again");
                    }
                    is_failing = false;
                }
                Err(failed) => {
                    if !is_failing {
                        report(&failed, "the feed could not be read; trying again");
                    }
                    is_failing = true;
                    sleep(PAUSE_AFTER_FAILURE).await;
                }
            }
            tokio::select! {
                () = self.app.commands.committed() => sleep_until(asked_at + MIN_PAUSE).await,
                () = sleep_until(asked_at + PAUSE) => {}
            }
        }
    }

    /// Begins where the feed ends now. Subscribers who are behind read up to here by themselves.
    async fn begin(&self) -> Result<Progress, event_store::Error> {
        let start = self.end().await?;
        self.publish(Span { after: start, until: start }, vec![]);
        Ok(Progress { published: start, read: start })
    }

    async fn publish_new(&self, mut progress: Progress) -> Result<Progress, event_store::Error> {
        let until = self.end().await?;
        while progress.read < until {
            // The accounts are taken after the end: an account that is not among them begins at this end, or later.
            let accounts = self.followed.accounts();
            let span = Span { after: progress.read, until };
            let part = self.app.commands.event_store().read_feed_part(&self.app.database, span, PAGE, &accounts).await?;
            progress.read = part.until;
            if !part.events.is_empty() {
                self.publish(Span { after: progress.published, until: part.until }, part.events);
                progress.published = part.until;
            }
        }
        Ok(progress)
    }

    fn publish(&self, span: Span, events: Vec<RecordedEvent>) {
        let mut by_account = HashMap::<_, Vec<_>>::new();
        for event in events {
            by_account.entry(event.account_id).or_default().push(event);
        }
        let store = self.app.commands.event_store();
        let accounts = by_account.into_iter().map(|(account, events)| (account, EventBatch::read(store, account, events))).collect();
        // An error means that the last subscriber has just left.
        let _ = self.batches.send(Arc::new(Batch { span, accounts }));
    }

    /// The last event of an account up to which everything can be read; the beginning before its first.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn end_of_account(&self, account_id: AccountId) -> Result<Cursor, event_store::Error> {
        self.app.commands.event_store().end_of_account(&self.app.database, account_id).await
    }

    async fn knows(&self, cursor: Cursor) -> Result<bool, event_store::Error> {
        self.app.commands.event_store().knows(&self.app.database, cursor).await
    }

    /// The cursor up to which everything can be read.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn end(&self) -> Result<Cursor, event_store::Error> {
        self.app.commands.event_store().feed_end(&self.app.database).await
    }
}
