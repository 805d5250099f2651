//! How a process that serves uses its connections to the database.

use std::time::Duration;

use clap::{Args, ValueEnum, value_parser};
use event_store::{Connector, Pool, PoolSettings, Pooler, Timeouts};
use tracing::warn;

use crate::server::OtherPools;

/// The connections of each part of a server. Each part has its own, so that no part makes another wait.
const USUAL: Shares = Shares { requests: 10, workers: 3, exports: 2, readiness: 1 };
/// How many processes must fit if Postgres allows a role few connections: two servers, as during an upgrade, and one command.
const PROCESSES: u32 = 3;
/// With fewer connections than this, all parts of a process share them.
const FEWEST_TO_DIVIDE: u32 = 8;
/// The readiness check responds within two seconds, so it waits for less.
const READINESS_TIMEOUT: Duration = Duration::from_millis(1500);
/// The maximum number of connections of a command: a rebuild reads while four others repair.
const OPERATOR: u32 = 6;
const OPERATOR_TIMEOUT: Duration = Duration::from_secs(10);
/// The time limit for a statement of an export: to fill a page, it may have to read years of history.
const EXPORT_STATEMENT: Duration = Duration::from_mins(5);

/// The number of database connections, and the time limits.
#[derive(Args, Clone)]
pub(super) struct ConnectionArgs {
    /// Database connections that serve requests. The server opens up to 6 more when needed: 3 for workers, 2 for exports, 1 for the
    /// readiness check. Default: 10. If Postgres allows fewer than 48 connections in all, the default is less, and the process uses at most
    /// a third of them
    #[arg(long = "database-connections", env = "ROSTER_DATABASE_CONNECTIONS", value_name = "NUMBER", value_parser = value_parser!(u32).range(1..=1000))]
    connections: Option<u32>,
    /// How long a request waits for a database connection, in seconds
    #[arg(long = "database-acquire-timeout", env = "ROSTER_DATABASE_ACQUIRE_TIMEOUT", value_name = "SECONDS", default_value_t = 5, value_parser = value_parser!(u64).range(1..=30))]
    acquire_timeout: u64,
    /// How long a statement may run, in seconds; 0 for no limit. Statements of exports may run for 5 minutes
    #[arg(long = "database-statement-timeout", env = "ROSTER_DATABASE_STATEMENT_TIMEOUT", value_name = "SECONDS", default_value_t = 25, value_parser = value_parser!(u64).range(0..=3600))]
    statement_timeout: u64,
    /// How long a statement may wait for a lock, in seconds; 0 for no limit
    #[arg(long = "database-lock-timeout", env = "ROSTER_DATABASE_LOCK_TIMEOUT", value_name = "SECONDS", default_value_t = 5, value_parser = value_parser!(u64).range(0..=3600))]
    lock_timeout: u64,
    /// How long a transaction may stay open without a statement, in seconds; 0 for no limit
    #[arg(
        long = "database-idle-transaction-timeout",
        env = "ROSTER_DATABASE_IDLE_TRANSACTION_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = 15,
        value_parser = value_parser!(u64).range(0..=3600)
    )]
    idle_transaction_timeout: u64,
}

/// Whether a pooler such as `PgBouncer` is between Roster and Postgres.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum PoolerArg {
    /// Detect it at startup
    Detect,
    /// A pooler is in use that may give each transaction another session
    Transaction,
    /// No pooler is in use, or it gives each connection its own session and accepts startup options
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
    /// The pool for requests, and the pools for everything else.
    pub(super) fn pools(&self, connector: &Connector) -> (Pool, OtherPools) {
        let timeouts = Timeouts {
            statement: Duration::from_secs(self.statement_timeout),
            lock: Duration::from_secs(self.lock_timeout),
            idle_in_transaction: Duration::from_secs(self.idle_transaction_timeout),
        };
        let acquire_timeout = Duration::from_secs(self.acquire_timeout);
        let pool = |connections| PoolSettings { connections, acquire_timeout, timeouts };
        let of_exports = Timeouts { statement: EXPORT_STATEMENT, ..timeouts };
        let shares = match (self.connections, connector.connection_limit()) {
            (Some(requests), _) => Shares { requests, ..USUAL },
            (None, Some(limit)) if limit < USUAL.sum() * PROCESSES => {
                let connections = share_of(limit);
                warn!(
                    limit,
                    connections,
                    "Postgres allows Roster few connections, so this process uses a third of them: raise max_connections, or the CONNECTION LIMIT of \
                     the role or the database"
                );
                let Some(shares) = Shares::divide(connections) else {
                    let all = connector.pool(pool(connections));
                    let others = OtherPools { workers: all.clone(), exports: all.clone(), readiness: all.clone() };
                    return (all, others);
                };
                shares
            }
            (None, _) => USUAL,
        };
        let others = OtherPools {
            workers: connector.pool(pool(shares.workers)),
            exports: connector.pool(PoolSettings { timeouts: of_exports, ..pool(shares.exports) }),
            readiness: connector.pool(PoolSettings { acquire_timeout: READINESS_TIMEOUT, ..pool(shares.readiness) }),
        };
        (connector.pool(pool(shares.requests)), others)
    }
}

/// The number of connections of each part of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shares {
    requests: u32,
    workers: u32,
    exports: u32,
    readiness: u32,
}

impl Shares {
    const fn sum(self) -> u32 {
        self.requests + self.workers + self.exports + self.readiness
    }

    /// Divides the connections, if each part can have its own.
    const fn divide(connections: u32) -> Option<Self> {
        let (workers, exports, readiness) = (2, 1, 1);
        if connections < FEWEST_TO_DIVIDE {
            return None;
        }
        Some(Self { requests: connections - workers - exports - readiness, workers, exports, readiness })
    }
}

/// The share of one process if Postgres allows a role this many connections.
const fn share_of(limit: u32) -> u32 {
    let share = limit / PROCESSES;
    if share == 0 { 1 } else { share }
}

/// The connections of a command. Its statements have no time limit.
pub(super) fn operator_pool(connector: &Connector) -> Pool {
    let timeouts = Timeouts::default().of_long_work();
    let connections = connector.connection_limit().map_or(OPERATOR, |limit| share_of(limit).clamp(2, OPERATOR));
    connector.pool(PoolSettings { connections, acquire_timeout: OPERATOR_TIMEOUT, timeouts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_connections_are_divided_or_shared_and_never_exceeded() {
        for limit in 1..USUAL.sum() * PROCESSES {
            let share = share_of(limit);
            assert!(share == 1 || share * PROCESSES <= limit, "{limit}");
            if let Some(shares) = Shares::divide(share) {
                assert_eq!(shares.sum(), share);
                assert!(shares.requests > shares.workers, "{shares:?}");
            }
        }
        assert_eq!(share_of(8), 2);
        assert_eq!(Shares::divide(FEWEST_TO_DIVIDE - 1), None);
    }
}
