//! Group commit: commands that wait at the same time share a transaction, so that many of them cost one commit.
//!
//! Every command waits in the queue of its account. While one transaction of a queue writes, the next one takes the commands that have come
//! meanwhile (`waiting.rs`). No timer holds a command back, so a single one is as fast as without queues. A queue never waits for a lock: a
//! command whose locks are not free runs alone, as its caller's own work. The queue owns its commands: a caller that goes away changes nothing
//! for the others.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::AccountId;
use event_store::Locks;
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::PgPool;
use tokio::sync::oneshot;
use tokio::{task, time};
use tracing::{Instrument, Span, error};

use super::decided::Decided;
use super::deciding::Start;
use super::member::{Attempt, Member};
use super::together::{Locking, Outcome, run_together};
use super::waiting::{CommitQueue, MAX_TRANSACTIONS, Waiting};
use super::{Claims, Handler};
use crate::idempotency::KeyedRequest;
use crate::{Commands, Error, Fault};

/// How many queues there are, at most.
const MAX_QUEUES: usize = 4;

/// The queues of the commands that use one pool of connections.
pub(crate) struct CommitQueues {
    queues: Vec<Mutex<CommitQueue<Box<dyn Queued>>>>,
    /// How long a command waits for its turn: as long as for a connection.
    timeout: Duration,
}

/// A command in a queue.
trait Queued: Member {
    /// Begins it, if its caller still waits for it.
    fn begin(&self) -> bool;

    /// Hands what became of it to its caller.
    fn answer(self: Box<Self>, outcome: Outcome);
}

/// What a command in a queue is answered with.
pub(super) enum Reply<A> {
    Done(Result<A, Error>),
    /// It has to run alone, with these claims.
    Alone(Claims),
}

struct Job<H, A> {
    attempt: Attempt<H, A>,
    reply: oneshot::Sender<Reply<A>>,
    turn: Arc<Turn>,
    span: Span,
}

/// Whether a command has begun, or its caller has gone.
#[derive(Default)]
struct Turn(AtomicU8);

impl Turn {
    const BEGUN: u8 = 1;
    const GIVEN_UP: u8 = 2;

    /// Whether this came first.
    fn set(&self, to: u8) -> bool {
        self.0.compare_exchange(0, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// Gives a command up when its caller goes away before it has begun.
struct Caller(Arc<Turn>);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.set(Turn::GIVEN_UP);
    }
}

impl CommitQueues {
    /// For the commands that use this pool. They leave most of its connections to others.
    pub(crate) fn of(pool: &PgPool) -> Arc<Self> {
        let connections = usize::try_from(pool.options().get_max_connections()).unwrap_or(usize::MAX);
        let queues = (0..(connections / (2 * MAX_TRANSACTIONS)).clamp(1, MAX_QUEUES)).map(|_| Mutex::default()).collect();
        Arc::new(Self { queues, timeout: pool.options().get_acquire_timeout() })
    }

    fn queue(&self, account_id: AccountId) -> MutexGuard<'_, CommitQueue<Box<dyn Queued>>> {
        let hash = BuildHasherDefault::<DefaultHasher>::new().hash_one(account_id.uuid());
        let count = u64::try_from(self.queues.len()).expect("there are few");
        let queue = &self.queues[usize::try_from(hash % count).expect("it is below their number")];
        queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a command together with those that wait at the same time.
    ///
    /// # Errors
    /// [`Fault::Contended`] when its turn does not come in time.
    pub(super) async fn run<H, A>(&self, commands: &Commands, claims: Claims, handler: &Arc<H>) -> Result<Reply<A>, Error>
    where
        H: Handler<A>,
        A: Send + 'static,
    {
        let (reply, mut replied) = oneshot::channel();
        let caller = Caller(Arc::default());
        let account_id = claims.permit().account_id();
        let job = Job { attempt: Attempt::new(claims, handler), reply, turn: Arc::clone(&caller.0), span: Span::current() };
        self.push(commands, account_id, Box::new(job));
        let reply = match time::timeout(self.timeout, &mut replied).await {
            Err(_) if caller.0.set(Turn::GIVEN_UP) => return Err(Fault::Contended.into()),
            // It has begun, and its transaction has time limits.
            Err(_) => replied.await,
            Ok(reply) => reply,
        };
        reply.map_err(|_| Fault::CutOff.into())
    }

    fn push(&self, commands: &Commands, account_id: AccountId, job: Box<dyn Queued>) {
        if self.queue(account_id).push(job) {
            commands.begin_transaction(account_id);
        }
    }
}

impl Commands {
    fn begin_transaction(&self, account_id: AccountId) {
        tokio::spawn(self.clone().drive(account_id).instrument(Span::none()));
    }

    /// Runs the commands of the queue of an account, transaction after transaction, until none waits or another task goes on.
    async fn drive(self, account_id: AccountId) {
        let Some(queues) = &self.commit_queues else { return };
        loop {
            // Those who were just answered come again first.
            task::yield_now().await;
            let Some((number, mut jobs)) = queues.queue(account_id).take() else { return };
            let decided = || {
                if queues.queue(account_id).decided(number) {
                    self.begin_transaction(account_id);
                }
            };
            // A handler that panics takes the commands with it that share its transaction; those behind it are not lost.
            let run = AssertUnwindSafe(run_together(&self, &mut jobs, Locking::Try, &decided)).catch_unwind();
            let again = if let Ok(outcomes) = run.await {
                answer(jobs, outcomes)
            } else {
                error!(commands = jobs.len(), "a command panicked: all commands of its transaction are cut off");
                vec![]
            };
            if !queues.queue(account_id).ended(number, again) {
                return;
            }
        }
    }
}

/// Answers commands, except those of the next transaction.
fn answer(jobs: Vec<Box<dyn Queued>>, outcomes: Vec<Outcome>) -> Vec<Box<dyn Queued>> {
    let mut again = vec![];
    for (job, outcome) in jobs.into_iter().zip(outcomes) {
        if matches!(outcome, Outcome::Next) { again.push(job) } else { job.answer(outcome) }
    }
    again
}

impl<H: Handler<A>, A: Send + 'static> Member for Job<H, A> {
    fn claims(&self) -> &Claims {
        self.attempt.claims()
    }

    fn request(&self) -> Option<&KeyedRequest> {
        self.attempt.request()
    }

    fn locks(&self) -> &Locks {
        self.attempt.locks()
    }

    fn decide<'m>(&'m mut self, start: Start<'m>) -> BoxFuture<'m, Result<Decided, Error>> {
        let span = self.span.clone();
        self.attempt.decide(start).instrument(span).boxed()
    }
}

impl<H: Handler<A>, A: Send + 'static> Queued for Job<H, A> {
    fn begin(&self) -> bool {
        // One that was begun already was put off to the next transaction.
        self.turn.set(Turn::BEGUN) || self.turn.0.load(Ordering::Acquire) == Turn::BEGUN
    }

    fn answer(self: Box<Self>, outcome: Outcome) {
        let reply = match outcome {
            Outcome::Answered => Reply::Done(Ok(self.attempt.into_answer())),
            Outcome::Failed(error) if error.is_race() => Reply::Alone(self.attempt.claims().clone()),
            Outcome::Failed(error) => Reply::Done(Err(error)),
            Outcome::WithAdmins => Reply::Alone(self.attempt.claims().clone().admins()),
            Outcome::Alone | Outcome::Next => Reply::Alone(self.attempt.claims().clone()),
        };
        // Without a caller no one wants to know.
        let _ = self.reply.send(reply);
    }
}

impl Member for Box<dyn Queued> {
    fn claims(&self) -> &Claims {
        (**self).claims()
    }

    fn request(&self) -> Option<&KeyedRequest> {
        (**self).request()
    }

    fn locks(&self) -> &Locks {
        (**self).locks()
    }

    fn decide<'m>(&'m mut self, start: Start<'m>) -> BoxFuture<'m, Result<Decided, Error>> {
        (**self).decide(start)
    }
}

impl Waiting for Box<dyn Queued> {
    fn locks(&self) -> &Locks {
        (**self).locks()
    }

    fn weight(&self) -> usize {
        self.claims().weight()
    }

    fn begin(&self) -> bool {
        (**self).begin()
    }
}

#[cfg(test)]
mod tests;
