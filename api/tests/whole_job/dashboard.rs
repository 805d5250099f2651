//! The pages of the dashboard as the program serves them. What they do is seen in a real browser.

use reqwest::{Client, Method};

use crate::person::Answer;
use crate::world::World;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Asks as a browser does that follows a link.
async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Client::new().get(format!("{}{path}", world.roster.url)).header("accept", "text/html,*/*;q=0.8");
    Answer::of(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// What follows a text, up to a quotation mark.
fn named<'a>(document: &'a str, beginning: &str) -> &'a str {
    let at = document.find(beginning).unwrap_or_else(|| panic!("nothing begins with {beginning}: {document}"));
    document[at..].split('"').next().unwrap_or_default()
}

#[tokio::test]
async fn every_page_is_the_same_document_and_a_path_of_none_is_not_found() {
    let world = World::start().await;
    let home = get(&world, "/", &[]).await;
    assert_eq!(home.status, 200, "the dashboard is not built: type `make dashboard`: {home:?}");
    for (path, status) in [
        ("/users", 200),
        ("/users/01920000-0000-7000-8000-000000000000", 200),
        ("/users?q=%3Cscript%3E", 200),
        ("/overview", 200),
        ("/audit-log", 200),
        ("/api-keys", 200),
        ("/service-keys", 200),
        ("/account", 200),
        ("/profile", 200),
        ("/sign-in", 200),
        ("/forgot-password", 200),
        ("/welcome/x", 200),
        ("/acme/sign-in", 200),
        ("/acme/forgot-password", 200),
        ("/acme/reset-password/x", 200),
        ("/acme/invitations/x", 200),
        ("/none", 404),
        ("/users/a/b", 404),
    ] {
        let page = get(&world, path, &[]).await;
        assert_eq!((page.status, &page.body), (status, &home.body), "{path}");
        assert_eq!(page.header("content-security-policy"), [POLICY], "{path}");
        assert_eq!(page.header("cache-control"), ["no-store"], "{path}");
        assert_eq!(page.header("content-type"), ["text/html; charset=utf-8"], "{path}");
    }
    for (path, leads_to) in [("/users/?q=a", "/users?q=a"), ("/acme//invitations/x/", "/acme/invitations/x")] {
        for method in [Method::GET, Method::HEAD] {
            let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
            let answer = Answer::of(client.request(method, format!("{}{path}", world.roster.url))).await;
            assert_eq!((answer.status, answer.header("location")), (308, vec![leads_to]), "{path}");
        }
    }
    let program = Answer::of(Client::new().get(format!("{}/none", world.roster.url))).await;
    assert_eq!((program.status, program.body.as_str()), (404, Some("")), "a program gets no page");
    for path in ["/users", "/acme/sign-in"] {
        let posted = Answer::of(Client::new().request(Method::POST, format!("{}{path}", world.roster.url))).await;
        assert_eq!(posted.status, 405, "{path}");
    }
}

#[tokio::test]
async fn files_of_the_pages_are_kept_for_good_and_sent_in_the_form_that_the_client_takes() {
    let world = World::start().await;
    let home = get(&world, "/", &[]).await.body;
    let script = named(home.as_str().expect("a document"), "/assets/hashed/index-");
    let bytes = async |encoding: &str| {
        let request = Client::new().get(format!("{}{script}", world.roster.url)).header("accept-encoding", encoding);
        let response = request.send().await.expect("an answer");
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
        assert_eq!(header("cache-control").as_deref(), Some("public, max-age=31536000, immutable"));
        assert_eq!(header("vary").as_deref(), Some("accept-encoding"));
        assert_eq!(header("content-type").as_deref(), Some("text/javascript; charset=utf-8"));
        (header("content-encoding"), response.bytes().await.expect("a body").len())
    };
    let (plain, gzip, brotli) = (bytes("identity").await, bytes("gzip").await, bytes("gzip, br").await);
    assert_eq!((plain.0, gzip.0.as_deref(), brotli.0.as_deref()), (None, Some("gzip"), Some("br")));
    assert!(plain.1 > 2 * gzip.1 && gzip.1 > brotli.1, "{} {} {}", plain.1, gzip.1, brotli.1);
    for (path, kept) in [("/assets/color-scheme.js", "public, max-age=3600"), ("/assets/hashed/none.js", "no-store")] {
        assert_eq!(get(&world, path, &[]).await.header("cache-control"), [kept], "{path}");
    }
    for path in ["/assets/hashed/none.js", "/assets/", "/assets/../index.html", "/assets/..%2f..%2fpackage.json", "/assets/%2fetc%2fpasswd"]
    {
        let answer = get(&world, path, &[]).await;
        assert!(answer.status == 404 && !answer.body.to_string().contains("root:"), "{path}: {answer:?}");
    }
}
