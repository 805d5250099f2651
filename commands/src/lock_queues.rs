//! Commands of this process that want the same lock wait here, without a connection to the database.
//!
//! Postgres decides who has a lock. But a command that waits there keeps a connection, so forty commands that wait for the lock of one user
//! would leave no connection for others. Therefore one command of a process asks Postgres for a lock, and the others queue for its permit.
//! The number of commands that run at once for one account is limited too, because they also wait for rows that no lock covers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::AccountId;
use event_store::Locks;
use sqlx::PgPool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time;

use crate::{Error, Fault};

/// The queues of the commands that use one pool of connections.
pub(crate) struct LockQueues {
    /// How many commands ask Postgres for the same lock at once.
    per_lock: usize,
    /// How many commands of one account run at once.
    per_account: usize,
    /// How long a command waits: as long as for a connection.
    timeout: Duration,
    /// The queues in which a command waits or holds a permit.
    queues: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The permits of a command that may ask Postgres for its locks. When they are dropped, the next commands get them.
pub(crate) struct QueuePermits {
    /// Dropped before the permit of the account.
    _locks: Vec<QueuePermit>,
    _account: QueuePermit,
}

/// A permit of one queue; `None` while the command waits for it.
struct QueuePermit {
    queues: Arc<LockQueues>,
    name: String,
    queue: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
}

impl LockQueues {
    /// For the commands that use this pool. Those of one account leave a third of its connections to others.
    pub(crate) fn of(pool: &PgPool) -> Arc<Self> {
        let connections = usize::try_from(pool.options().get_max_connections()).unwrap_or(usize::MAX);
        let per_account = (connections - connections / 3).max(1);
        Arc::new(Self { per_lock: 1, per_account, timeout: pool.options().get_acquire_timeout(), queues: Mutex::default() })
    }

    /// Queues in which no command waits.
    pub(crate) fn unlimited() -> Arc<Self> {
        let most = Semaphore::MAX_PERMITS;
        Arc::new(Self { per_lock: most, per_account: most, timeout: Duration::MAX, queues: Mutex::default() })
    }

    /// Waits until a command may ask Postgres for its locks.
    ///
    /// # Errors
    /// [`Fault::Contended`] when that takes too long.
    pub(crate) async fn wait(self: &Arc<Self>, account_id: AccountId, locks: &Locks) -> Result<QueuePermits, Error> {
        let wait = async {
            let mut permits = Vec::new();
            // All commands take them in the same order, so that two never wait for each other.
            for name in locks.exclusive_names() {
                permits.push(self.wait_in(name.to_owned(), self.per_lock).await);
            }
            // Last, so that a command that waits for a lock takes no permit from others of its account.
            let account = self.wait_in(format!("account|{account_id}"), self.per_account).await;
            QueuePermits { _locks: permits, _account: account }
        };
        time::timeout(self.timeout, wait).await.map_err(|_| Fault::Contended.into())
    }

    async fn wait_in(self: &Arc<Self>, name: String, at_once: usize) -> QueuePermit {
        let queue = Arc::clone(self.queues().entry(name.clone()).or_insert_with(|| Arc::new(Semaphore::new(at_once))));
        let mut waiting = QueuePermit { queues: Arc::clone(self), name, queue: Arc::clone(&queue), permit: None };
        waiting.permit = Some(queue.acquire_owned().await.expect("a queue is never closed"));
        waiting
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<String, Arc<Semaphore>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for QueuePermit {
    fn drop(&mut self) {
        self.permit = None;
        let mut queues = self.queues.queues();
        // Only the map and this permit have it: no other command is in this queue.
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
        Arc::new(LockQueues { per_lock: 1, per_account: 2, timeout: Duration::from_secs(5), queues: Mutex::default() })
    }

    fn lock_of(user: u128) -> Locks {
        Locks::new([Lock::User { user_id: UserId::new(Uuid::from_u128(user)) }.exclusive()])
    }

    const ACCOUNT: AccountId = AccountId::new(Uuid::nil());

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_asks_for_a_lock_and_anyone_who_waits_stops_no_one_else() {
        let queues = queues();
        let first = queues.wait(ACCOUNT, &lock_of(1)).await.expect("no one has it");
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
        assert!(queues.queues().is_empty(), "no queue is kept that no one is in");
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
        assert!(matches!(third.await, Err(Error::Fault(Fault::Contended))), "no one waits forever");
        assert!(
            matches!(poll!(Box::pin(queues.wait(other, &lock)).as_mut()), Poll::Ready(Ok(_))),
            "a command that gave up has left the queue"
        );
    }
}
