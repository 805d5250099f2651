//! Whether this process can serve: what `/readyz` reports.

use event_store::find_read_only;

use crate::app::App;
use crate::http::Readiness;
use crate::outage::is_outage;

/// Checks everything that a request needs. The app has a connection of its own for this, so that busy requests do not make it wait.
pub async fn check(app: &App) -> Readiness {
    let mut readiness = Readiness::default();
    check_database(app, &mut readiness).await;
    readiness
}

async fn check_database(app: &App, readiness: &mut Readiness) {
    let problem = match find_read_only(&app.database).await {
        Ok(false) => return,
        Ok(true) => "the database is read-only: it is a standby, or default_transaction_read_only is on",
        Err(error) => {
            is_outage(&error);
            "the database does not answer"
        }
    };
    readiness.problems.push(problem.to_owned());
}
