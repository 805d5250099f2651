use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    routing::{MethodRouter, get},
};

/// A stylesheet built into the program, for pages whose policy allows no inline style. Caches may keep it for an hour.
pub fn stylesheet<S: Clone + Send + Sync + 'static>(css: &'static str) -> MethodRouter<S> {
    get(move || async move {
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
            (CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
        ];
        (headers, css)
    })
}
