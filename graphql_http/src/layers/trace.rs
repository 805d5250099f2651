//! The span and the log line of a request.
//!
//! tower-http's `TraceLayer` logs nothing when a request's future is dropped. Ours logs also a request whose client went away
//! (`a_request_that_was_given_up_is_logged`), with its duration.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, error, info, info_span};

use crate::layers::request_id::RequestId;

/// Middleware: one span a request, one event at its end. The route's pattern stands for the path, because links hold tokens;
/// query strings, bodies, addresses and whatever else a person could be known by stay out.
pub(super) async fn record(request: Request, next: Next) -> Response {
    let id = RequestId::of(request.extensions());
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str);
    let span = info_span!("request", method = known_method(request.method()), route, request_id = id.as_str());
    async move {
        let mut watch = Watch { started: Instant::now(), is_answered: false };
        let response = next.run(request).await;
        watch.is_answered = true;
        let (status, duration_ms) = (response.status().as_u16(), watch.duration_ms());
        // Where the database is unavailable, its outage is logged, and not every request that meets it.
        if response.status().is_server_error() && response.status() != StatusCode::SERVICE_UNAVAILABLE {
            error!(status, duration_ms, "answered");
        } else {
            info!(status, duration_ms, "answered");
        }
        response
    }
    .instrument(span)
    .await
}

/// Logs a request whose client went away: its future is dropped, and nothing after an `await` runs.
struct Watch {
    started: Instant,
    is_answered: bool,
}

impl Watch {
    fn duration_ms(&self) -> f64 {
        self.started.elapsed().as_secs_f64() * 1000.0
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.is_answered {
            info!(duration_ms = self.duration_ms(), "given up by the client, or cut off");
        }
    }
}

/// A method is any text a client likes.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use axum::{Router, body::Body, http::StatusCode, middleware::from_fn, routing::get};
    use tower::ServiceExt;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Log {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Log {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    async fn logged(path: &str) -> String {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let router = Router::new()
            .route("/accept/{token}", get(|| async { "welcome" }))
            .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route("/endless", get(std::future::pending::<()>))
            .layer(from_fn(record));
        let answering = router.oneshot(Request::get(path).body(Body::empty()).unwrap());
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), answering).await;
        log.text()
    }

    #[tokio::test(start_paused = true)]
    async fn the_log_holds_the_route_and_not_what_a_link_holds() {
        let text = logged("/accept/s3cret?email=ada@example.org").await;
        assert!(text.contains(r#"route="/accept/{token}""#) && text.contains("status=200") && text.contains("request_id="), "{text}");
        assert!(!text.contains("s3cret") && !text.contains("ada"), "{text}");
        assert!(!logged("/accepted/s3cret").await.contains("s3cret"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_is_logged_as_an_error() {
        assert!(logged("/broken").await.contains("ERROR"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_was_given_up_is_logged() {
        assert!(logged("/endless").await.contains("given up"));
    }
}
