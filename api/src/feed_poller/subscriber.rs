use std::collections::VecDeque;
use std::sync::Arc;

use domain::AccountId;
use event_store::{Cursor, RecordedEvent, Span, UnknownCursor};
use futures::Stream;
use futures::stream::unfold;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::sleep;

use super::{FOLLOWED, FeedPoller, News, PAGE, PAUSE_AFTER_FAILURE};
use crate::outage::{report, within};

/// Why nobody can subscribe.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// The cursor is not one that this feed has given out, or a restore has taken its event back.
    #[error(transparent)]
    UnknownCursor(#[from] UnknownCursor),
    /// The database was lost.
    #[error(transparent)]
    Store(#[from] event_store::Error),
}

/// Somebody who follows the user events of one account.
pub struct Subscriber {
    poller: Arc<FeedPoller>,
    account_id: AccountId,
    news: broadcast::Receiver<Arc<News>>,
    /// Everything up to here was handed out, or waits in `ready`.
    reached: Cursor,
    /// Until where the database has to be read, where it has.
    behind: Option<Cursor>,
    ready: VecDeque<RecordedEvent>,
}

impl FeedPoller {
    /// Follows the user events of an account: those after a cursor first, without one those that come from now on.
    ///
    /// # Errors
    /// When the cursor is of no event of this history, or the database is lost.
    pub async fn subscribe(self: &Arc<Self>, account_id: AccountId, after: Option<Cursor>) -> Result<Subscriber, SubscribeError> {
        // In this order: what comes after the end that is read here comes as news.
        let news = self.news.subscribe();
        let end = self.end().await?;
        if let Some(after) = after
            && (after > end || !self.knows(after).await?)
        {
            return Err(UnknownCursor.into());
        }
        self.subscribed.notify_one();
        let (reached, behind) = (after.unwrap_or(end), after.map(|_| end));
        Ok(Subscriber { poller: Arc::clone(self), account_id, news, reached, behind, ready: VecDeque::new() })
    }
}

impl Subscriber {
    /// The events in their order, for ever. While the database does not answer, it waits.
    pub fn into_stream(self) -> impl Stream<Item = RecordedEvent> + Send + 'static {
        unfold(self, |mut subscriber| async move { subscriber.next().await.map(|event| (event, subscriber)) })
    }

    async fn next(&mut self) -> Option<RecordedEvent> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if let Some(until) = self.behind {
                if let Err(failed) = within(self.catch_up(until)).await {
                    report(&failed, "a subscriber could not read what it has missed; trying again");
                    sleep(PAUSE_AFTER_FAILURE).await;
                }
                continue;
            }
            match self.news.recv().await {
                Ok(news) => self.take(&news),
                Err(RecvError::Lagged(_)) => self.fall_behind().await,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn take(&mut self, news: &News) {
        let Span { after, until } = news.span;
        if until <= self.reached {
            return;
        }
        if after > self.reached {
            self.behind = Some(until);
            return;
        }
        let is_new = |event: &&RecordedEvent| event.account_id == self.account_id && event.cursor > self.reached;
        self.ready.extend(news.events.iter().filter(is_new).cloned());
        self.reached = until;
    }

    /// Too much has come: what waits is thrown away, and read from the database instead.
    async fn fall_behind(&mut self) {
        self.news = self.news.resubscribe();
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
        let events = app.commands.event_store().account_feed_page(&app.database, self.account_id, FOLLOWED, span, PAGE).await?;
        let is_last = events.len() < PAGE as usize;
        self.reached = match events.last() {
            Some(last) if !is_last => last.cursor,
            _ => until,
        };
        if is_last {
            self.behind = None;
        }
        self.ready.extend(events);
        Ok(())
    }
}
