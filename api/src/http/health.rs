use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    http::StatusCode,
    response::IntoResponse,
    routing::{MethodRouter, get},
};
use serde_json::json;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::warn;

const LONGEST_CHECK: Duration = Duration::from_secs(2);

/// `/healthz`: the process is alive. `/readyz`: it can serve, which `is_ready` finds out within two seconds (a query to the
/// database, say); once `shutdown` is cancelled it cannot.
pub fn health_routes<S, C, F>(is_ready: C, shutdown: CancellationToken) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = bool> + Send + 'static,
{
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", readiness(is_ready, shutdown))
}

fn readiness<S, C, F>(is_ready: C, shutdown: CancellationToken) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = bool> + Send + 'static,
{
    let is_ready = Arc::new(is_ready);
    get(move || {
        let (is_ready, shutdown) = (Arc::clone(&is_ready), shutdown.clone());
        async move {
            if shutdown.is_cancelled() {
                return unavailable();
            }
            match timeout(LONGEST_CHECK, is_ready()).await {
                Ok(true) => Json(json!({ "status": "ready" })).into_response(),
                Ok(false) => unavailable(),
                Err(_) => {
                    warn!("the check of readiness took too long");
                    unavailable()
                }
            }
        }
    })
}

fn unavailable() -> axum::response::Response {
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "unavailable" }))).into_response()
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
        for answer in [true, false] {
            let routes = || health_routes(move || async move { answer }, token.clone());
            assert_eq!(ask(routes(), "/healthz").await, (200, "ok".to_owned()));
            let (status, said) = if answer { (200, "ready") } else { (503, "unavailable") };
            assert_eq!(ask(routes(), "/readyz").await, (status, format!(r#"{{"status":"{said}"}}"#)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_check_that_hangs_is_a_no() {
        let routes = health_routes(std::future::pending::<bool>, CancellationToken::new());
        assert_eq!(ask(routes, "/readyz").await.0, 503);
    }

    #[tokio::test]
    async fn a_process_that_is_shutting_down_is_not_ready() {
        let token = CancellationToken::new();
        token.cancel();
        assert_eq!(ask(health_routes(|| async { true }, token), "/readyz").await.0, 503);
    }
}
