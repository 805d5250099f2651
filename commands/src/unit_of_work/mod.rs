//! One transaction of one command, in three states, each a type in its own file:
//!
//! 1. [`Locking`]: the permit is shown and every lock is taken. The idempotency record and the settings of the account are looked up.
//! 2. [`Deciding`]: the handler loads streams, looks things up and decides. Nothing is written; what is to be written is collected.
//! 3. [`Writing`]: the events are appended, and what follows from them is written (`effects.rs`). Only this state can commit.
//!
//! So the INSERT of the events is the first write of a transaction, and the order of the feed agrees with cause and effect. A command
//! implements [`Handler`], states its [`Claims`] with its permit, and is run by [`Commands::run`], which is the only code that walks through
//! the states. Dropped in any state, a unit of work has changed nothing.

mod changes;
mod deciding;
mod effects;
mod locking;
mod one_stream;
mod writing;

use event_store::{is_conflict, retry_conflicts};
use sqlx::PgTransaction;

pub(crate) use self::changes::{Decidable, NewReset};
pub(crate) use self::deciding::{Deciding, LoadedStream};
use self::locking::Locking;
pub(crate) use self::locking::{Claims, Settings};
pub(crate) use self::one_stream::OneStream;
use self::writing::Writing;
pub(crate) use crate::idempotency::Idempotency;
use crate::idempotency::KeyedRequest;
use crate::lock_queues::QueuePermits;
use crate::permission::Permit;
use crate::{Commands, Error, Fault};

/// A command whose values are parsed, and which is answered with `A`. It may run several times, until no other transaction comes first;
/// only the last run is written.
pub(crate) trait Handler<A>: Sync {
    /// How the same request is recognised when it comes again; `None` without an idempotency key.
    fn idempotency(&self) -> Option<Idempotency<'_, A>> {
        None
    }

    /// Loads and decides.
    fn decide(&self, work: &mut Deciding<'_>) -> impl Future<Output = Result<A, Error>> + Send;
}

/// An open transaction, with what begins and ends with it.
struct Transaction<'a> {
    commands: &'a Commands,
    permit: &'a Permit,
    request: Option<&'a KeyedRequest>,
    database: PgTransaction<'static>,
    /// The last field, so that the next command begins when this transaction has ended.
    _permits: QueuePermits,
}

impl Commands {
    /// Runs a command, with what it claims, until no other transaction comes first.
    pub(crate) async fn run<A>(&self, claims: Claims<'_>, handler: &impl Handler<A>) -> Result<A, Error> {
        // On the heap: everything that a command does is in this future, and callers keep theirs small.
        Box::pin(self.retrying(|| self.run_once(&claims, handler))).await
    }

    /// Runs a command once.
    pub(crate) async fn run_once<A>(&self, claims: &Claims<'_>, handler: &impl Handler<A>) -> Result<A, Error> {
        let (account_id, idempotency) = (claims.permit().account_id(), handler.idempotency());
        let request = idempotency.as_ref().map(|idempotency| idempotency.request);
        let mut locking = Locking::begin(self, claims, request).await?;
        let recorded = locking.find_record().await?;
        if let (Some(done), Some(idempotency)) = (recorded, &idempotency)
            && let Some(answer) = (idempotency.repeat)(account_id, done)
        {
            return Ok(answer);
        }
        let mut deciding = locking.deciding(recorded.is_some()).await?;
        let answer = handler.decide(&mut deciding).await?;
        let done = idempotency.and_then(|idempotency| (idempotency.record)(account_id, &answer));
        deciding.append(done).await?.commit().await?;
        Ok(answer)
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
    use super::{Deciding, Locking, Writing};

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

    impl NoMethod for Locking<'_> {}
    impl NoMethod for Deciding<'_> {}
    impl NoMethod for Writing<'_> {}

    #[test]
    fn a_state_has_no_method_of_another() {
        // Before deciding, nothing is loaded or written.
        let _: [fn(Locking<'static>) -> Absent; 5] =
            [|work| work.load(), |work| work.decide(), |work| work.append(), |work| work.commit(), |work| work.connection()];
        // A command that forgets to append cannot commit.
        let _: [fn(Deciding<'static>) -> Absent; 2] = [|work| work.commit(), |work| work.connection()];
        // After the append, nothing is decided, and no one is given the connection.
        let _: [fn(Writing<'static>) -> Absent; 5] =
            [|work| work.load(), |work| work.decide(), |work| work.reading(), |work| work.append(), |work| work.connection()];
    }
}
