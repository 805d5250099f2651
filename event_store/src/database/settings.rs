use std::time::Duration;

/// How one part of a process uses the database: requests, workers, exports, readiness, or a command of an operator.
#[derive(Clone, Debug)]
pub struct PoolSettings {
    /// The most connections that are open at once; at least 1.
    pub connections: u32,
    /// How long to wait for a connection: for a free one of the pool, and for the database to accept a new one.
    pub acquire_timeout: Duration,
    /// What Postgres enforces on each connection.
    pub timeouts: Timeouts,
}

/// The time limits that Postgres enforces. Zero means no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// How long a statement may run.
    pub statement: Duration,
    /// How long a statement may wait for one lock.
    pub lock: Duration,
    /// How long a transaction may stay open without a statement, so that a process that hangs does not keep its locks.
    pub idle_in_transaction: Duration,
}

impl Default for Timeouts {
    /// For statements that a client waits for.
    fn default() -> Self {
        Self { statement: Duration::from_secs(25), lock: Duration::from_secs(5), idle_in_transaction: Duration::from_secs(15) }
    }
}

impl Timeouts {
    /// For work that may take hours, such as a rebuild, an export or a migration: statements have no limit, and locks are waited for
    /// longer. Transactions without a statement are limited as usual.
    #[must_use]
    pub const fn of_long_work(self) -> Self {
        Self { statement: Duration::ZERO, lock: Duration::from_secs(30), ..self }
    }
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self { connections: 10, acquire_timeout: Duration::from_secs(5), timeouts: Timeouts::default() }
    }
}
