//! Checks every new connection of a process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::PgConnection;
use tokio::sync::watch;
use tracing::{error, info};

use super::{IdentityError, check_identity};

/// Admits a connection to a pool only if its database was not restored. Clones of a guard share what they know.
///
/// A server may reach another database than at its start: a new connection follows the name service, a proxy, or a database that was
/// replaced. Then its connections are refused, and [`problem`](Self::problem) says why.
#[derive(Clone, Debug, Default)]
pub struct IdentityGuard(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    problem: watch::Sender<Option<String>>,
    /// Whether the process has worked with the database: before that, the operator is told.
    has_admitted: AtomicBool,
}

impl IdentityGuard {
    /// Checks a new connection; this is for `after_connect` of a pool. A refusal is logged once, however many connections are refused.
    ///
    /// # Errors
    /// When the database was restored, or could not answer.
    pub async fn admit(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        match check_identity(connection).await {
            Ok(()) => {
                self.0.has_admitted.store(true, Ordering::Relaxed);
                if self.0.problem.send_if_modified(|problem| problem.take().is_some()) {
                    info!("the database may be worked with again");
                }
                Ok(())
            }
            Err(IdentityError::Restored(restored)) => {
                let sentence = restored.to_string();
                let is_new = self.0.problem.send_if_modified(|problem| problem.replace(sentence.clone()).as_ref() != Some(&sentence));
                if is_new && self.0.has_admitted.load(Ordering::Relaxed) {
                    error!("{sentence}");
                }
                Err(sqlx::Error::Configuration(Box::new(restored)))
            }
            Err(IdentityError::Database(failed)) => Err(failed),
        }
    }

    /// Why the newest connection was refused; `None` when it was not.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        self.0.problem.borrow().clone()
    }

    /// Waits until a connection is refused, and answers why: a pool that cannot connect would only say that its time is over.
    pub async fn refused(&self) -> String {
        let mut problem = self.0.problem.subscribe();
        match problem.wait_for(Option::is_some).await {
            Ok(found) => found.clone().unwrap_or_default(),
            Err(_) => std::future::pending().await,
        }
    }
}
