use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::Version,
};
use hyper::body::{Frame, SizeHint};

/// What goes on in one connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Activity(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// How many requests have come.
    asked: AtomicUsize,
    /// How many of them are not answered to their last byte.
    open: AtomicUsize,
    /// Whether the client has begun a request, as far as one can tell without reading it.
    has_begun: AtomicBool,
    /// Over HTTP/2 a client also says things that begin no request.
    is_http2: AtomicBool,
}

impl Activity {
    /// A request has come; it is open until the guard is dropped.
    pub(super) fn open(&self, version: Version) -> Open {
        self.0.asked.fetch_add(1, Relaxed);
        self.0.open.fetch_add(1, Relaxed);
        self.0.has_begun.store(false, Relaxed);
        self.0.is_http2.store(version == Version::HTTP_2, Relaxed);
        Open(Arc::clone(&self.0))
    }

    /// Bytes have come. While a request is open they are taken for its body.
    pub(super) fn hear(&self) {
        if self.is_idle() && !self.is_http2() {
            self.0.has_begun.store(true, Relaxed);
        }
    }

    /// How many requests have come.
    pub(super) fn asked(&self) -> usize {
        self.0.asked.load(Relaxed)
    }

    /// Whether no request is open.
    pub(super) fn is_idle(&self) -> bool {
        self.0.open.load(Relaxed) == 0
    }

    /// Whether the connection speaks HTTP/2, as far as its requests tell.
    pub(super) fn is_http2(&self) -> bool {
        self.0.is_http2.load(Relaxed)
    }

    /// Whether a request has begun whose headers are not complete.
    pub(super) fn has_begun(&self) -> bool {
        self.0.has_begun.load(Relaxed)
    }
}

/// One request that is being answered.
#[derive(Debug)]
pub(super) struct Open(Arc<State>);

impl Open {
    /// Keeps the request open while its answer is being sent.
    pub(super) fn until_sent(self, body: Body) -> Body {
        Body::new(Sending { body, _open: self })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Relaxed);
    }
}

struct Sending {
    body: Body,
    _open: Open,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
