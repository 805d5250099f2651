//! Requests to the pages, as they come over the network.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use tower::ServiceExt;

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) policy: String,
    pub(crate) body: String,
}

/// Asks for a path as it is: an ordinary client would tidy it up first.
pub(crate) async fn get(router: &Router, path: &str) -> Answer {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let header = |name: &str| response.headers().get(name).map_or(String::new(), |value| value.to_str().unwrap().to_owned());
    let (status, policy) = (response.status(), header("content-security-policy"));
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Answer { status, policy, body: String::from_utf8(body.to_vec()).unwrap() }
}
