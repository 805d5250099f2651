//! Two servers behind a real proxy are restarted one after the other, and no request of a constant load is lost.
//!
//! No proxy is configured to repeat what may have happened: a mutation that is lost would be seen.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use reqwest::Client;
use rustix::process::Signal;
use serde_json::json;
use test_support::{SmtpServer, TestDatabase, TestFolder};
use tokio::process::Command;

use crate::person::Person;
use crate::program::serving::{free_address, reserved_address};
use crate::program::{Serving, TIMEOUT};
use crate::proxy::Proxy;
use crate::world::open_account;

/// How many clients ask at the same time.
const CLIENTS: usize = 6;

/// Writes the configuration of a proxy, which listens at the first address, and answers the command that runs it.
type Configure = fn(folder: &Path, listen: SocketAddr, servers: [SocketAddr; 2]) -> Command;

fn nginx(folder: &Path, listen: SocketAddr, [a, b]: [SocketAddr; 2]) -> Command {
    let folder = folder.to_str().expect("the path is text");
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| format!("{kind}_temp_path {folder}/{kind};")).join(" ");
    // Without checks of its own it finds out by connections that are refused.
    let configuration = format!(
        r#"daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 512; }}
http {{
    access_log off; {temporary}
    upstream roster {{ server {a} max_fails=1 fail_timeout=1s; server {b} max_fails=1 fail_timeout=1s; keepalive 16; }}
    server {{
        listen {listen};
        location / {{ proxy_pass http://roster; proxy_http_version 1.1; proxy_set_header Connection ""; }}
    }}
}}"#
    );
    let file = format!("{folder}/nginx.conf");
    fs::write(&file, configuration).expect("the folder can be written");
    let mut command = Command::new("nginx");
    command.args(["-c", &file, "-p", folder, "-e", "stderr"]);
    command
}

fn haproxy(folder: &Path, listen: SocketAddr, [a, b]: [SocketAddr; 2]) -> Command {
    let configuration = format!(
        "defaults
    mode http
    timeout connect 30s
    timeout client 60s
    timeout server 60s
    timeout check 30s
frontend public
    bind {listen}
    default_backend roster
backend roster
    balance roundrobin
    option redispatch
    option httpchk GET /readyz
    http-check expect status 200
    default-server check inter 200ms fall 1 rise 1
    server a {a}
    server b {b}
"
    );
    let file = folder.join("haproxy.cfg");
    fs::write(&file, configuration).expect("the folder can be written");
    let mut command = Command::new("haproxy");
    command.arg("-db").arg("-f").arg(file);
    command
}

fn caddy(folder: &Path, listen: SocketAddr, [a, b]: [SocketAddr; 2]) -> Command {
    let configuration = format!(
        "{{
    admin off
    auto_https off
}}
http://{listen} {{
    reverse_proxy {a} {b} {{
        lb_policy round_robin
        lb_try_duration 60s
        health_uri /readyz
        health_interval 200ms
        health_timeout 30s
        health_status 200
    }}
}}
"
    );
    let file = folder.join("Caddyfile");
    fs::write(&file, configuration).expect("the folder can be written");
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file).env("HOME", folder);
    command
}

/// Starts a proxy in front of two servers.
async fn start_proxy(configure: Configure, servers: [SocketAddr; 2]) -> Proxy {
    let folder = TestFolder::create().expect("a folder can be made");
    let listen = free_address();
    let command = configure(folder.path(), listen, servers);
    Proxy::start(folder, listen, command, "/healthz", 200).await
}

/// One client: reads and writes in turns until it is told to stop. Answers how many requests were answered, and those that were lost.
async fn ask(person: Person, stop: Arc<AtomicBool>) -> (usize, Vec<String>) {
    let (mut answered, mut lost) = (0, vec![]);
    let token = person.token.clone().unwrap_or_default();
    while !stop.load(Relaxed) {
        let name = format!("Ada {answered}");
        let question = [("query", format!(r#"{{ user(id: "{}") {{ id }} }}"#, person.id))];
        let read = person.client.get(format!("{}/graphql", person.url)).query(&question).bearer_auth(&token);
        let update = "mutation($input: UpdateUserInput!) { updateUser(input: $input) { user { name } userErrors { code } } }";
        let write = person.client.post(format!("{}/graphql", person.url)).bearer_auth(&token);
        let write = write.json(&json!({ "query": update, "variables": { "input": { "id": person.id, "name": name } } }));
        for (what, request, place, expected) in
            [("a query", read, "/data/user/id", &person.id), ("a mutation", write, "/data/updateUser/user/name", &name)]
        {
            let answer = match request.timeout(TIMEOUT).send().await {
                Ok(response) => {
                    let status = response.status().as_u16();
                    (status, response.text().await.unwrap_or_else(|error| error.to_string()))
                }
                Err(error) => (0, format!("{error:?}")),
            };
            let body: serde_json::Value = serde_json::from_str(&answer.1).unwrap_or_default();
            if answer.0 == 200 && body.pointer(place).and_then(serde_json::Value::as_str) == Some(expected) {
                answered += 1;
            } else {
                lost.push(format!("{what}: {answer:?}"));
            }
        }
    }
    (answered, lost)
}

/// Waits until requests of the load reach a server.
async fn until_it_is_asked(server: &Serving) {
    server.program.logged("a request", |log| log.contains(r#""route":"/graphql""#).then_some(())).await;
}

async fn loses_no_request(configure: Configure) {
    let (database, smtp) = (TestDatabase::create().await, SmtpServer::start().await);
    let addresses = [reserved_address(), reserved_address()];
    let server = format!("smtp://127.0.0.1:{}?tls=none", smtp.port());
    // The usual delay, which is much longer than these proxies need.
    let variables = [("ROSTER_SHUTDOWN_DELAY", "5"), ("ROSTER_SMTP_URL", server.as_str()), ("ROSTER_MAIL_FROM", "roster@acme.example")];
    let start = |address: SocketAddr| {
        let url = database.url().to_owned();
        async move { Serving::start_at(address, &url, &variables).await.expect("the port is free") }
    };
    let mut servers = vec![start(addresses[0]).await, start(addresses[1]).await];
    let (admin, _) = open_account(&servers[0]).await;
    let proxy = start_proxy(configure, addresses).await;

    let stop = Arc::new(AtomicBool::new(false));
    let mut load = vec![];
    for number in 0..CLIENTS {
        let email = format!("user{number}@acme.example");
        let invited = admin.run("inviteUser", json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] })).await;
        let id = invited.user()["id"].as_str().expect("an id").to_owned();
        // Each reads and writes someone else, as the admin.
        load.push(Person { client: Client::new(), url: proxy.url.clone(), id, ..admin.clone() });
    }
    let load: Vec<_> = load.into_iter().map(|person| tokio::spawn(ask(person, Arc::clone(&stop)))).collect();
    for server in &servers {
        until_it_is_asked(server).await;
    }
    for address in addresses {
        let old = servers.remove(0);
        old.program.signal(Signal::TERM);
        let ended = old.program.ended().await;
        assert_eq!(ended.code, Some(0), "{}", ended.logged);
        assert!(!ended.logged.contains("cut off"), "{}", ended.logged);
        let new = start(address).await;
        until_it_is_asked(&new).await;
        servers.push(new);
    }
    stop.store(true, Relaxed);
    let (mut answered, mut lost) = (0, vec![]);
    for client in load {
        let (count, failures) = client.await.expect("it does not panic");
        answered += count;
        lost.extend(failures);
    }
    println!("{answered} requests were answered");
    assert_eq!(lost, Vec::<String>::new(), "of {}", answered + lost.len());
    assert!(answered > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_nginx_a_rolling_restart_loses_no_request() {
    loses_no_request(nginx).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_haproxy_a_rolling_restart_loses_no_request() {
    loses_no_request(haproxy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_caddy_a_rolling_restart_loses_no_request() {
    loses_no_request(caddy).await;
}
