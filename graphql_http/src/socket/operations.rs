use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc};

use async_graphql::Response;
use futures::{
    StreamExt,
    stream::{AbortHandle, BoxStream, SelectAll, abortable, once},
};

/// The subscriptions of one socket.
#[derive(Default)]
pub(super) struct Operations {
    running: SelectAll<BoxStream<'static, Output>>,
    handles: HashMap<Arc<str>, AbortHandle>,
}

/// The next output of one subscription.
pub(super) struct Output {
    pub(super) id: Arc<str>,
    pub(super) kind: OutputKind,
}

pub(super) enum OutputKind {
    Response { response: Box<Response>, is_first: bool },
    Panicked,
    Ended,
}

impl Operations {
    pub(super) fn count(&self) -> usize {
        self.handles.len()
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.handles.contains_key(id)
    }

    /// Adds a subscription under an id that is free.
    pub(super) fn begin(&mut self, id: &str, responses: BoxStream<'static, Response>) {
        let id: Arc<str> = id.into();
        let outputs = AssertUnwindSafe(responses).catch_unwind().enumerate().map(|(count, response)| match response {
            Ok(response) => OutputKind::Response { response: Box::new(response), is_first: count == 0 },
            Err(_panic) => OutputKind::Panicked,
        });
        let of = Arc::clone(&id);
        let outputs = outputs.chain(once(async { OutputKind::Ended })).map(move |kind| Output { id: Arc::clone(&of), kind });
        let (outputs, handle) = abortable(outputs);
        self.running.push(outputs.boxed());
        self.handles.insert(id, handle);
    }

    /// Ends a subscription, if there is one of this id.
    pub(super) fn end(&mut self, id: &str) {
        if let Some(handle) = self.handles.remove(id) {
            handle.abort();
        }
    }

    /// The next output of any subscription. Pends while no subscription runs.
    pub(super) async fn next(&mut self) -> Output {
        match self.running.next().await {
            Some(output) => output,
            None => std::future::pending().await,
        }
    }
}
