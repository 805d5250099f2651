use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use serde_json::{Map, Value, json};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::warn;

const MAX_CHECK: Duration = Duration::from_secs(2);

/// What `/readyz` reports: whether the process can serve, and details for operators. It holds nothing secret and nothing personal.
#[derive(Clone, Debug, Default)]
pub struct Readiness {
    /// One sentence for each reason why the process cannot serve. Empty when it is ready.
    pub problems: Vec<String>,
    /// More fields of the body, such as how far the feed is complete.
    pub details: Map<String, Value>,
}

impl Readiness {
    /// Not ready, for one reason.
    #[must_use]
    pub fn unavailable(problem: &str) -> Self {
        Self { problems: vec![problem.to_owned()], details: Map::new() }
    }
}

impl IntoResponse for Readiness {
    /// 200 and `{"status":"ready"}`, or 503 and `{"status":"unavailable","problems":[…]}`, each with the details.
    fn into_response(self) -> Response {
        let mut body = Map::new();
        let is_ready = self.problems.is_empty();
        body.insert("status".to_owned(), if is_ready { "ready" } else { "unavailable" }.into());
        if !is_ready {
            body.insert("problems".to_owned(), json!(self.problems));
        }
        body.extend(self.details);
        let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        (status, Json(body)).into_response()
    }
}

/// `/healthz`: the process is alive. `/readyz`: the process can serve. `check` finds that out within two seconds; once `leaving`
/// is cancelled, the process is not ready.
pub fn health_routes<S, C, F>(check: C, leaving: CancellationToken) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Readiness> + Send + 'static,
{
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", readiness(check, leaving))
}

fn readiness<S, C, F>(check: C, leaving: CancellationToken) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Readiness> + Send + 'static,
{
    let check = Arc::new(check);
    get(move || {
        let (check, leaving) = (Arc::clone(&check), leaving.clone());
        async move {
            if leaving.is_cancelled() {
                return Readiness::unavailable("the server is shutting down");
            }
            timeout(MAX_CHECK, check()).await.unwrap_or_else(|_| {
                warn!("the readiness check took too long");
                Readiness::unavailable("the readiness check took too long")
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, body::to_bytes, http::Request};
    use tower::ServiceExt;

    use super::*;

    async fn ask(routes: Router, path: &str) -> (u16, String) {
        let response = routes.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        (status, String::from_utf8(to_bytes(response.into_body(), 1024).await.unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_process_is_alive_whether_or_not_it_is_ready() {
        let token = CancellationToken::new();
        let ready = Readiness { details: Map::from_iter([("feed".to_owned(), json!({ "behind": 0 }))]), ..Readiness::default() };
        for (answer, status, body) in [
            (ready, 200, r#"{"feed":{"behind":0},"status":"ready"}"#),
            (Readiness::unavailable("no database"), 503, r#"{"problems":["no database"],"status":"unavailable"}"#),
        ] {
            let routes = || {
                let answer = answer.clone();
                health_routes(move || std::future::ready(answer.clone()), token.clone())
            };
            assert_eq!(ask(routes(), "/healthz").await, (200, "ok".to_owned()));
            assert_eq!(ask(routes(), "/readyz").await, (status, body.to_owned()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_check_that_hangs_is_a_no() {
        let routes = health_routes(std::future::pending::<Readiness>, CancellationToken::new());
        assert_eq!(ask(routes, "/readyz").await.0, 503);
    }

    #[tokio::test]
    async fn a_process_that_is_shutting_down_is_not_ready() {
        let token = CancellationToken::new();
        token.cancel();
        assert_eq!(ask(health_routes(|| async { Readiness::default() }, token), "/readyz").await.0, 503);
    }
}
