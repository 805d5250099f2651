//! Errors that mean that the database is unavailable are logged with the outage, once, and not by every caller that meets them.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use commands::Fault;
use event_store::{Health, Unavailable};
use tokio::time::timeout;
use tracing::{debug, error};

use crate::chain::chain;

/// Whether an error means that the same may succeed in a moment: the database is unavailable, or too many ask. Where it is the database,
/// that is taken note of, which logs an outage when it begins.
pub(crate) fn is_outage(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if is_overload(error) {
            return true;
        }
        let shared = error.downcast_ref::<Arc<event_store::DatabaseError>>().map(AsRef::as_ref);
        if let Some(error) = error.downcast_ref::<event_store::DatabaseError>().or(shared) {
            Health::of_process().note(error);
            return Unavailable::of(error).is_some();
        }
        next = error.source();
    }
    false
}

fn is_overload(error: &(dyn Error + 'static)) -> bool {
    let fault = match error.downcast_ref::<commands::Error>() {
        Some(commands::Error::Fault(fault)) => Some(fault),
        _ => error.downcast_ref::<Fault>(),
    };
    matches!(fault, Some(Fault::Overloaded | Fault::Contended))
}

/// How long a worker waits for a step that Postgres answers within seconds, or not at all because the network has lost the connection.
const MAX_STEP: Duration = Duration::from_secs(15);

/// Runs a short step of a worker; one that takes too long is given up, and its connection is closed.
///
/// # Errors
/// As the step, or that it timed out.
pub(crate) async fn within<T, E: From<event_store::DatabaseError>>(step: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    timeout(MAX_STEP, step).await.unwrap_or_else(|_| Err(event_store::DatabaseError::Io(io::ErrorKind::TimedOut.into()).into()))
}

/// Logs why work in the background failed, unless the database is unavailable.
pub(crate) fn report(failed: &(dyn Error + 'static), what: &str) {
    if is_outage(failed) {
        debug!(error = chain(failed), "{what}");
    } else {
        error!(error = chain(failed), "{what}");
    }
}

#[cfg(test)]
mod tests {
    use projections::users::AsOfError;

    use super::*;

    #[test]
    fn an_outage_is_found_behind_every_kind_of_error() {
        let timed_out = || event_store::DatabaseError::PoolTimedOut;
        let errors: [Box<dyn Error>; 8] = [
            Box::new(Fault::Overloaded),
            Box::new(commands::Error::from(Fault::Overloaded)),
            Box::new(commands::Error::from(Fault::Contended)),
            Box::new(timed_out()),
            Box::new(commands::Error::from(timed_out())),
            Box::new(AsOfError::from(timed_out())),
            Box::new(event_store::Error::from(timed_out())),
            Box::new(projections::Error::from(event_store::Error::from(timed_out()))),
        ];
        for error in &errors {
            assert!(is_outage(error.as_ref()), "{error:?}");
        }
        assert!(!is_outage(&commands::Error::from(event_store::DatabaseError::RowNotFound)));
        assert!(!is_outage(&Fault::Database(event_store::DatabaseError::RowNotFound.into())));
    }
}
