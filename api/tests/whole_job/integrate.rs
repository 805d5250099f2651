//! The recipes of `docs/integrate.md`, as they are written there, with real proxies.

use std::fs;
use std::net::SocketAddr;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::any;
use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use test_support::TestFolder;
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::person::{Answer, Person};
use crate::program::serving::free_address;
use crate::proxy::Proxy;
use crate::world::{PASSWORD, World};
use test_support::SocketClient;

const PAGE: &str = include_str!("../../../docs/integrate.md");
const SAID: [&str; 4] = ["x-roster-user", "x-roster-email", "x-roster-role", "x-roster-account"];

/// The blocks of the page in this language, in their order.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("\n```{language}\n");
    let parts = PAGE.split(fence.as_str()).skip(1);
    parts.map(|part| part.split_once("\n```").expect("a block ends").0).collect()
}

/// A product behind a proxy: it answers what the proxy says of who asks.
async fn product() -> SocketAddr {
    let answer = async |headers: HeaderMap| {
        let said = SAID.map(|name| (name.to_owned(), headers.get(name).and_then(|value| value.to_str().ok()).into()));
        axum::Json(Value::Object(said.into_iter().collect()))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(any(answer))).await });
    address
}

/// The recipe with the addresses of this test.
fn recipe(language: &str, world: &World, product: SocketAddr) -> String {
    let [recipe] = blocks(language)[..] else { panic!("there is one recipe for {language}") };
    let roster = world.roster.url.trim_start_matches("http://");
    assert!(recipe.contains("127.0.0.1:8080") && recipe.contains("127.0.0.1:3000"), "{recipe}");
    recipe.replace("127.0.0.1:8080", roster).replace("127.0.0.1:3000", &product.to_string())
}

fn nginx(folder: &str, listen: SocketAddr, recipe: &str) -> Command {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| format!("{kind}_temp_path {folder}/{kind};")).join(" ");
    let configuration = format!(
        "daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr; events {{ worker_connections 64; }}
         http {{ access_log off; {temporary} server {{ listen {listen};\n{recipe}\n}} }}"
    );
    let file = format!("{folder}/nginx.conf");
    fs::write(&file, configuration).expect("the folder can be written");
    let mut command = Command::new("nginx");
    command.args(["-c", &file, "-p", folder, "-e", "stderr"]);
    command
}

fn caddy(folder: &str, listen: SocketAddr, recipe: &str) -> Command {
    let file = format!("{folder}/Caddyfile");
    fs::write(&file, format!("{{\nadmin off\nauto_https off\n}}\nhttp://{listen} {{\n{recipe}\n}}\n")).expect("the folder can be written");
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config", &file]).env("HOME", folder);
    command
}

struct Browser {
    client: Client,
    cookie: Option<String>,
}

impl Browser {
    async fn open(&self, address: &str) -> reqwest::Response {
        let request =
            self.client.get(address).header("accept", "text/html").header("x-roster-role", "ADMIN").header("x-roster-user", "forged");
        let request = self.cookie.iter().fold(request, |request, cookie| request.header("cookie", cookie));
        request.send().await.expect("the proxy answers")
    }
}

async fn a_proxy_asks(language: &str, configure: fn(&str, SocketAddr, &str) -> Command, status_at_first: u16) {
    let listen = free_address();
    let origin = format!("http://{listen}");
    let world = World::start_with(&[("ROSTER_ALLOWED_ORIGINS", &origin)]).await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let folder = TestFolder::create().expect("a folder can be made");
    let path = folder.path().to_str().expect("the path is text").to_owned();
    let command = configure(&path, listen, &recipe(language, &world, product().await));
    let proxy = Proxy::start(folder, listen, command, "/", status_at_first).await;

    // A visitor is sent to sign in, and the way back is the page that they wanted.
    let mut browser = Browser { client: Client::builder().redirect(Policy::none()).build().expect("a client"), cookie: None };
    let page = format!("{}/reports?year=2026&all", proxy.url);
    let sent = browser.open(&page).await;
    assert_eq!(sent.status(), 302);
    let sign_in = sent.headers()["location"].to_str().expect("text").to_owned();
    let (path, query) = sign_in.split_once("?next=").expect("the way back");
    assert_eq!(path, format!("{}/sign-in", world.roster.url));
    let back = browser.open(&format!("{}/sign-in/return?to={query}", world.roster.url)).await;
    assert_eq!((back.status().as_u16(), back.headers()["location"].to_str().expect("text")), (303, page.as_str()));
    let astray = browser.open(&format!("{}/sign-in/return?to=https%3A%2F%2Fevil.example%2F", world.roster.url)).await;
    assert_eq!(astray.headers()["location"], "/");

    // Signed in, the product is told who it is, whatever the browser says.
    let input = json!({ "account": "acme", "email": "eve@acme.example", "password": PASSWORD, "transport": "COOKIE" });
    let answer =
        world.visitor().ask("mutation($i: SignInInput!) { signIn(input: $i) { userErrors { code } } }", json!({ "i": input })).await;
    browser.cookie = answer.header("set-cookie")[0].split_once(';').map(|(pair, _)| pair.to_owned());
    let told: Value = browser.open(&page).await.json().await.expect("the product answers");
    let expected = json!({ "x-roster-user": eve.id, "x-roster-email": "eve@acme.example", "x-roster-role": "EDITOR",
        "x-roster-account": world.account_id.to_string() });
    assert_eq!(told, expected);

    // With their access their way to the product ends.
    world.admin.run("updateUser", json!({ "id": eve.id, "active": false })).await.done();
    assert_eq!(browser.open(&page).await.status(), 302);
}

#[tokio::test]
async fn nginx_asks_who_sends_a_request() {
    a_proxy_asks("nginx", nginx, 302).await;
}

#[tokio::test]
async fn caddy_asks_who_sends_a_request() {
    a_proxy_asks("caddyfile", caddy, 401).await;
}

#[tokio::test]
async fn a_product_asks_with_a_token_or_a_key_and_follows_the_users() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let [with_token, with_key, follow] = blocks("graphql")[..] else { panic!("there are three operations") };

    let answer = eve.ask(with_token, json!({})).await;
    assert_eq!(answer.body["data"]["viewer"]["user"]["role"], "EDITOR", "{answer:?}");

    let input = json!({ "name": "Intranet", "scopes": ["USERS_READ", "AUDIT_READ"] });
    let key = Person { token: Some(world.admin.new_key("createServiceKey", &input).await), ..world.visitor() };
    let found: Answer = key.ask(with_key, json!({ "email": "EVE@acme.example" })).await;
    assert_eq!(found.body["data"]["userByEmail"], json!({ "userId": eve.id, "status": "ACTIVE", "role": "EDITOR" }), "{found:?}");
    assert_eq!(key.ask(with_key, json!({ "email": "nobody@acme.example" })).await.body["data"]["userByEmail"], Value::Null);

    let cursor = world.event_cursor(&key).await;
    let mut follower = SocketClient::enter(&world.roster.url, key.token.as_deref()).await;
    follower.subscribe("1", follow, json!({ "after": cursor })).await;
    world.admin.run("updateUser", json!({ "id": eve.id, "role": "VIEWER" })).await.done();
    let event = follower.hear().await["payload"]["data"]["userEvents"].clone();
    let user = json!({ "userId": eve.id, "email": "eve@acme.example", "status": "ACTIVE", "role": "VIEWER" });
    assert_eq!((&event["type"], &event["user"]), (&json!("ROLE_CHANGED"), &user), "{event}");
}
