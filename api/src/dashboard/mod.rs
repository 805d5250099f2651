//! The dashboard: pages that speak with the public API alone. Their source is `dashboard/`; `make dashboard` builds them.
//!
//! Nothing here knows who asks or what a page shows: every path is answered with the same document, which finds out the rest. Without
//! a built dashboard the program works all the same, and that document says how to build it.

mod files;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use files::{document, file};

/// The paths of pages, as `dashboard/src/app.tsx` has them. Their first parts are no short names of accounts.
const PAGES: [&str; 16] = [
    "/",
    "/users",
    "/users/{id}",
    "/overview",
    "/audit-log",
    "/api-keys",
    "/service-keys",
    "/account",
    "/profile",
    "/sign-in",
    "/forgot-password",
    "/welcome/{token}",
    "/{slug}/sign-in",
    "/{slug}/forgot-password",
    "/{slug}/reset-password/{token}",
    "/{slug}/invitations/{token}",
];

/// Scripts, styles and requests of this server alone, and nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Said in place of the pages by a program that was built without them.
const NOT_BUILT: &str = include_str!("../../templates/pages/dashboard_not_built.html");

/// A year: the names of these files change with what is in them.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
const FOR_AN_HOUR: &str = "public, max-age=3600";

/// The pages, what they load, and an answer for every unknown path.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    PAGES
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, get(async || page(StatusCode::OK, document()))))
        .route("/assets/{*path}", get(asset))
        .fallback(elsewhere)
}

/// The document, if there is one.
fn page(status: StatusCode, document: Option<Body>) -> Response {
    match document {
        Some(document) => (status, [(CONTENT_SECURITY_POLICY, POLICY), HTML], document).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, [HTML], NOT_BUILT).into_response(),
    }
}

const HTML: (HeaderName, &str) = (CONTENT_TYPE, "text/html; charset=utf-8");

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let kept = if path.starts_with("hashed/") { FOR_GOOD } else { FOR_AN_HOUR };
    match file(&format!("assets/{path}"), &headers) {
        Some(file) => ([(CACHE_CONTROL, kept)], file).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A link to a page that was written with other slashes leads to that page. Otherwise a person sees a page that says that there is none; a
/// program sees nothing but the status.
async fn elsewhere(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if let Some(path) = page_with_other_slashes(&uri).filter(|_| matches!(method, Method::GET | Method::HEAD)) {
        return Redirect::permanent(&path).into_response();
    }
    let wants_page = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    if method == Method::GET && wants_page { page(StatusCode::NOT_FOUND, document()) } else { StatusCode::NOT_FOUND.into_response() }
}

/// The path of the page that is meant by one with slashes twice or at the end, with the query.
fn page_with_other_slashes(uri: &Uri) -> Option<String> {
    let parts: Vec<_> = uri.path().split('/').filter(|part| !part.is_empty()).collect();
    let path = format!("/{}", parts.join("/"));
    let is_page = PAGES.iter().any(|page| {
        let names: Vec<_> = page.split('/').skip(1).collect();
        names.len() == parts.len() && names.iter().zip(&parts).all(|(name, part)| name == part || name.starts_with('{'))
    });
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    (is_page && path != uri.path()).then(|| path + &query)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use domain::{InvalidSlug, Slug};

    use super::*;

    /// The paths of routes in the dashboard's source, with `{id}` where it writes `:id`.
    fn paths_in_the_source() -> Vec<String> {
        let source = include_str!("../../../dashboard/src/app.tsx");
        let routes = source.split("<Route path=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let part = |part: &str| part.strip_prefix(':').map_or_else(|| part.to_owned(), |name| format!("{{{name}}}"));
        routes.map(|path| path.split('/').map(part).collect::<Vec<_>>().join("/")).collect()
    }

    #[test]
    fn pages_are_the_routes_of_the_dashboard_and_no_account_takes_their_paths() {
        let (mut here, mut there) = (PAGES.map(str::to_owned).to_vec(), paths_in_the_source());
        here.sort_unstable();
        there.sort_unstable();
        assert_eq!(here, there);
        for page in PAGES {
            let first = page.split('/').nth(1).unwrap_or_default();
            assert!(first.is_empty() || first == "{slug}" || Slug::parse(first) == Err(InvalidSlug::Reserved), "{page}");
        }
    }

    #[test]
    fn slashes_too_many_lead_to_the_page_that_is_meant_and_to_no_other_site() {
        for (given, meant) in [
            ("/acme/invitations/t/", Some("/acme/invitations/t")),
            ("/acme//invitations/t?utm=x", Some("/acme/invitations/t?utm=x")),
            ("//users", Some("/users")),
            ("/users/", Some("/users")),
            ("//evil.example/sign-in/", Some("/evil.example/sign-in")),
            ("//evil.example/", None),
            ("/none/", None),
            ("/users", None),
            ("/", None),
        ] {
            assert_eq!(page_with_other_slashes(&given.parse().expect("a path")).as_deref(), meant, "{given}");
        }
    }

    #[tokio::test]
    async fn without_a_built_dashboard_it_is_said_how_to_build_it() {
        let answer = page(StatusCode::OK, None);
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let text = to_bytes(answer.into_body(), 10_000).await.expect("a short page");
        assert!(String::from_utf8_lossy(&text).contains("make dashboard"));
    }
}
