use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    routing::{MethodRouter, get},
};

/// A stylesheet built into the program, for pages whose policy allows no inline style.
pub(super) fn stylesheet<S: Clone + Send + Sync + 'static>(css: &'static str) -> MethodRouter<S> {
    asset("text/css; charset=utf-8", css)
}

/// An icon built into the program: without one, browsers ask for `/favicon.ico` on every page.
pub(super) fn icon<S: Clone + Send + Sync + 'static>(svg: &'static str) -> MethodRouter<S> {
    asset("image/svg+xml", svg)
}

/// Caches may keep it for an hour.
fn asset<S: Clone + Send + Sync + 'static>(content_type: &'static str, content: &'static str) -> MethodRouter<S> {
    get(move || async move {
        let headers =
            [(CONTENT_TYPE, HeaderValue::from_static(content_type)), (CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"))];
        (headers, content)
    })
}
