//! How a process that serves uses its connections to the database.

use std::time::Duration;

use clap::{Args, ValueEnum, value_parser};
use event_store::{Connector, PoolSettings, Pooler, Timeouts};
use sqlx::PgPool;

use crate::server::OtherPools;

/// Connections for workers, exports and the readiness check. Each part has its own, so that none makes the others wait.
const WORKERS: u32 = 3;
const EXPORTS: u32 = 2;
const READINESS: u32 = 1;
/// The readiness check answers within two seconds, so it waits less.
const READINESS_TIMEOUT: Duration = Duration::from_millis(1500);
/// How many connections a command of an operator uses at most: a rebuild reads while four others repair.
const OPERATOR: u32 = 6;
const OPERATOR_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a statement of an export may take: it may look through years of history for a page of events.
const EXPORT_STATEMENT: Duration = Duration::from_mins(5);

/// How many connections to the database there are, and what may take how long.
#[derive(Args, Clone)]
pub(super) struct ConnectionArgs {
    /// How many connections to the database answer requests. There are up to 3 more for workers, 2 for exports, 1 for the readiness check
    #[arg(long = "database-connections", env = "ROSTER_DATABASE_CONNECTIONS", value_name = "NUMBER", default_value_t = 10, value_parser = value_parser!(u32).range(1..=1000))]
    connections: u32,
    /// How many seconds a request waits for a connection to the database
    #[arg(long = "database-acquire-timeout", env = "ROSTER_DATABASE_ACQUIRE_TIMEOUT", value_name = "SECONDS", default_value_t = 5, value_parser = value_parser!(u64).range(1..=30))]
    acquire_timeout: u64,
    /// How many seconds a statement may run; 0 for no limit. Statements of exports may run for 5 minutes
    #[arg(long = "database-statement-timeout", env = "ROSTER_DATABASE_STATEMENT_TIMEOUT", value_name = "SECONDS", default_value_t = 25, value_parser = value_parser!(u64).range(0..=3600))]
    statement_timeout: u64,
    /// How many seconds a statement may wait for a lock; 0 for no limit
    #[arg(long = "database-lock-timeout", env = "ROSTER_DATABASE_LOCK_TIMEOUT", value_name = "SECONDS", default_value_t = 5, value_parser = value_parser!(u64).range(0..=3600))]
    lock_timeout: u64,
    /// How many seconds a transaction may be open without a statement, as when its process hangs; 0 for no limit
    #[arg(
        long = "database-idle-transaction-timeout",
        env = "ROSTER_DATABASE_IDLE_TRANSACTION_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = 15,
        value_parser = value_parser!(u64).range(0..=3600)
    )]
    idle_transaction_timeout: u64,
}

/// Whether there is a pooler such as `PgBouncer` between Roster and Postgres.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum PoolerArg {
    /// Find out at the start
    Detect,
    /// There is one, which may give each transaction another session
    Transaction,
    /// There is none, or it gives each connection a session of its own and takes options
    None,
}

impl From<PoolerArg> for Pooler {
    fn from(arg: PoolerArg) -> Self {
        match arg {
            PoolerArg::Detect => Self::Detect,
            PoolerArg::Transaction => Self::Transaction,
            PoolerArg::None => Self::None,
        }
    }
}

impl ConnectionArgs {
    /// The connections of requests, and those of everything else.
    pub(super) fn pools(&self, connector: &Connector) -> (PgPool, OtherPools) {
        let timeouts = Timeouts {
            statement: Duration::from_secs(self.statement_timeout),
            lock: Duration::from_secs(self.lock_timeout),
            idle_in_transaction: Duration::from_secs(self.idle_transaction_timeout),
        };
        let acquire_timeout = Duration::from_secs(self.acquire_timeout);
        let pool = |connections| PoolSettings { connections, acquire_timeout, timeouts };
        let of_exports = Timeouts { statement: EXPORT_STATEMENT, ..timeouts };
        let others = OtherPools {
            workers: connector.pool(pool(WORKERS)),
            exports: connector.pool(PoolSettings { timeouts: of_exports, ..pool(EXPORTS) }),
            readiness: connector.pool(PoolSettings { acquire_timeout: READINESS_TIMEOUT, ..pool(READINESS) }),
        };
        (connector.pool(pool(self.connections)), others)
    }
}

/// The connections of a command that an operator runs: its statements may take as long as they need.
pub(super) fn operator_pool(connector: &Connector) -> PgPool {
    let timeouts = Timeouts::default().of_long_work();
    connector.pool(PoolSettings { connections: OPERATOR, acquire_timeout: OPERATOR_TIMEOUT, timeouts })
}
