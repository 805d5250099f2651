//! `GET /auth`, as proxies ask it, and the API in pages of other origins.

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::json;

use crate::person::{Answer, Person};
use crate::world::World;

const APP: &str = "https://app.example";
const PAGE: [(&str, &str); 4] = [
    ("x-forwarded-proto", "https"),
    ("x-forwarded-host", "app.example"),
    ("x-forwarded-uri", "/reports?year=2026&all"),
    ("accept", "text/html,*/*;q=0.8"),
];
const SIGN_IN: &str = "/sign-in?next=https%3A%2F%2Fapp.example%2Freports%3Fyear%3D2026%26all";

async fn world() -> World {
    World::start_with(&[("ROSTER_ALLOWED_ORIGINS", APP)]).await
}

async fn ask(world: &World, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap) {
    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    let request = client.get(format!("{}{path}", world.roster.url));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = request.send().await.expect("answers");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    (answer.status().as_u16(), answer.headers().clone())
}

fn bearer(person: &Person) -> String {
    format!("Bearer {}", person.token.as_deref().expect("is signed in"))
}

#[tokio::test]
async fn a_proxy_is_told_who_sends_a_request_for_as_long_as_they_have_access() {
    let world = world().await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let token = bearer(&eve);
    let (status, headers) = ask(&world, "/auth", &[("authorization", &token)]).await;
    assert_eq!(status, 200);
    let account = world.account_id.to_string();
    for (name, value) in
        [("user", eve.id.as_str()), ("email", "eve@acme.example"), ("role", "EDITOR"), ("account", &account), ("account-slug", "acme")]
    {
        assert_eq!(headers[format!("x-roster-{name}").as_str()], value, "{name}");
    }
    // What a client writes itself is not believed.
    let (_, headers) = ask(&world, "/auth", &[("authorization", &token), ("x-roster-role", "ADMIN")]).await;
    assert_eq!(headers["x-roster-role"], "EDITOR");

    world.admin.run("updateUser", json!({ "id": eve.id, "role": "VIEWER" })).await.done();
    assert_eq!(ask(&world, "/auth", &[("authorization", &token)]).await.1["x-roster-role"], "VIEWER");
    world.admin.run("updateUser", json!({ "id": eve.id, "active": false })).await.done();
    let (status, headers) = ask(&world, "/auth", &[("authorization", &token)]).await;
    assert_eq!(status, 401);
    assert!(!headers.keys().any(|name| ["x-roster-user", "x-roster-role"].contains(&name.as_str())), "{headers:?}");
}

#[tokio::test]
async fn an_api_key_and_a_visitor_are_no_one_to_a_product() {
    let world = world().await;
    let input = json!({ "name": "robot", "scopes": ["USERS_READ", "USERS_WRITE"] });
    let keys = [world.admin.new_key("createApiKey", &input).await, world.admin.new_key("createServiceKey", &input).await];
    let [key, service_key] = keys.map(|key| format!("Bearer {key}"));
    let keys = [[("authorization", key.as_str())], [("authorization", service_key.as_str())]];
    for headers in [&[][..], &keys[0], &keys[1], &[("authorization", "Bearer x")], &[("cookie", world.cookie("roster_s_x").as_str())]] {
        let (status, answer) = ask(&world, "/auth", headers).await;
        assert_eq!((status, answer["www-authenticate"].to_str().unwrap()), (401, "Bearer realm=\"roster\""), "{headers:?}");
    }
}

#[tokio::test]
async fn a_browser_is_sent_to_sign_in_and_back_only_to_an_origin_that_is_trusted() {
    let world = world().await;
    let sign_in = format!("{}{SIGN_IN}", world.roster.url);
    // nginx takes the address from the header.
    let (status, headers) = ask(&world, "/auth", &PAGE).await;
    assert_eq!((status, headers["x-roster-sign-in"].to_str().unwrap()), (401, sign_in.as_str()));
    // Traefik and Caddy pass the redirect on.
    let (status, headers) = ask(&world, "/auth?redirect=true", &PAGE).await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (302, sign_in.as_str()));

    let with = |name: &'static str, value: &'static str| PAGE.map(|(of, old)| if of == name { (of, value) } else { (of, old) });
    let home = format!("{}/sign-in", world.roster.url);
    for headers in
        [with("x-forwarded-host", "evil.example"), with("x-forwarded-proto", "http"), with("x-forwarded-host", "app.example@evil.example")]
    {
        let (status, answer) = ask(&world, "/auth?redirect=true", &headers).await;
        assert_eq!((status, answer["location"].to_str().unwrap()), (302, home.as_str()), "{headers:?}");
    }
    // Programs are told, not sent.
    for headers in [
        &with("accept", "application/json")[..],
        &[&PAGE[..], &[("x-forwarded-method", "POST")]].concat(),
        &[&PAGE[..], &[("authorization", "Bearer x")]].concat(),
    ] {
        assert_eq!(ask(&world, "/auth?redirect=true", headers).await.0, 401, "{headers:?}");
    }
}

#[tokio::test]
async fn pages_of_a_trusted_origin_use_the_api_with_a_bearer_token_and_no_others_do() {
    let world = world().await;
    let send = async |method: Method, path: &str, origin: &'static str| {
        let request = world.admin.client.request(method, format!("{}{path}", world.roster.url)).header("origin", origin);
        let request =
            request.header("access-control-request-method", "POST").header("access-control-request-headers", "authorization,content-type");
        let request = request.header("authorization", bearer(&world.admin)).json(&json!({ "query": "{ viewer { user { id } } }" }));
        Answer::of(request).await
    };
    for path in ["/graphql", "/users/export", "/history/export"] {
        let answer = send(Method::OPTIONS, path, APP).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, vec![APP]), "{path}");
        assert!(answer.header("access-control-allow-headers")[0].contains("authorization"), "{answer:?}");
        let answer = send(Method::OPTIONS, path, "https://evil.example").await;
        assert_eq!(answer.header("access-control-allow-origin"), Vec::<&str>::new(), "{path}");
    }
    let answer = send(Method::POST, "/graphql", APP).await;
    assert_eq!(answer.body["data"]["viewer"]["user"]["id"], world.admin.id.as_str());
    assert_eq!(answer.header("access-control-allow-origin"), [APP]);
    assert!(
        answer.header("vary").join(",").contains("origin") && answer.header("access-control-allow-credentials").is_empty(),
        "{answer:?}"
    );
    assert!(send(Method::POST, "/graphql", "https://evil.example").await.header("access-control-allow-origin").is_empty());
    // Pages, and the answers to proxies, are for no one else.
    for path in ["/auth", "/users", "/readyz"] {
        assert!(send(Method::GET, path, APP).await.header("access-control-allow-origin").is_empty(), "{path}");
    }
}
