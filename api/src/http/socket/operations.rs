use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc};

use async_graphql::Response;
use futures::{
    StreamExt,
    stream::{AbortHandle, BoxStream, SelectAll, abortable, once},
};

/// The subscriptions of one socket.
#[derive(Default)]
pub(super) struct Operations {
    running: SelectAll<BoxStream<'static, News>>,
    handles: HashMap<Arc<str>, AbortHandle>,
}

/// What a subscription brings.
pub(super) struct News {
    pub(super) id: Arc<str>,
    pub(super) what: What,
}

pub(super) enum What {
    Answer { response: Box<Response>, is_first: bool },
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
        let answers = AssertUnwindSafe(responses).catch_unwind().enumerate().map(|(count, response)| match response {
            Ok(response) => What::Answer { response: Box::new(response), is_first: count == 0 },
            Err(_panic) => What::Panicked,
        });
        let told = Arc::clone(&id);
        let news = answers.chain(once(async { What::Ended })).map(move |what| News { id: Arc::clone(&told), what });
        let (news, handle) = abortable(news);
        self.running.push(news.boxed());
        self.handles.insert(id, handle);
    }

    /// Ends a subscription, if there is one of this id.
    pub(super) fn end(&mut self, id: &str) {
        if let Some(handle) = self.handles.remove(id) {
            handle.abort();
        }
    }

    /// What comes next from any of them; pends while there is none.
    pub(super) async fn next(&mut self) -> News {
        match self.running.next().await {
            Some(news) => news,
            None => std::future::pending().await,
        }
    }
}
