use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::extract::ws::{Message, WebSocket};
use futures::{SinkExt, stream::SplitSink};
use serde::Serialize;
use tokio::time::{Instant, timeout};
use tracing::error;

use super::close::Close;

/// How many messages may wait before nothing more is read from the client.
const MAX_WAITING: usize = 32;
/// How long a client may take to read the last message.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// A message that waited so long did not fit into our own buffers: the client must have read something.
const HELD_UP: Duration = Duration::from_secs(1);

/// The messages that wait to be sent. Sending can stop at any moment and go on later.
pub(super) struct Outbox {
    sink: SplitSink<WebSocket, Message>,
    waiting: VecDeque<Message>,
    /// Since when something has not been sent to its last byte.
    since: Option<Instant>,
}

/// Everything that waited was sent.
pub(super) struct Sent {
    /// Whether the client must have read something.
    pub(super) proves_life: bool,
}

impl Outbox {
    pub(super) fn new(sink: SplitSink<WebSocket, Message>) -> Self {
        Self { sink, waiting: VecDeque::new(), since: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.since.is_none()
    }

    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() < MAX_WAITING
    }

    pub(super) fn push(&mut self, message: Message) {
        self.since.get_or_insert_with(Instant::now);
        self.waiting.push_back(message);
    }

    pub(super) fn push_json(&mut self, message: &impl Serialize) -> Result<(), Close> {
        let text = serde_json::to_string(message).map_err(|failed| {
            error!(error = %failed, "a message cannot be written as JSON");
            Close::INTERNAL
        })?;
        self.push(Message::Text(text.into()));
        Ok(())
    }

    /// Sends what waits. Pends while nothing waits.
    pub(super) async fn send(&mut self) -> Result<Sent, axum::Error> {
        poll_fn(|context| self.poll_send(context)).await
    }

    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<Result<Sent, axum::Error>> {
        let Some(since) = self.since else { return Poll::Pending };
        while !self.waiting.is_empty() {
            ready!(self.sink.poll_ready_unpin(context))?;
            if let Some(message) = self.waiting.pop_front() {
                self.sink.start_send_unpin(message)?;
            }
        }
        ready!(self.sink.poll_flush_unpin(context))?;
        self.since = None;
        Poll::Ready(Ok(Sent { proves_life: since.elapsed() >= HELD_UP }))
    }

    /// Sends why the socket is closed. Waiting messages are dropped.
    pub(super) async fn close(mut self, close: Close) {
        // A client that does not read it, or is gone, loses nothing.
        let _ = timeout(CLOSE_TIMEOUT, self.sink.send(close.into())).await;
    }
}
