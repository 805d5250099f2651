use std::sync::Arc;

use domain::AccountId;
use event_store::{Cursor, Span, UnknownCursor};
use futures::Stream;
use futures::stream::unfold;
use projections::{BatchedEvent, EventBatch};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::sleep;

use super::followed::Following;
use super::{Batch, FeedPoller, PAGE, PAUSE_AFTER_FAILURE};
use crate::outage::{report, within};

/// Why a subscription is refused.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// The cursor is not one that this feed has given out, or a restore has taken its event back.
    #[error(transparent)]
    UnknownCursor(#[from] UnknownCursor),
    /// The database was lost.
    #[error(transparent)]
    Store(#[from] event_store::Error),
}

/// A reader that follows the events of one account.
pub struct Subscriber {
    poller: Arc<FeedPoller>,
    account_id: AccountId,
    batches: broadcast::Receiver<Arc<Batch>>,
    _following: Following,
    /// Everything up to here was handed out, or is in `ready`.
    reached: Cursor,
    /// Up to where the database has to be read, if it has.
    behind: Option<Cursor>,
    ready: Option<Ready>,
}

/// Events that are about to be handed out: those of the batch from an index on that come after a cursor.
struct Ready {
    batch: Arc<EventBatch>,
    next: usize,
    after: Cursor,
}

impl FeedPoller {
    /// Follows the events of an account: first those after a cursor, without one those from now on.
    ///
    /// # Errors
    /// When the cursor is of no event of this history, or the database is lost.
    pub async fn subscribe(self: &Arc<Self>, account_id: AccountId, after: Option<Cursor>) -> Result<Subscriber, SubscribeError> {
        // In this order: every batch that ends after the end that is read here has the events of this account.
        let (batches, following) = (self.batches.subscribe(), self.followed.follow(account_id));
        let end = self.end().await?;
        if let Some(after) = after
            && (after > end || !self.knows(after).await?)
        {
            return Err(UnknownCursor.into());
        }
        self.subscribed.notify_one();
        let (reached, behind) = (after.unwrap_or(end), after.map(|_| end));
        Ok(Subscriber { poller: Arc::clone(self), account_id, batches, _following: following, reached, behind, ready: None })
    }
}

impl Subscriber {
    /// The events in their order, without end. While the database does not answer, it waits.
    pub fn into_stream(self) -> impl Stream<Item = BatchedEvent> + Send + 'static {
        unfold(self, |mut subscriber| async move { subscriber.next().await.map(|event| (event, subscriber)) })
    }

    async fn next(&mut self) -> Option<BatchedEvent> {
        loop {
            if let Some(event) = self.ready.as_mut().and_then(Ready::next) {
                return Some(event);
            }
            self.ready = None;
            if let Some(until) = self.behind {
                if let Err(failed) = within(self.catch_up(until)).await {
                    report(&failed, "a subscriber could not read what it has missed; trying again");
                    sleep(PAUSE_AFTER_FAILURE).await;
                }
                continue;
            }
            match self.batches.recv().await {
                Ok(batch) => self.take(&batch),
                Err(RecvError::Lagged(_)) => self.fall_behind().await,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn take(&mut self, batch: &Batch) {
        let Span { after, until } = batch.span;
        if until <= self.reached {
            return;
        }
        if after > self.reached {
            self.behind = Some(until);
            return;
        }
        self.ready = batch.accounts.get(&self.account_id).map(|batch| Ready { batch: Arc::clone(batch), next: 0, after: self.reached });
        self.reached = until;
    }

    /// Too many batches have come: those that wait are dropped, and the database is read instead.
    async fn fall_behind(&mut self) {
        self.batches = self.batches.resubscribe();
        self.behind = loop {
            match within(self.poller.end()).await {
                Ok(end) => break Some(end),
                Err(failed) => report(&failed, "a subscriber could not find out what it has missed; trying again"),
            }
            sleep(PAUSE_AFTER_FAILURE).await;
        };
    }

    async fn catch_up(&mut self, until: Cursor) -> Result<(), event_store::Error> {
        let app = &self.poller.app;
        let span = Span { after: self.reached, until };
        let store = app.commands.event_store();
        let part = store.read_account_feed(&app.database, self.account_id, span, PAGE).await?;
        self.ready = Some(Ready { batch: EventBatch::read(store, self.account_id, part.events), next: 0, after: self.reached });
        self.reached = part.until;
        if part.until == until {
            self.behind = None;
        }
        Ok(())
    }
}

impl Ready {
    fn next(&mut self) -> Option<BatchedEvent> {
        loop {
            let event = self.batch.get(self.next)?;
            self.next += 1;
            if event.read().recorded.cursor > self.after {
                return Some(event);
            }
        }
    }
}
