use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgPool};
use tokio::time::{Instant, sleep, timeout_at};

use super::hooks;
use super::pooler::{Pooler, detect};
use super::reads::Reads;
use super::settings::PoolSettings;
use crate::IdentityGuard;

/// How long the first connection may take, and how long until the next try when no server listens yet.
const FIRST_CONNECTION: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(200);
/// The maximum age of a connection, and how long it stays open without use.
const LIFETIME: Duration = Duration::from_mins(30);
const IDLE_TIME: Duration = Duration::from_mins(5);

/// Why a program cannot use the database that it was given.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The text is not a URL of a Postgres.
    #[error("DATABASE_URL is not a URL such as postgres://user:password@host/database")]
    NotAUrl,
    /// A pooler refuses what the URL wants.
    #[error("a pooler such as PgBouncer is in between and takes no options: remove `options` from DATABASE_URL, or connect directly")]
    OptionsThroughPooler,
    /// It does not answer, or refuses.
    #[error("the database cannot be reached: {0}")]
    Unreachable(sqlx::Error),
    /// It does not answer in time.
    #[error("the database cannot be reached: it did not answer within {} seconds", FIRST_CONNECTION.as_secs())]
    Silent,
}

/// How to reach a database.
#[derive(Clone)]
pub struct Connector {
    options: PgConnectOptions,
    has_pooler: bool,
    limit: Option<u32>,
    guard: Option<IdentityGuard>,
}

impl Connector {
    /// Reads a URL, connects once, and finds out whether there is a pooler in between unless that is given.
    ///
    /// # Errors
    /// When the database cannot be reached, with the reason.
    pub async fn connect(url: &str, pooler: Pooler) -> Result<Self, ConnectError> {
        let options = PgConnectOptions::from_str(url).map_err(|_| ConnectError::NotAUrl)?;
        // Statements hold personal data, so they stay out of the log; and poolers refuse what they do not know.
        let options = options.disable_statement_logging().application_name("roster").extra_float_digits(None);
        let deadline = Instant::now() + FIRST_CONNECTION;
        let found = loop {
            match timeout_at(deadline, detect(&options)).await {
                Ok(Ok(found)) => break found,
                Ok(Err(error)) if is_starting(&error) && Instant::now() + PAUSE < deadline => sleep(PAUSE).await,
                Ok(Err(error)) => return Err(ConnectError::Unreachable(error)),
                Err(_) => return Err(ConnectError::Silent),
            }
        };
        let has_pooler = match pooler {
            Pooler::Detect => found.pooler == Pooler::Transaction,
            Pooler::Transaction => true,
            Pooler::None => false,
        };
        if has_pooler && options.get_options().is_some() {
            return Err(ConnectError::OptionsThroughPooler);
        }
        // Names of prepared statements are of use only where the session stays the same.
        let options = if has_pooler { options.statement_cache_capacity(0) } else { options };
        let limit = if has_pooler { None } else { found.limit };
        Ok(Self { options, has_pooler, limit, guard: None })
    }

    /// The same, but its pools use only connections that the guard admits.
    #[must_use]
    pub fn guarded_by(self, guard: IdentityGuard) -> Self {
        Self { guard: Some(guard), ..self }
    }

    /// Whether a pooler such as `PgBouncer` is in between.
    #[must_use]
    pub const fn has_pooler(&self) -> bool {
        self.has_pooler
    }

    /// How many connections Postgres lets this role open, all of its processes together; `None` where a pooler decides it.
    #[must_use]
    pub const fn connection_limit(&self) -> Option<u32> {
        self.limit
    }

    /// Connections for one part of the process. They are opened when they are needed.
    #[must_use]
    pub fn pool(&self, settings: PoolSettings) -> PgPool {
        let pool = PgPoolOptions::new()
            .max_connections(settings.connections.max(1))
            .acquire_timeout(settings.acquire_timeout)
            .idle_timeout(IDLE_TIME)
            .max_lifetime(LIFETIME);
        let guard = self.guard.clone();
        let pool = if self.has_pooler {
            hooks::through_pooler(pool, settings.timeouts, guard)
        } else {
            hooks::direct(pool, &self.options, settings.timeouts, guard)
        };
        pool.connect_lazy_with(self.options.clone())
    }

    /// Reads over a pool of [`pool`](Self::pool). Through a pooler they keep no connection: it would keep its transaction open.
    #[must_use]
    pub fn reads(&self, pool: PgPool) -> Reads {
        if self.has_pooler { Reads::over(pool) } else { Reads::keeping(pool) }
    }
}

impl fmt::Debug for Connector {
    /// Without the password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connector").field("has_pooler", &self.has_pooler).finish_non_exhaustive()
    }
}

/// Whether the database may accept connections in a moment: no server listens, it is starting up, or too many clients are connected.
fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P03" | "53300")),
        _ => false,
    }
}
