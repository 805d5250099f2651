//! Whether this process can serve: what `/readyz` reports.

use chrono::SecondsFormat;
use event_store::find_read_only;
use serde_json::json;

use crate::app::App;
use crate::outage::is_outage;
use crate::workers::Supervisor;
use graphql_http::Readiness;

/// From how many seconds on the feed counts as behind. Transactions of Roster itself take less.
const BEHIND: i64 = 5;

/// Checks everything that a request needs, and the workers beside the requests. The app has a connection of its own for this, so that
/// busy requests do not make it wait.
pub async fn check(app: &App, workers: &Supervisor) -> Readiness {
    let mut readiness = Readiness::default();
    // What follows would wait in vain for a connection.
    if !check_identity(app, &mut readiness) {
        return readiness;
    }
    check_database(app, &mut readiness).await;
    check_workers(workers, &mut readiness);
    tell_feed(app, &mut readiness);
    readiness
}

/// Whether the newest connections may be worked with: not when the database was restored meanwhile.
fn check_identity(app: &App, readiness: &mut Readiness) -> bool {
    let problem = app.identity.problem();
    readiness.problems.extend(problem.clone());
    problem.is_none()
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

fn check_workers(workers: &Supervisor, readiness: &mut Readiness) {
    readiness.problems.extend(workers.problems());
    readiness.details.insert("workers".to_owned(), workers.details());
}

/// How far history can be read. What holds it back is outside of this process, so it is never a reason not to be ready.
fn tell_feed(app: &App, readiness: &mut Readiness) {
    let Some((horizon, ago)) = app.commands.event_store().last_horizon() else { return };
    let until = horizon.complete_until.map(|until| until.to_rfc3339_opts(SecondsFormat::Micros, true));
    // No look has happened since: what was complete then may be all that is complete now.
    let seconds = horizon.behind().map(|behind| behind.num_seconds() + i64::try_from(ago.as_secs()).unwrap_or(i64::MAX / 2));
    let state = match seconds {
        Some(seconds) if seconds < BEHIND => "current",
        Some(_) => "behind",
        None => "unknown",
    };
    readiness.details.insert("feed".to_owned(), json!({ "state": state, "completeUntil": until, "behindSeconds": seconds }));
}
