use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

/// What `make dashboard` has built; a debug build looks into the folder at every request.
#[derive(Embed)]
#[folder = "../dashboard/dist"]
#[allow_missing = true]
struct Built;

/// The compressed forms that lie beside a file, the smallest first, by their name in HTTP and the end of their own.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The document of every page, if the dashboard is built.
pub(super) fn document() -> Option<Body> {
    Built::get("index.html").map(|file| body(file.data))
}

/// A file with its type, in the smallest form that the client takes.
pub(super) fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let accepted = ENCODINGS.into_iter().filter(|(encoding, _)| accepts(headers, encoding));
    let compressed = accepted.into_iter().find_map(|(encoding, end)| Some((encoding, Built::get(&format!("{path}{end}"))?)));
    let (encoding, file) = match compressed {
        Some((encoding, file)) => (Some(encoding), file),
        None => (None, Built::get(path)?),
    };
    let EmbeddedFile { data, .. } = file;
    let mut response = ([(CONTENT_TYPE, content_type(path)), (VARY, "accept-encoding")], body(data)).into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(data) => data.into(),
        Cow::Owned(data) => data.into(),
    }
}

/// Of the kinds of files that a built dashboard has.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, end)| end) {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether a client names an encoding, and not to exclude it.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let wishes = headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    wishes.map(|wish| wish.split(';').map(str::trim)).any(|mut parts| {
        let is_meant = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        is_meant && !parts.any(|parameter| parameter.strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0_f32))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_where_it_is_named_and_not_excluded() {
        for (header, takes_brotli) in
            [("gzip, deflate, br, zstd", true), ("BR;q=0.5", true), ("gzip;q=1.0, br;q=0.000", false), ("gzip", false), ("", false)]
        {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(header))]);
            assert_eq!(accepts(&headers, "br"), takes_brotli, "{header:?}");
        }
        assert!(!accepts(&HeaderMap::new(), "br"));
    }
}
