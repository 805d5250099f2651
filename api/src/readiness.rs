//! Whether this process can serve: what `/readyz` reports.

use crate::app::App;
use crate::http::Readiness;
use crate::supervisor::Supervisor;

/// Checks everything that a request needs, and the workers beside the requests.
pub async fn check(app: &App, workers: &Supervisor) -> Readiness {
    let mut readiness = Readiness::default();
    check_database(app, &mut readiness).await;
    check_workers(workers, &mut readiness);
    readiness
}

async fn check_database(app: &App, readiness: &mut Readiness) {
    if sqlx::query("select 1").execute(&app.database).await.is_err() {
        readiness.problems.push("the database does not answer".to_owned());
    }
}

fn check_workers(workers: &Supervisor, readiness: &mut Readiness) {
    readiness.problems.extend(workers.problems());
    readiness.details.insert("workers".to_owned(), workers.details());
}
