//! What a page of another origin can make a victim's browser send: all of it is refused, and changes nothing.

use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use serde_json::{Value, json};

use crate::person::Answer;
use crate::world::World;
use test_support::{SUBPROTOCOL, SocketClient};

const SIGN_OUT: &str = "mutation { signOut { userErrors { code } } }";
const EVIL: (&str, &str) = ("origin", "https://evil.example");

/// What the victim's browser says of where a request comes from. Nothing: a browser of long ago.
const FOREIGN: [&[(&str, &str)]; 7] = [
    &[EVIL],
    &[("origin", "null")],
    &[EVIL, ("sec-fetch-site", "cross-site")],
    &[EVIL, ("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[EVIL, ("sec-fetch-site", "none"), ("sec-fetch-user", "?1")],
];

/// The victim: the admin's session in a browser.
struct Victim {
    world: World,
    cookie: String,
    client: Client,
}

impl Victim {
    async fn start() -> Self {
        let world = World::start().await;
        let cookie = world.cookie(world.admin.token.as_deref().expect("signed in"));
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { world, cookie, client }
    }

    fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.world.roster.url)).header("cookie", &self.cookie);
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    }
}

/// An answer that lets a page of another origin read nothing, and leaves nothing in the browser.
fn is_closed(answer: &Answer, what: &str) {
    let told: Vec<_> = answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
    assert!(told.is_empty(), "{what}: {told:?}");
    assert_eq!(answer.header("set-cookie"), [""; 0], "{what}");
}

/// Every body that a page can send without asking before, and those for which it must ask.
fn bodies() -> Vec<(Option<&'static str>, String)> {
    let plain = json!({ "query": SIGN_OUT }).to_string();
    let form = "query=mutation%20%7B%20signOut%20%7B%20userErrors%20%7B%20code%20%7D%20%7D%20%7D".to_owned();
    let part = |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    // As the specification of uploads by multipart has it.
    let upload = part("operations", &plain) + &part("map", "{}") + "--x--\r\n";
    vec![
        (Some("text/plain"), plain.clone()),
        (Some("text/plain; charset=utf-8; x=application/json"), plain.clone()),
        (Some("application/x-www-form-urlencoded"), form),
        (Some("application/x-www-form-urlencoded"), plain.clone()),
        (Some("multipart/form-data; boundary=x"), part("query", SIGN_OUT) + "--x--\r\n"),
        (Some("multipart/form-data; boundary=x"), upload),
        (Some("application/graphql"), SIGN_OUT.to_owned()),
        (None, plain.clone()),
        (Some("application/json"), plain.clone()),
        (Some("application/json;charset=utf-8"), plain),
    ]
}

#[tokio::test]
async fn a_foreign_page_sends_no_mutation_with_the_victims_cookie_in_whatever_way() {
    let victim = Victim::start().await;
    let before = victim.world.everything().await;
    for headers in FOREIGN {
        for (content_type, body) in bodies() {
            let what = format!("{headers:?} {content_type:?}");
            let mut request = victim.send(Method::POST, "/graphql", headers).body(body);
            if let Some(content_type) = content_type {
                request = request.header("content-type", content_type);
            }
            let answer = Answer::of(request).await;
            assert_eq!(answer.status, 403, "{what}");
            let said = answer.code().unwrap_or_else(|| answer.body.as_str().expect("a text"));
            assert!(said == "FOREIGN_ORIGIN" || said.contains("another origin"), "{what}: {answer:?}");
            is_closed(&answer, &what);
        }
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = Answer::of(victim.send(method.clone(), "/graphql", headers).json(&json!({ "query": SIGN_OUT }))).await;
            assert_eq!((answer.status, answer.code()), (403, Some("FOREIGN_ORIGIN")), "{method} {headers:?}");
            is_closed(&answer, method.as_str());
        }
    }
    assert_eq!(victim.world.everything().await, before);
    assert!(victim.world.admin.viewer().await.is_some());
}

#[tokio::test]
async fn a_browser_that_does_not_say_from_where_sends_no_mutation_but_as_json() {
    let victim = Victim::start().await;
    let before = victim.world.everything().await;
    for (content_type, body) in bodies() {
        let is_json = content_type.is_some_and(|text| text.starts_with("application/json"));
        let mut request = victim.send(Method::POST, "/graphql", &[]).body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if !is_json {
            let answer = Answer::of(request).await;
            assert_eq!((answer.status, answer.code()), (415, Some("UNSUPPORTED_MEDIA_TYPE")), "{content_type:?}");
            is_closed(&answer, "a simple request");
        }
    }
    assert_eq!(victim.world.everything().await, before);
}

#[tokio::test]
async fn a_link_or_an_image_changes_nothing() {
    let victim = Victim::start().await;
    let before = victim.world.everything().await;
    let query = reqwest::Url::parse_with_params("http://x/graphql", [("query", SIGN_OUT)]).expect("an address");
    let graphql = format!("/graphql?{}", query.query().expect("there is one"));
    let headers: [&[(&str, &str)]; 4] =
        [&[], &[EVIL, ("sec-fetch-site", "cross-site")], &[("x-http-method-override", "POST")], &[("content-type", "application/json")]];
    for headers in headers {
        let answer = Answer::of(victim.send(Method::GET, &graphql, headers)).await;
        assert_eq!((answer.status, answer.code()), (405, Some("METHOD_NOT_ALLOWED")), "{headers:?}");
        is_closed(&answer, "a mutation over GET");
        assert_eq!(Answer::of(victim.send(Method::HEAD, &graphql, headers)).await.status, 405, "{headers:?}");
        for path in ["/sign-in/choice", "/mailbox"] {
            let answer = Answer::of(victim.send(Method::GET, path, headers)).await;
            assert!([404, 405].contains(&answer.status), "{path}: {answer:?}");
            is_closed(&answer, path);
        }
    }
    assert_eq!(victim.world.everything().await, before);
    assert!(victim.world.admin.viewer().await.is_some());
}

#[tokio::test]
async fn no_answer_allows_another_origin_to_read_it_nor_does_a_preflight() {
    let victim = Victim::start().await;
    for path in ["/graphql", "/", "/users", "/acme/sign-in", "/sign-in/choice", "/welcome/x", "/healthz", "/assets/page.css", "/none"] {
        let preflight = [EVIL, ("access-control-request-method", "POST"), ("access-control-request-headers", "content-type")];
        let answer = Answer::of(victim.send(Method::OPTIONS, path, &preflight)).await;
        assert!([404, 405].contains(&answer.status), "{path}: {}", answer.status);
        is_closed(&answer, path);
        for method in [Method::GET, Method::POST] {
            is_closed(&Answer::of(victim.send(method.clone(), path, &[EVIL])).await, &format!("{method} {path}"));
        }
    }
}

#[tokio::test]
async fn no_form_of_ours_can_be_sent_from_elsewhere_so_no_one_is_signed_in_unawares() {
    let victim = Victim::start().await;
    let world = &victim.world;
    let before = world.everything().await;
    let choose = || {
        let request = victim.client.post(format!("{}/sign-in/choice", world.roster.url));
        request.header("content-type", "application/x-www-form-urlencoded").body("choice=x")
    };
    for headers in FOREIGN {
        for with_cookie in [true, false] {
            let request = if with_cookie { choose().header("cookie", &victim.cookie) } else { choose() };
            let answer = Answer::of(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await;
            assert_eq!((answer.status, answer.header("location")), (403, vec![]), "{headers:?}");
            is_closed(&answer, "/sign-in/choice");
        }
    }
    assert_eq!(world.everything().await, before);
    let own = Answer::of(choose().header("origin", &world.roster.url)).await;
    assert_eq!(own.status, 422, "the same form from our own page is looked into");
}

#[tokio::test]
async fn a_foreign_page_opens_no_socket_with_the_victims_cookie() {
    let victim = Victim::start().await;
    let before = victim.world.everything().await;
    let url = &victim.world.roster.url;
    for headers in FOREIGN {
        let headers: Vec<_> = headers.iter().copied().chain([SUBPROTOCOL, ("cookie", &victim.cookie)]).collect();
        assert_eq!(SocketClient::open(url, &headers).await.err(), Some(403), "{headers:?}");
    }
    // Browsers always say the origin of a page that opens a socket: a client that does not is no browser, and it has the cookie because someone gave it.
    let mut program = SocketClient::open(url, &[SUBPROTOCOL, ("cookie", &victim.cookie)]).await.expect("opens");
    program.say(&json!({ "type": "connection_init" })).await;
    assert_eq!(program.hear().await["type"], "connection_ack");
    program.subscribe("1", SIGN_OUT, json!({})).await;
    let answer: Value = program.hear().await;
    assert_eq!((&answer["type"], &answer["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("BAD_REQUEST")), "{answer}");
    assert_eq!(victim.world.everything().await, before, "not even then is a mutation run over it");
}
