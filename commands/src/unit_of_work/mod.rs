//! The transaction of commands, in three states:
//!
//! 1. Locking (`together.rs`): the permits are shown and every lock is taken. What the commands claimed is looked up: idempotency records,
//!    streams, settings of accounts, holders of addresses (`loaded.rs`).
//! 2. [`Deciding`]: one handler after the other loads streams, looks things up and decides. Nothing is written; what is to be written is
//!    collected.
//! 3. `Writing` (`writing.rs`): the events of all are appended, and what follows from them is written (`effects.rs`), most of it in one statement. Only
//!    this state can commit.
//!
//! So the INSERT of the events is the first write of a transaction, and the order of the feed agrees with cause and effect. A command
//! implements [`Handler`], states its [`Claims`] with its permit, and is run by [`Commands::run`]. It shares its transaction with the commands that
//! wait at the same time (`commit_queues.rs`, `waiting.rs`), or has one of its own.

mod changes;
mod claims;
mod commit_queues;
mod decided;
mod deciding;
mod effects;
mod loaded;
mod loaded_stream;
mod member;
mod one_stream;
mod reading;
mod together;
mod waiting;
mod writing;

use std::sync::Arc;

use event_store::{is_conflict, retry_conflicts};

pub(crate) use self::changes::{Decidable, NewReset};
pub(crate) use self::claims::Claims;
pub(crate) use self::commit_queues::CommitQueues;
use self::commit_queues::Reply;
pub(crate) use self::deciding::{Deciding, Settings};
pub(crate) use self::loaded_stream::LoadedStream;
use self::member::{Attempt, Member};
pub(crate) use self::one_stream::OneStream;
use self::together::{Locking, Outcome, run_together};
#[cfg(test)]
use self::writing::Writing;
pub(crate) use crate::idempotency::Idempotency;
use crate::{Commands, Error, Fault};

/// A command whose values are parsed, and which is answered with `A`. It may run several times, until no other transaction comes first;
/// only the last run is written.
pub(crate) trait Handler<A>: Send + Sync + 'static {
    /// How the same request is recognised when it comes again; `None` without an idempotency key.
    fn idempotency(&self) -> Option<Idempotency<'_, A>> {
        None
    }

    /// Loads and decides.
    fn decide(&self, work: &mut Deciding<'_>) -> impl Future<Output = Result<A, Error>> + Send;
}

impl Commands {
    /// Runs a command, with what it claims, until no other transaction comes first.
    pub(crate) async fn run<A: Send + 'static>(&self, claims: Claims, handler: impl Handler<A>) -> Result<A, Error> {
        let handler = Arc::new(handler);
        let claims = match self.run_in_queue(claims, &handler).await? {
            Reply::Alone(claims) => claims,
            Reply::Done(result) => return result,
        };
        // On the heap: everything that a command does is in this future, and callers keep theirs small.
        Box::pin(self.retrying(|| self.run_alone(&claims, &handler))).await
    }

    /// Runs a command once. When another transaction comes first, the caller looks up again what the command is about.
    pub(crate) async fn run_once<A: Send + 'static>(&self, claims: Claims, handler: impl Handler<A>) -> Result<A, Error> {
        let handler = Arc::new(handler);
        match self.run_in_queue(claims, &handler).await? {
            Reply::Alone(claims) => Box::pin(self.run_alone(&claims, &handler)).await,
            Reply::Done(result) => result,
        }
    }

    async fn run_in_queue<A: Send + 'static>(&self, claims: Claims, handler: &Arc<impl Handler<A>>) -> Result<Reply<A>, Error> {
        match &self.commit_queues {
            Some(queues) => queues.run(self, claims, handler).await,
            None => Ok(Reply::Alone(claims)),
        }
    }

    /// Runs a command in a transaction of its own, which waits for its locks.
    async fn run_alone<A: Send>(&self, claims: &Claims, handler: &Arc<impl Handler<A>>) -> Result<A, Error> {
        let mut attempt = Attempt::new(claims.clone(), handler);
        let mut outcome = self.attempt(&mut attempt).await?;
        if matches!(outcome, Outcome::WithAdmins) {
            attempt = Attempt::new(claims.clone().admins(), handler);
            outcome = self.attempt(&mut attempt).await?;
        }
        match outcome {
            Outcome::Failed(error) => Err(error),
            Outcome::Answered => Ok(attempt.into_answer()),
            Outcome::Alone | Outcome::WithAdmins | Outcome::Next => unreachable!("it is alone, and waited for all of its locks"),
        }
    }

    async fn attempt(&self, member: &mut impl Member) -> Result<Outcome, Error> {
        let _permits = self.queues.wait(member.claims().permit().account_id(), member.locks()).await?;
        let outcomes = run_together(self, std::slice::from_mut(member), Locking::Wait, &|| {}).await;
        Ok(outcomes.into_iter().next().expect("one for each command"))
    }

    /// Runs a command, each time in a transaction of its own, until no other comes first. One that conflicts every time counts as
    /// unavailable: the same may succeed later.
    pub(crate) async fn retrying<T, F>(&self, command: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        match retry_conflicts(command, Error::is_race).await {
            Err(Error::Fault(Fault::Database(error))) if is_conflict(&error) => Err(Fault::Unavailable(error).into()),
            result => result,
        }
    }
}

/// These functions compile only while the methods that they call exist in no state: an own method would come before that of the trait, and
/// return something else.
#[cfg(test)]
mod absent_methods {
    use super::reading::Reading;
    use super::{Deciding, Writing};

    struct Absent;

    trait NoMethod: Sized {
        fn append(self) -> Absent {
            Absent
        }
        fn commit(self) -> Absent {
            Absent
        }
        fn decide(self) -> Absent {
            Absent
        }
        fn load(self) -> Absent {
            Absent
        }
        fn reading(self) -> Absent {
            Absent
        }
        fn connection(self) -> Absent {
            Absent
        }
    }

    impl NoMethod for Deciding<'_> {}
    impl NoMethod for Reading<'_> {}
    impl NoMethod for Writing<'_> {}

    #[test]
    fn a_state_has_no_method_of_another() {
        // A command that decides can neither write nor commit.
        let _: [fn(Deciding<'static>) -> Absent; 3] = [|work| work.append(), |work| work.commit(), |work| work.connection()];
        // What it looks things up with can only read.
        let _: [fn(Reading<'static>) -> Absent; 3] = [|work| work.append(), |work| work.commit(), |work| work.connection()];
        // After the append, nothing is decided, and no one is given the connection.
        let _: [fn(Writing<'static>) -> Absent; 5] =
            [|work| work.load(), |work| work.decide(), |work| work.reading(), |work| work.append(), |work| work.connection()];
    }
}
