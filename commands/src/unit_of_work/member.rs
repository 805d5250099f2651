//! A command as its transaction sees it, whatever it is answered with.

use std::sync::Arc;

use event_store::Locks;
use futures::FutureExt;
use futures::future::BoxFuture;

use super::decided::Decided;
use super::deciding::Start;
use super::{Claims, Deciding, Handler};
use crate::Error;
use crate::idempotency::KeyedRequest;

/// A command of a transaction.
pub(super) trait Member: Send {
    fn claims(&self) -> &Claims;

    /// The request, if it has an idempotency key.
    fn request(&self) -> Option<&KeyedRequest>;

    /// All locks of the command, with those of the idempotency key of its request.
    fn locks(&self) -> &Locks;

    /// Decides. The answer waits until the transaction is committed.
    fn decide<'m>(&'m mut self, start: Start<'m>) -> BoxFuture<'m, Result<Decided, Error>>;
}

/// A command with the answer that it decided on last.
pub(super) struct Attempt<H, A> {
    claims: Claims,
    locks: Locks,
    handler: Arc<H>,
    answer: Option<A>,
}

impl<H: Handler<A>, A> Attempt<H, A> {
    pub(super) fn new(claims: Claims, handler: &Arc<H>) -> Self {
        let locks = claims.locks(handler.idempotency().map(|idempotency| idempotency.request));
        Self { claims, locks, handler: Arc::clone(handler), answer: None }
    }

    /// The answer of a command that was committed.
    pub(super) fn into_answer(self) -> A {
        self.answer.expect("a command that was decided has an answer")
    }
}

impl<H: Handler<A>, A: Send> Member for Attempt<H, A> {
    fn claims(&self) -> &Claims {
        &self.claims
    }

    fn request(&self) -> Option<&KeyedRequest> {
        self.handler.idempotency().map(|idempotency| idempotency.request)
    }

    fn locks(&self) -> &Locks {
        &self.locks
    }

    fn decide<'m>(&'m mut self, start: Start<'m>) -> BoxFuture<'m, Result<Decided, Error>> {
        let Self { claims, handler, answer, .. } = self;
        async move {
            let account_id = claims.permit().account_id();
            let idempotency = handler.idempotency();
            let mut work = Deciding::new(start, claims, idempotency.as_ref().map(|idempotency| idempotency.request))?;
            if let (Some(done), Some(idempotency)) = (work.recorded(), &idempotency)
                && let Some(repeated) = (idempotency.repeat)(account_id, done)
            {
                *answer = Some(repeated);
                return Ok(work.decided_nothing());
            }
            work.look_up_settings()?;
            let new = handler.decide(&mut work).await?;
            let done = idempotency.and_then(|idempotency| (idempotency.record)(account_id, &new));
            *answer = Some(new);
            Ok(work.decided(done))
        }
        .boxed()
    }
}
