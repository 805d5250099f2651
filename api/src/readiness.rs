//! Whether this process can serve: what `/readyz` reports.

use crate::app::App;
use crate::http::Readiness;

/// Checks everything that a request needs.
pub async fn check(app: &App) -> Readiness {
    let mut readiness = Readiness::default();
    check_database(app, &mut readiness).await;
    readiness
}

async fn check_database(app: &App, readiness: &mut Readiness) {
    if sqlx::query("select 1").execute(&app.database).await.is_err() {
        readiness.problems.push("the database does not answer".to_owned());
    }
}
