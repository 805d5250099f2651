//! What every answer of the finished program carries, the cookies behind TLS, and where browsers are sent.

use reqwest::{Client, Method, redirect::Policy};
use serde_json::json;
use test_support::{SmtpServer, TestDatabase};

use crate::letters::token_of;
use crate::person::{Answer, Person};
use crate::program::Serving;
use crate::world::{PASSWORD, World};

const PUBLIC: &str = "https://roster.example";
const FORM: &str = "application/x-www-form-urlencoded";

/// A Roster that browsers reach over TLS, with its account `acme`.
struct BehindTls {
    roster: Serving,
    client: Client,
    _database: TestDatabase,
    _smtp: SmtpServer,
}

impl BehindTls {
    async fn start() -> Self {
        let (smtp, database) = (SmtpServer::start().await, TestDatabase::create().await);
        let roster = Serving::start_with(database.url(), smtp.port(), &[("ROSTER_PUBLIC_URL", PUBLIC)]).await;
        let token = roster.welcome_token().await;
        let input = json!({ "token": token, "name": "Acme", "slug": "acme", "email": "ada@acme.example", "password": PASSWORD, "transport": "TOKEN" });
        Person::visitor(&roster.url).run("openAccount", input).await.done();
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { roster, client, _database: database, _smtp: smtp }
    }
}

#[tokio::test]
async fn every_answer_of_the_program_carries_the_headers_of_security() {
    let server = BehindTls::start().await;
    let huge = "x".repeat(70_000);
    let too_long = format!("/{}", "x".repeat(9_000));
    for (method, path, content_type, body, status) in [
        (Method::POST, "/acme/sign-in", FORM, "email=a&password=b", 405),
        (Method::GET, "/sign-in/none", "", "", 404),
        (Method::GET, "/sign-in/callback/none", "", "", 404),
        (Method::GET, "/sign-in/choice", "", "", 405),
        (Method::POST, "/sign-in/choice", FORM, "choice=x", 422),
        (Method::POST, "/sign-in/choice", FORM, "nonsense", 422),
        (Method::GET, "/healthz", "", "", 200),
        (Method::GET, "/readyz", "", "", 200),
        (Method::GET, "/assets/page.css", "", "", 200),
        (Method::GET, "/assets/icon.svg", "", "", 200),
        (Method::GET, "/assets/none.js", "", "", 404),
        (Method::GET, "/none", "", "", 404),
        (Method::GET, &too_long, "", "", 404),
        (Method::GET, "/graphql?query=%7B__typename%7D", "", "", 200),
        (Method::GET, "/graphql", "", "", 400),
        (Method::POST, "/graphql", "application/json", r#"{"query":"{viewer{user{id}}}"}"#, 200),
        (Method::POST, "/graphql", "application/json", "{", 400),
        (Method::POST, "/graphql", "text/plain", "{}", 415),
        (Method::POST, "/graphql", "application/json", &huge, 400),
        (Method::DELETE, "/graphql", "", "", 405),
    ] {
        let mut request = server.client.request(method.clone(), format!("{}{path}", server.roster.url)).header("origin", PUBLIC);
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        let answer = Answer::of(request.body(body.to_owned())).await;
        let what = format!("{method} {path:.60}");
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        carries_the_headers(&answer, &what, status == 200 && path.starts_with("/assets/"));
    }
    let foreign = server.client.post(format!("{}/sign-in/choice", server.roster.url)).header("origin", "https://evil.example");
    let foreign = Answer::of(foreign.header("content-type", FORM).body("choice=x")).await;
    assert_eq!(foreign.status, 403);
    carries_the_headers(&foreign, "a foreign form", false);
    let socket = server.client.get(format!("{}/graphql", server.roster.url)).header("upgrade", "websocket");
    let socket = Answer::of(socket.header("origin", "https://evil.example")).await;
    assert_eq!(socket.status, 403);
    carries_the_headers(&socket, "a foreign socket", false);
}

fn carries_the_headers(answer: &Answer, what: &str, may_be_kept: bool) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000"),
        ("cache-control", if may_be_kept { "public, max-age=3600" } else { "no-store" }),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ] {
        assert_eq!(answer.header(name), [value], "{what}: {name}");
    }
    let cors: Vec<_> = answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
    assert!(cors.is_empty(), "{what}: {cors:?}");
    assert_eq!(answer.header("x-request-id").len(), 1, "{what}");
}

#[tokio::test]
async fn behind_tls_the_cookie_belongs_to_this_host_alone() {
    let server = BehindTls::start().await;
    let visitor = Person::visitor(&server.roster.url);
    let input = json!({ "account": "acme", "email": "ada@acme.example", "password": PASSWORD, "transport": "COOKIE" });
    let answer = visitor.attempt("signIn", input).await;
    let [set] = answer.header("set-cookie")[..] else { panic!("one cookie was expected: {answer:?}") };
    let (value, attributes) = set.split_once("; ").expect("it has attributes");
    assert!(value.starts_with("__Host-roster=roster_s_"), "{set}");
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=1209600");
    let out = visitor.client.post(format!("{}/graphql", server.roster.url)).header("cookie", value).header("origin", PUBLIC);
    let out = Answer::of(out.json(&json!({ "query": "mutation { signOut { userErrors { code } } }" }))).await;
    assert_eq!(out.header("set-cookie"), ["__Host-roster=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0"]);
    let plain = value.replace("__Host-roster", "roster_session");
    let viewer = visitor.client.post(format!("{}/graphql", server.roster.url)).header("cookie", plain);
    let viewer = Answer::of(viewer.json(&json!({ "query": "{ viewer { user { id } } }" }))).await;
    assert_eq!(viewer.body["data"]["viewer"], json!(null), "a cookie that another host of the domain could have set counts for nothing");
}

#[tokio::test]
async fn no_one_is_sent_to_where_a_request_says() {
    const WISHES: &str =
        "next=https%3A%2F%2Fevil.example&redirect=%2F%2Fevil.example&return_to=https%3A%2F%2Fevil.example&url=%5C%5Cevil.example";
    let world = World::start().await;
    world.invite("eve@acme.example", "VIEWER").await;
    let token = token_of(&world.smtp.wait_for("eve@acme.example", 1).await[0], &world.roster.url, "acme");
    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    let headers = [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=evil.example"),
        ("x-original-url", "//evil.example"),
    ];
    let send = async |method: Method, path: &str, body: String| {
        let request = client.request(method, format!("{}{path}", world.roster.url)).header("content-type", FORM).body(body);
        let request = request.header("origin", &world.roster.url).header("referer", "https://evil.example/");
        Answer::of(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    };
    let invitation = format!("/acme/invitations/{token}");
    let choice = send(Method::POST, &format!("/sign-in/choice?{WISHES}"), format!("choice=x&{WISHES}")).await;
    assert_eq!((choice.status, choice.header("location")), (422, vec![]));
    for path in [
        "/",
        "/acme/sign-in",
        "/sign-in",
        "/sign-in/none",
        "/sign-in/callback/none",
        "/welcome/x",
        &invitation,
        "//evil.example",
        "//evil.example/acme/sign-in",
        "/%2F%2Fevil.example",
        "/%5C%5Cevil.example/sign-in",
        "/evil.example%2F..",
        "/acme/sign-in/",
    ] {
        let answer = send(Method::GET, &format!("{path}?{WISHES}"), String::new()).await;
        // A path with other slashes leads to the same one with ours, and nowhere else.
        let is_ours = |location: &str| location.starts_with('/') && !location[1..].starts_with(['/', '\\']);
        match answer.header("location")[..] {
            [] => assert!(!(300..400).contains(&answer.status), "{path}: {answer:?}"),
            [location] => assert!(answer.status == 308 && is_ours(location), "{path}: {answer:?}"),
            ref several => panic!("{path}: {several:?}"),
        }
        let page = answer.body.to_string();
        assert!(!page.contains("https://evil.example") && !page.contains("\"//evil.example"), "{path}: {page}");
    }
}
