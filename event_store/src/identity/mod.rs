//! Whether this is the database that assigned the transaction ids of its own events.
//!
//! The feed orders events by transaction id, so the ids must come from one counter. A database that was restored from a dump has ids of
//! another counter, and one that was recovered to a point in time lacks events that clients have seen. `roster restore finish` begins a
//! new generation of the feed, and everything before it is history with a fixed order. Until then every program refuses to work.
//!
//! The row of `feed_generation` stores which database assigned the ids. [`check_identity`] compares it with the connected one. Decision
//! 0015 says why each part of the identity is needed.

mod finish;
mod guard;
mod observe;
mod standing;

use sqlx::PgConnection;

use observe::observe;
use standing::Standing;

pub use finish::{FinishedRestore, History, close_restore, finish_restore};
pub use guard::IdentityGuard;
pub use standing::Restored;

/// Why nothing may be written to a database.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// It was restored, and the restore is not finished.
    #[error(transparent)]
    Restored(#[from] Restored),
    /// The database could not answer, or the new identity could not be stored.
    #[error("the identity of the database could not be checked")]
    Database(#[from] sqlx::Error),
}

/// Stores the identity of a database that has none yet. This is for migrations of a database that was checked before them: they may
/// write tables again, after which nothing shows any more whether the events are its own.
pub async fn adopt_identity(connection: &mut PgConnection) -> Result<(), IdentityError> {
    match observe(connection).await? {
        Some(observed) if observed.stored.is_none() && !observed.is_read_only => finish::claim(connection, &observed).await,
        _ => Ok(()),
    }
}

/// Compares the database with the identity that it stores. Every new connection is checked before its first use, at the cost of two
/// statements.
///
/// An identity that has changed without any loss is stored: of a database without events, of one from before identities were stored, and
/// after `pg_upgrade`. On a new timeline of the WAL, which a failover makes, the generation of the feed is raised. A database without
/// Roster's tables passes; one that takes no writes passes without anything being stored.
///
/// # Errors
/// [`IdentityError::Restored`] when `roster restore finish` must run first.
pub async fn check_identity(connection: &mut PgConnection) -> Result<(), IdentityError> {
    let Some(observed) = observe(connection).await? else { return Ok(()) };
    match observed.standing() {
        Standing::Known => Ok(()),
        Standing::Restored(restored) => Err(restored.into()),
        Standing::Unclaimed | Standing::NewTimeline if observed.is_read_only => Ok(()),
        Standing::Unclaimed => finish::claim(connection, &observed).await,
        Standing::NewTimeline => finish::follow_timeline(connection).await,
    }
}
