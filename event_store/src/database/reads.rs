//! A pool for single reads that keeps its connections for the next read.
//!
//! sqlx asks each connection that is given back whether it still answers: one more round trip for each statement, and a task. A read that
//! has ended well leaves its connection ready for the next one, so [`Reads`] keeps it. All other connections go back to the pool.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Describe, Either, Execute, Executor, PgPool, Postgres};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{interval, timeout};

use super::hooks::can_be_used;

/// How long a connection is kept without being used, and how long at most. Then the pool sees to its age.
const IDLE_TIME: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// Runs single reads over the connections of a pool, as `&PgPool` does.
#[derive(Clone)]
pub struct Reads(Arc<Inner>);

struct Inner {
    pool: PgPool,
    /// How many reads run at the same time. `None` where each statement gives its connection back.
    permits: Option<Arc<Semaphore>>,
    kept: Mutex<Vec<Kept>>,
}

/// A connection that waits for the next read.
struct Kept {
    connection: PoolConnection<Postgres>,
    taken_at: Instant,
    used_at: Instant,
}

/// A connection while a read uses it.
struct Lease {
    connection: PoolConnection<Postgres>,
    taken_at: Instant,
    permit: Option<OwnedSemaphorePermit>,
}

impl Reads {
    /// Reads over a pool that keep nothing.
    #[must_use]
    pub fn over(pool: PgPool) -> Self {
        Self(Arc::new(Inner { pool, permits: None, kept: Mutex::default() }))
    }

    /// Reads that keep up to half of the connections of a pool, so that the rest is free for transactions. Only for connections without a
    /// pooler in between. Must be called inside of a Tokio runtime.
    #[must_use]
    pub fn keeping(pool: PgPool) -> Self {
        let most = pool.options().get_max_connections() as usize / 2;
        if most == 0 {
            return Self::over(pool);
        }
        let closed = pool.close_event();
        let inner = Arc::new(Inner { pool, permits: Some(Arc::new(Semaphore::new(most))), kept: Mutex::default() });
        let kept = Arc::downgrade(&inner);
        tokio::spawn(async move {
            let mut closed = closed;
            let _ = closed.do_until(give_back_unused(kept.clone())).await;
            if let Some(inner) = kept.upgrade() {
                inner.kept().clear();
            }
        });
        Self(inner)
    }

    async fn take(&self) -> Result<Lease, sqlx::Error> {
        let Inner { pool, permits, .. } = &*self.0;
        let permit = match permits {
            Some(permits) => {
                let permit = timeout(pool.options().get_acquire_timeout(), Arc::clone(permits).acquire_owned()).await;
                Some(permit.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?)
            }
            None => None,
        };
        loop {
            let kept = self.0.kept().pop();
            let Some(Kept { mut connection, taken_at, used_at }) = kept else { break };
            if matches!(can_be_used(&mut connection, taken_at.elapsed(), used_at.elapsed()).await, Ok(true)) {
                return Ok(Lease { connection, taken_at, permit });
            }
            connection.close_on_drop();
        }
        Ok(Lease { connection: pool.acquire().await?, taken_at: Instant::now(), permit })
    }

    /// Keeps a connection whose read has ended well.
    fn keep(&self, Lease { connection, taken_at, permit }: Lease) {
        let mut kept = self.0.kept();
        // Asked under the lock: what is kept now, closing the pool finds.
        if permit.is_some() && taken_at.elapsed() < LONGEST && !self.0.pool.is_closed() {
            kept.push(Kept { connection, taken_at, used_at: Instant::now() });
        }
    }
}

impl Inner {
    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives back what was not used for some time, until no one reads any more.
async fn give_back_unused(inner: Weak<Inner>) {
    let mut ticks = interval(IDLE_TIME);
    loop {
        ticks.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        let unused: Vec<_> = inner.kept().extract_if(.., |kept| kept.used_at.elapsed() >= IDLE_TIME).collect();
        for Kept { mut connection, taken_at, used_at } in unused {
            if !matches!(can_be_used(&mut connection, taken_at.elapsed(), used_at.elapsed()).await, Ok(true)) {
                connection.close_on_drop();
            }
        }
    }
}

impl fmt::Debug for Reads {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reads").finish_non_exhaustive()
    }
}

impl<'p> Executor<'p> for &'p Reads {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let read = async move {
            let mut lease = self.take().await?;
            let answer: Vec<_> = lease.connection.fetch_many(query).try_collect().await?;
            self.keep(lease);
            Ok::<_, sqlx::Error>(stream::iter(answer.into_iter().map(Ok)))
        };
        stream::once(read).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        Box::pin(async move {
            let mut lease = self.take().await?;
            let row = lease.connection.fetch_optional(query).await?;
            self.keep(lease);
            Ok(row)
        })
    }

    fn prepare_with<'e, 'q: 'e>(self, sql: &'q str, parameters: &'e [PgTypeInfo]) -> BoxFuture<'e, Result<PgStatement<'q>, sqlx::Error>>
    where
        'p: 'e,
    {
        self.0.pool.prepare_with(sql, parameters)
    }

    fn describe<'e, 'q: 'e>(self, sql: &'q str) -> BoxFuture<'e, Result<Describe<Postgres>, sqlx::Error>>
    where
        'p: 'e,
    {
        self.0.pool.describe(sql)
    }
}
