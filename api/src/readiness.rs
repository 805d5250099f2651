//! Whether this process can serve: what `/readyz` reports.

use crate::app::App;
use crate::http::Readiness;

/// Checks everything that a request needs.
pub async fn check(app: &App) -> Readiness {
    let mut readiness = Readiness::default();
    // What follows would wait in vain for a connection.
    if !check_identity(app, &mut readiness) {
        return readiness;
    }
    check_database(app, &mut readiness).await;
    readiness
}

/// Whether the newest connections may be worked with: not when the database was restored meanwhile.
fn check_identity(app: &App, readiness: &mut Readiness) -> bool {
    let problem = app.identity.problem();
    readiness.problems.extend(problem.clone());
    problem.is_none()
}

async fn check_database(app: &App, readiness: &mut Readiness) {
    if sqlx::query("select 1").execute(&app.database).await.is_err() {
        readiness.problems.push("the database does not answer".to_owned());
    }
}
