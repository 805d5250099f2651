//! Who wants to change what another is changing waits here, without a connection to the database.
//!
//! Postgres decides who has a lock. But a command that waits there keeps a connection, and forty that wait for the lock of one user would leave no
//! connection to anybody else. So in each process only one who wants a lock asks Postgres for it, and the others wait in its queue. What
//! commands of one account do at once is limited as well, because they also wait for rows that no lock stands for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::AccountId;
use event_store::Locks;
use sqlx::PgPool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::{Error, Fault};

/// The queues of those who use one pool of connections.
pub(crate) struct LockQueues {
    /// How many commands ask Postgres for the same lock at once.
    per_lock: usize,
    /// How many commands of one account run at once.
    per_account: usize,
    /// How long somebody waits: as long as for a connection.
    patience: Duration,
    /// Those in which somebody waits or is served.
    queues: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The places of a command at the head of its queues. When they are dropped, the next ones move up.
pub(crate) struct Places {
    /// Left before the place in the account's queue.
    _of_locks: Vec<Place>,
    _of_account: Place,
}

/// A place in a queue, to wait and to be served.
struct Place {
    queues: Arc<LockQueues>,
    name: String,
    queue: Arc<Semaphore>,
    served: Option<OwnedSemaphorePermit>,
}

impl LockQueues {
    /// For those who use this pool: commands of one account leave a third of its connections to others.
    pub(crate) fn of(pool: &PgPool) -> Arc<Self> {
        let connections = usize::try_from(pool.options().get_max_connections()).unwrap_or(usize::MAX);
        let per_account = (connections - connections / 3).max(1);
        Arc::new(Self { per_lock: 1, per_account, patience: pool.options().get_acquire_timeout(), queues: Mutex::default() })
    }

    /// Queues in which nobody waits.
    pub(crate) fn unlimited() -> Arc<Self> {
        let most = Semaphore::MAX_PERMITS;
        Arc::new(Self { per_lock: most, per_account: most, patience: Duration::MAX, queues: Mutex::default() })
    }

    /// Waits until a command may ask Postgres for its locks.
    ///
    /// # Errors
    /// [`Fault::Contended`] when that takes too long.
    pub(crate) async fn wait(self: &Arc<Self>, account_id: AccountId, locks: &Locks) -> Result<Places, Error> {
        let wait = async {
            let mut of_locks = Vec::new();
            // In the order in which everybody takes them, so that two never wait for each other.
            for name in locks.exclusive_names() {
                of_locks.push(self.wait_in(name.to_owned(), self.per_lock).await);
            }
            // Last, so that those who wait for a lock take no room from others of their account.
            let of_account = self.wait_in(format!("account|{account_id}"), self.per_account).await;
            Places { _of_locks: of_locks, _of_account: of_account }
        };
        timeout(self.patience, wait).await.map_err(|_| Fault::Contended.into())
    }

    async fn wait_in(self: &Arc<Self>, name: String, at_once: usize) -> Place {
        let queue = Arc::clone(self.queues().entry(name.clone()).or_insert_with(|| Arc::new(Semaphore::new(at_once))));
        let mut place = Place { queues: Arc::clone(self), name, queue: Arc::clone(&queue), served: None };
        place.served = Some(queue.acquire_owned().await.expect("a queue is never closed"));
        place
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<String, Arc<Semaphore>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.served = None;
        let mut queues = self.queues.queues();
        // The map and this place have it: nobody else is in this queue.
        if Arc::strong_count(&self.queue) == 2 {
            queues.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use domain::UserId;
    use event_store::Lock;
    use futures::poll;
    use tokio::pin;
    use uuid::Uuid;

    use super::*;

    fn queues() -> Arc<LockQueues> {
        Arc::new(LockQueues { per_lock: 1, per_account: 2, patience: Duration::from_secs(5), queues: Mutex::default() })
    }

    fn lock_of(user: u128) -> Locks {
        Locks::new([Lock::User { user_id: UserId::new(Uuid::from_u128(user)) }.exclusive()])
    }

    const ACCOUNT: AccountId = AccountId::new(Uuid::nil());

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_asks_for_a_lock_and_whoever_waits_stops_nobody_else() {
        let queues = queues();
        let first = queues.wait(ACCOUNT, &lock_of(1)).await.expect("nobody has it");
        let lock = lock_of(1);
        let mut waiting: Vec<_> = (0..10).map(|_| Box::pin(queues.wait(ACCOUNT, &lock))).collect();
        for second in &mut waiting {
            assert!(poll!(second.as_mut()).is_pending());
        }
        drop(queues.wait(ACCOUNT, &lock_of(2)).await.expect("those who wait take no room"));
        drop(first);
        assert!(poll!(waiting[0].as_mut()).is_ready());
        // It was dropped at once, so the next one is served.
        assert!(waiting.remove(1).await.is_ok());
        drop(waiting);
        assert!(queues.queues().is_empty(), "no queue is kept that nobody is in");
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_has_its_share_and_others_have_theirs() {
        let queues = queues();
        let (_one, _two) = (queues.wait(ACCOUNT, &lock_of(1)).await, queues.wait(ACCOUNT, &lock_of(2)).await);
        let lock = lock_of(3);
        let third = queues.wait(ACCOUNT, &lock);
        pin!(third);
        assert!(poll!(third.as_mut()).is_pending());
        let other = AccountId::new(Uuid::from_u128(1));
        assert!(queues.wait(other, &lock_of(4)).await.is_ok());
        assert!(matches!(third.await, Err(Error::Fault(Fault::Contended))), "nobody waits for ever");
        assert!(
            matches!(poll!(Box::pin(queues.wait(other, &lock)).as_mut()), Poll::Ready(Ok(_))),
            "a command that gave up has left the queue"
        );
    }
}
