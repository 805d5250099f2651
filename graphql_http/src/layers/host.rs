use axum::{
    extract::Request,
    http::{
        HeaderMap, StatusCode, Version,
        header::HOST,
        uri::{Authority, Uri},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Middleware: a request says once which host it is for (RFC 9112, 3.2). Of two `Host` headers a proxy in front may have read the other
/// one; and what is cached or logged under one host would be answered by another.
pub(super) async fn require_host(request: Request, next: Next) -> Response {
    if names_one_host(request.version(), request.uri(), request.headers()) {
        return next.run(request).await;
    }
    let error = json!({ "message": "Send one Host header with the name of a host", "extensions": { "code": "BAD_REQUEST" } });
    (StatusCode::BAD_REQUEST, axum::Json(json!({ "errors": [error] }))).into_response()
}

/// HTTP/1.0 knows no `Host`, and HTTP/2 says the host in the address.
fn names_one_host(version: Version, uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(|host| host.parse::<Authority>().is_ok_and(|host| !host.as_str().contains('@'))),
        (Some(_), Some(_)) => false,
        (None, _) => version < Version::HTTP_11 || version >= Version::HTTP_2 && uri.authority().is_some(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_request_names_one_host() {
        let (path, whole) = (Uri::from_static("/graphql"), Uri::from_static("https://roster.example/graphql"));
        for (version, uri, hosts, is_one) in [
            (Version::HTTP_11, &path, &["roster.example"][..], true),
            (Version::HTTP_11, &path, &["127.0.0.1:8080"], true),
            (Version::HTTP_11, &path, &["[::1]:8080"], true),
            (Version::HTTP_11, &path, &[], false),
            (Version::HTTP_11, &whole, &[], false),
            (Version::HTTP_11, &path, &[""], false),
            (Version::HTTP_11, &path, &["a", "a"], false),
            (Version::HTTP_11, &path, &["a", "b"], false),
            (Version::HTTP_11, &path, &["a b"], false),
            (Version::HTTP_11, &path, &["a/b"], false),
            (Version::HTTP_11, &path, &["eve@a"], false),
            (Version::HTTP_11, &path, &["a, b"], false),
            (Version::HTTP_10, &path, &[], true),
            (Version::HTTP_10, &path, &["a", "a"], false),
            (Version::HTTP_2, &whole, &[], true),
            (Version::HTTP_2, &path, &[], false),
            (Version::HTTP_2, &whole, &["a", "b"], false),
        ] {
            let headers =
                hosts.iter().map(|host| (HOST, HeaderValue::from_static(host))).fold(HeaderMap::new(), |mut headers, (name, value)| {
                    headers.append(name, value);
                    headers
                });
            assert_eq!(names_one_host(version, uri, &headers), is_one, "{version:?} {uri} {hosts:?}");
        }
    }
}
