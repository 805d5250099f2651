//! How a server is stopped: what it says meanwhile, what it still does, and when it ends whatever happens.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use reqwest::Client;
use rustix::process::Signal;
use serde_json::json;
use test_support::{SmtpBehaviour, SmtpServer, TestDatabase};

use crate::person::{Answer, Person};
use crate::program::{Program, Serving};
use crate::wire::Wire;
use crate::world::{World, open_account};
use test_support::SocketClient;

const FOLLOW: &str = "subscription { userEvents { type } }";

async fn readiness(url: &str) -> (u16, String) {
    // A connection of its own, as a load balancer opens it.
    let answer = Answer::of(Client::new().get(format!("{url}/readyz"))).await;
    (answer.status, answer.body.to_string())
}

#[tokio::test]
async fn after_sigterm_it_is_not_ready_but_serves_everything_until_the_delay_is_over() {
    let world = World::start_with(&[("ROSTER_SHUTDOWN_DELAY", "600"), ("ROSTER_SHUTDOWN_TIMEOUT", "900")]).await;
    let url = world.roster.url.clone();
    let mut before = SocketClient::enter(&url, world.admin.token.as_deref()).await;
    before.subscribe("1", FOLLOW, json!({})).await;
    assert_eq!(readiness(&url).await.0, 200);

    world.roster.program.signal(Signal::TERM);
    world.roster.program.logged("that it stops", |log| log.contains("stopping").then_some(())).await;
    let (status, body) = readiness(&url).await;
    assert_eq!(status, 503, "{body}");
    assert!(body.contains("the server is shutting down"), "{body}");
    assert_eq!(Answer::of(Client::new().get(format!("{url}/healthz"))).await.status, 200, "it is alive");

    let newcomer = Person { client: Client::new(), ..world.admin.clone() };
    let answer = newcomer.ask("{ viewer { user { email } } }", json!({})).await;
    assert_eq!(answer.body["data"]["viewer"]["user"]["email"], "Ada@Acme.example");
    assert_eq!(answer.header("connection"), ["close"], "a proxy keeps no connection to a server that is leaving");
    let mut during = SocketClient::enter(&url, world.admin.token.as_deref()).await;
    newcomer.run("updateUser", json!({ "id": newcomer.id, "name": "Ada L." })).await.done();
    // What happened a moment before it subscribed may come first.
    while before.hear().await["payload"]["data"]["userEvents"]["type"] != "NAME_CHANGED" {}

    world.roster.program.signal(Signal::TERM);
    assert_eq!(before.closed().await, 1001, "clients come again");
    assert_eq!(during.closed().await, 1001);
    let ended = world.roster.program.ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.logged);
    assert!(ended.logged.contains(r#""message":"stopped""#) && !ended.logged.contains("cut off"), "{}", ended.logged);
}

#[tokio::test]
async fn whatever_hangs_it_ends_when_its_time_is_up() {
    let (database, smtp) = (TestDatabase::create().await, SmtpServer::start().await);
    let wire = Wire::to(database.url()).await;
    let roster = Serving::start_with(wire.url(), smtp.port(), &[("ROSTER_SHUTDOWN_TIMEOUT", "5")]).await;
    let (admin, _) = open_account(&roster).await;
    // A mail server that never answers.
    smtp.behave(SmtpBehaviour::Hanging).await;
    admin.run("inviteUser", json!({ "email": "eve@acme.example", "role": "VIEWER", "authMethods": ["password"] })).await.done();
    let claimed = "select count(*) > 0 from mail_outbox where claimed_until is not null";
    while !sqlx::query_scalar::<_, bool>(claimed).fetch_one(&database.pool()).await.expect("answers") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Subscribers, and a client that does not finish its request.
    let mut subscriber = SocketClient::enter(&roster.url, admin.token.as_deref()).await;
    subscriber.subscribe("1", FOLLOW, json!({})).await;
    let address = roster.url.strip_prefix("http://").expect("a plain address");
    let mut slow = TcpStream::connect(address).expect("it takes connections");
    slow.write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{")
        .expect("it listens");
    // A database that falls silent while requests wait for it, and links that were asked for.
    wire.silence();
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let admin = admin.clone();
            tokio::spawn(async move {
                let question = admin.client.post(format!("{}/graphql", admin.url)).bearer_auth(admin.token.unwrap_or_default());
                question.json(&json!({ "query": "{ viewer { user { id } } }" })).send().await.is_ok()
            })
        })
        .collect();
    let visitor = Person::visitor(&roster.url);
    for number in 0..25 {
        let input = json!({ "account": "acme", "email": format!("user{number}@acme.example") });
        visitor.run("requestPasswordReset", input).await;
    }

    roster.program.signal(Signal::TERM);
    let ended = roster.program.ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.logged);
    assert!(ended.logged.contains("stopping took too long"), "{}", ended.logged);
    for question in asking {
        question.await.expect("it ends with the server");
    }
}

#[tokio::test]
async fn a_hangup_does_not_end_it() {
    let world = World::start().await;
    world.roster.program.signal(Signal::HUP);
    world.roster.program.logged("that it goes on", |log| log.contains("SIGHUP is ignored").then_some(())).await;
    assert_eq!(readiness(&world.roster.url).await.0, 200);
    assert!(world.admin.viewer().await.is_some());
}

#[tokio::test]
async fn a_delay_that_leaves_no_time_to_stop_is_refused() {
    let variables = [
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing"),
        ("ROSTER_MASTER_KEY", crate::program::MASTER_KEY),
        ("ROSTER_PUBLIC_URL", "http://127.0.0.1"),
        ("ROSTER_SHUTDOWN_DELAY", "30"),
        ("ROSTER_SHUTDOWN_TIMEOUT", "30"),
    ];
    let ended = Program::run(&["serve"], &variables).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.logged.contains("set ROSTER_SHUTDOWN_TIMEOUT to more than ROSTER_SHUTDOWN_DELAY"), "{ended:?}");
}
