use std::{fmt, str::FromStr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, Method, StatusCode, Uri,
        header::{CONTENT_TYPE, COOKIE, ORIGIN},
        uri::Scheme,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;
use thiserror::Error;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The configured public URL is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("The public URL must look like https://roster.example, without a path")]
pub struct InvalidPublicUrl;

/// Where browsers reach us, written as they write `Origin`: scheme, host, and the port where it is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicOrigin {
    text: String,
    is_https: bool,
    port: Option<u16>,
}

impl PublicOrigin {
    /// Whether browsers reach us over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The port, where it is not the usual one of the scheme.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// `https://roster.example`, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for PublicOrigin {
    type Err = InvalidPublicUrl;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let uri: Uri = url.parse().map_err(|_| InvalidPublicUrl)?;
        let is_https = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(InvalidPublicUrl),
        };
        let authority = uri.authority().ok_or(InvalidPublicUrl)?;
        let is_bare = uri.path() == "/" && uri.query().is_none() && !authority.as_str().contains('@') && !authority.host().is_empty();
        if !is_bare {
            return Err(InvalidPublicUrl);
        }
        let (scheme, usual) = if is_https { ("https", 443) } else { ("http", 80) };
        let host = authority.host().to_ascii_lowercase();
        let port = match (authority.as_str().strip_prefix(authority.host()), authority.port_u16()) {
            (Some(""), None) => None,
            (Some(_), Some(port)) => Some(port).filter(|&port| port != usual),
            _ => return Err(InvalidPublicUrl),
        };
        let text = match port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Ok(Self { text, is_https, port })
    }
}

impl fmt::Display for PublicOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Whether a request comes from our own pages, as far as a browser says so. Each of the two headers that is present must agree;
/// a client that sends neither is not a browser, and cannot be talked into anything by a foreign page.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap, public: &PublicOrigin) -> bool {
    let (Ok(origin), Ok(site)) = (only(headers, &ORIGIN), only(headers, &SEC_FETCH_SITE)) else { return false };
    match (origin, site) {
        // The person did it by hand: typed the address, or sent a form again from a restored tab.
        (None, None | Some("none")) => true,
        (None, Some(site)) => site == "same-origin",
        (Some(origin), site) => origin == public.as_str() && site.is_none_or(|site| site == "same-origin"),
    }
}

/// The header is given twice, or is not text.
struct Unclear;

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Unclear> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Unclear),
        (Some(_), Some(_)) => Err(Unclear),
    }
}

/// What the middleware compares with.
#[derive(Debug, Clone)]
pub(crate) struct OriginPolicy {
    pub(crate) public: Arc<PublicOrigin>,
    pub(crate) session_cookie: Arc<str>,
}

/// Middleware: a foreign page may not use our visitor's cookie, nor send our forms.
pub(crate) async fn require_same_origin(State(policy): State<OriginPolicy>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    let is_at_risk = changes && (carries_cookie(headers, &policy.session_cookie) || is_form(headers));
    if is_at_risk && !is_same_origin(headers, &policy.public) { refuse_foreign(headers, &policy.public) } else { next.run(request).await }
}

/// The answer to a request of a foreign page. It may be one of ours that was opened under another host name: so it names ours.
pub(crate) fn refuse_foreign(headers: &HeaderMap, public: &PublicOrigin) -> Response {
    let message = format!("This request came from a page of another origin: open {public}");
    if is_form(headers) {
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": "FOREIGN_ORIGIN" } }] });
    (StatusCode::FORBIDDEN, axum::Json(body)).into_response()
}

fn carries_cookie(headers: &HeaderMap, name: &str) -> bool {
    let pairs = headers.get_all(COOKIE).iter().flat_map(|value| value.as_bytes().split(|&byte| byte == b';'));
    pairs
        .map(<[u8]>::trim_ascii)
        .any(|pair| pair.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"=")))
}

/// The types a plain HTML form can send.
fn is_form(headers: &HeaderMap) -> bool {
    const TYPES: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
    let Some(value) = headers.get(CONTENT_TYPE) else { return false };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    TYPES.iter().any(|form| form.eq_ignore_ascii_case(essence))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_public_url_is_written_as_browsers_write_an_origin() {
        for (url, expected) in [
            ("https://roster.example", Some("https://roster.example")),
            ("https://Roster.Example:443/", Some("https://roster.example")),
            ("http://roster.example:80", Some("http://roster.example")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("https://[::1]:8443", Some("https://[::1]:8443")),
            ("https://roster.example/app", None),
            ("https://roster.example/?a", None),
            ("https://me@roster.example", None),
            ("https://roster.example:", None),
            ("https://roster.example:99999", None),
            ("ftp://roster.example", None),
            ("roster.example", None),
            ("/app", None),
            ("", None),
        ] {
            let parsed = url.parse::<PublicOrigin>().ok();
            assert_eq!(parsed.as_ref().map(PublicOrigin::as_str), expected, "{url}");
        }
    }

    #[test]
    fn a_browser_must_say_that_it_comes_from_our_origin() {
        let public: PublicOrigin = "https://roster.example".parse().unwrap();
        for (sent, expected) in [
            (&[][..], true),
            (&[("origin", "https://roster.example")], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("origin", "https://roster.example"), ("sec-fetch-site", "same-origin")], true),
            (&[("origin", "http://roster.example")], false),
            (&[("origin", "https://roster.example:8443")], false),
            (&[("origin", "https://roster.example.evil.example")], false),
            (&[("origin", "https://sub.roster.example")], false),
            (&[("origin", "https://ROSTER.example")], false),
            (&[("origin", "null")], false),
            (&[("origin", "")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "")], false),
            (&[("origin", "https://roster.example"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "https://evil.example"), ("sec-fetch-site", "none")], false),
            (&[("origin", "https://roster.example"), ("origin", "https://evil.example")], false),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
        ] {
            assert_eq!(is_same_origin(&headers(sent), &public), expected, "{sent:?}");
        }
    }

    #[test]
    fn the_session_cookie_is_found_wherever_it_stands() {
        for (cookie, is_found) in [
            ("__Host-roster=x", true),
            ("a=b; __Host-roster=x", true),
            ("a=b;__Host-roster =x", true),
            ("__Host-roster=", true),
            ("__Host-roster2=x", false),
            ("a=__Host-roster=x", false),
            ("", false),
        ] {
            assert_eq!(carries_cookie(&headers(&[("cookie", cookie)]), "__Host-roster"), is_found, "{cookie}");
        }
    }

    #[test]
    fn what_a_form_can_send_is_a_form() {
        for (content_type, expected) in [
            ("application/x-www-form-urlencoded", true),
            ("Multipart/Form-Data; boundary=x", true),
            ("text/plain;charset=utf-8", true),
            ("application/json", false),
            ("", false),
        ] {
            assert_eq!(is_form(&headers(&[("content-type", content_type)])), expected, "{content_type}");
        }
    }
}
