//! `/graphiql`: GraphiQL, built into the program, for development. `scripts/build-graphiql` makes the assets, and
//! `docs/decisions/0007-graphiql.md` says why these.
//!
//! It speaks to this server's own `/graphql`, with the session cookie of the browser or with whatever is typed under "Headers".

use axum::{
    Router,
    http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    response::IntoResponse,
    routing::get,
};

/// Scripts and requests of this server alone, none of them inline. The menus write style elements while they are open.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>GraphiQL · Roster</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/graphiql/graphiql.css">
<link rel="stylesheet" href="/graphiql/page.css">
<script src="/graphiql/graphiql.js" defer></script>
</head>
<body><div id="graphiql">Loading …</div></body>
</html>
"#;

const PAGE_STYLE: &str = "body { margin: 0 } #graphiql { height: 100vh; height: 100dvh }";

/// The page and what it loads.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/graphiql", get(async || ([(CONTENT_SECURITY_POLICY, POLICY), (CONTENT_TYPE, "text/html; charset=utf-8")], PAGE)))
        .route("/graphiql/page.css", get(async || ([(CONTENT_TYPE, "text/css; charset=utf-8")], PAGE_STYLE)))
        .route(
            "/graphiql/graphiql.css",
            get(async || compressed("text/css; charset=utf-8", include_bytes!("../../assets/graphiql.css.gz"))),
        )
        .route(
            "/graphiql/graphiql.js",
            get(async || compressed("text/javascript; charset=utf-8", include_bytes!("../../assets/graphiql.js.gz"))),
        )
}

/// Every browser takes gzip, so nothing is unpacked here for one that does not.
fn compressed(content_type: &'static str, content: &'static [u8]) -> impl IntoResponse {
    ([(CONTENT_TYPE, content_type), (CONTENT_ENCODING, "gzip")], content)
}
