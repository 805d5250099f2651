//! Reads the feed once for the whole process, and hands what is new to whoever subscribes.
//!
//! There is one [`FeedPoller`]. It asks Postgres while there are subscribers, and sooner when this process has committed; nobody
//! notifies anybody inside a transaction. What it hands out are news: a part of the feed that says where it begins and ends.
//! A [`Subscriber`] takes the parts that adjoin its own cursor. Where one does not, because it came late or was slow, it reads
//! the database from its cursor on: so nothing is lost or repeated however slow somebody is, and what waits has a bound.

mod subscriber;

use std::sync::Arc;
use std::time::Duration;

use domain::AccountId;
use event_store::{Cursor, RecordedEvent, Span};
use tokio::sync::{Notify, broadcast};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::info;

pub use subscriber::{SubscribeError, Subscriber};

use crate::app::App;
use crate::outage::{report, within};

/// The streams that are followed.
const FOLLOWED: &str = "user";
/// How often Postgres is asked while there are subscribers: what other processes commit is seen this late.
const PAUSE: Duration = Duration::from_millis(100);
/// The shortest time between two questions, however often this process commits.
const MIN_PAUSE: Duration = Duration::from_millis(10);
/// How long a database that does not answer is left alone.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How many events are read at once.
const PAGE: u32 = 200;
/// How many parts wait for a subscriber before it has to read the database itself.
const WAITING: usize = 64;

/// A part of the feed with every user event in it, of all accounts.
#[derive(Debug)]
struct News {
    span: Span,
    events: Vec<RecordedEvent>,
}

/// The one reader of the feed in this process.
pub struct FeedPoller {
    app: Arc<App>,
    news: broadcast::Sender<Arc<News>>,
    subscribed: Notify,
}

impl FeedPoller {
    /// A poller that does nothing until it is [run](Self::run).
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self { app, news: broadcast::Sender::new(WAITING), subscribed: Notify::new() }
    }

    /// Follows the feed until `shutdown`.
    pub async fn run(&self, shutdown: CancellationToken) {
        shutdown.run_until_cancelled(self.follow()).await;
    }

    async fn follow(&self) {
        loop {
            // Looked at first: after a failure those who were here already are still waiting.
            if self.news.receiver_count() > 0 {
                self.follow_while_heard().await;
            } else {
                self.subscribed.notified().await;
            }
        }
    }

    async fn follow_while_heard(&self) {
        // Until which place everything was told, and until which it was read. In between there was nothing to tell.
        let (mut told, mut is_failing) = (None, false);
        let mut read = Cursor::default();
        while self.news.receiver_count() > 0 {
            let asked_at = Instant::now();
            let step = match told {
                None => within(self.begin()).await.map(|start| (start, start)),
                Some(told) => within(self.tell(told, read)).await,
            };
            match step {
                Ok(reached) => {
                    (told, read) = (Some(reached.0), reached.1);
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

    /// Where the feed ends now. Whoever was there before reads up to here by themselves.
    async fn begin(&self) -> Result<Cursor, event_store::Error> {
        let start = self.end().await?;
        self.announce(Span { after: start, until: start }, vec![]);
        Ok(start)
    }

    /// Tells what is new; answers until where everything is told, and until where it is read.
    async fn tell(&self, mut told: Cursor, mut read: Cursor) -> Result<(Cursor, Cursor), event_store::Error> {
        let end = self.end().await?;
        while read < end {
            let events = self.read(Span { after: read, until: end }).await?;
            let is_last = events.len() < PAGE as usize;
            read = match events.last() {
                Some(last) if !is_last => last.cursor,
                _ => end,
            };
            if !events.is_empty() {
                self.announce(Span { after: told, until: read }, events);
                told = read;
            }
        }
        Ok((told, read))
    }

    fn announce(&self, span: Span, events: Vec<RecordedEvent>) {
        // That the last one has just left is no error.
        let _ = self.news.send(Arc::new(News { span, events }));
    }

    async fn read(&self, span: Span) -> Result<Vec<RecordedEvent>, event_store::Error> {
        self.app.commands.event_store().feed_page(&self.app.database, FOLLOWED, span, PAGE).await
    }

    /// The last event of an account up to which everything can be read; the beginning before its first.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn end_of_account(&self, account_id: AccountId) -> Result<Cursor, event_store::Error> {
        self.app.commands.event_store().end_of_account(&self.app.database, account_id).await
    }

    async fn knows(&self, cursor: Cursor) -> Result<bool, event_store::Error> {
        self.app.commands.event_store().knows_cursor(&self.app.database, cursor).await
    }

    /// The place up to which everything can be read.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn end(&self) -> Result<Cursor, event_store::Error> {
        self.app.commands.event_store().end_of_feed(&self.app.database).await
    }
}
