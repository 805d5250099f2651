//! Everything that a fault can hit: a Postgres, two servers, a mail server, and an account with an admin.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use test_support::SmtpServer;
use tokio_util::sync::CancellationToken;

use crate::postgres::Postgres;
use crate::program::TIMEOUT;
use crate::servers::{COUNT, Servers};
use crate::workload::{Client, Journal, PASSWORD, Repeat, SLUG, Site, token_of};

/// How many users are changed by every writer.
const SHARED_USERS: usize = 3;

pub(crate) struct World {
    pub(crate) postgres: Postgres,
    pub(crate) servers: Servers,
    pub(crate) smtp: Arc<SmtpServer>,
    pub(crate) journal: Arc<Journal>,
    /// The admin's session.
    token: String,
    member: String,
    shared_users: Vec<String>,
    quiet_user: String,
}

impl World {
    /// Starts everything over this Postgres.
    pub(crate) async fn start(postgres: Postgres) -> Self {
        let address = postgres.address();
        Self::start_behind(postgres, address).await
    }

    /// The same, where the servers reach Postgres through something that listens at this address.
    pub(crate) async fn start_behind(postgres: Postgres, address: SocketAddr) -> Self {
        let smtp = Arc::new(SmtpServer::start().await);
        let mut servers = Servers::prepare(address, smtp.port()).await;
        servers.start(0).await;
        let token = open_account(&servers).await;
        for other in 1..COUNT {
            servers.start(other).await;
        }
        let member = format!("member@{SLUG}.example");
        let (shared_users, quiet_user) = (vec![], String::new());
        let mut world = Self { postgres, servers, smtp, journal: Arc::default(), token, member, shared_users, quiet_user };
        world.settle().await;
        world
    }

    /// Invites whom every client needs.
    async fn settle(&mut self) {
        let mut admin = Client::new(self.site(), "setup", 0);
        for number in 0..SHARED_USERS {
            let id = invite(&mut admin, &format!("shared{number}@{SLUG}.example")).await;
            self.shared_users.push(id);
        }
        self.quiet_user = invite(&mut admin, &format!("quiet@{SLUG}.example")).await;
        let member = self.member.clone();
        invite(&mut admin, &member).await;
        let mails = self.smtp.wait_for(&member, 1).await;
        let input = json!({ "token": token_of(&mails[0]), "password": PASSWORD, "transport": "TOKEN" });
        admin.token = None;
        admin.run("acceptInvitation", input, Repeat::Never).await.expect("the member joins");
    }

    /// A user whom no client of the workload changes.
    pub(crate) fn quiet_user(&self) -> &str {
        &self.quiet_user
    }

    /// What the clients of one workload share.
    pub(crate) fn site(&self) -> Arc<Site> {
        Arc::new(Site {
            urls: self.servers.urls(),
            token: self.token.clone(),
            member: self.member.clone(),
            shared_users: self.shared_users.clone(),
            smtp: Arc::clone(&self.smtp),
            journal: Arc::clone(&self.journal),
            to_join: Mutex::default(),
            stop: CancellationToken::new(),
        })
    }

    /// The cursor of the newest event, when all of them show.
    pub(crate) async fn last_cursor(&self) -> String {
        let shown = "select bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())) and (select count(*) = 0 from mail_outbox) from events";
        self.postgres.until(shown, "every event shows").await;
        let log = Client::new(self.site(), "cursor", 0).read("{ auditLog(first: 1) { nodes { cursor } } }").await;
        let log = log.expect("the log is read");
        log["auditLog"]["nodes"][0]["cursor"].as_str().expect("there are events").to_owned()
    }

    /// What a server answers to the admin.
    pub(crate) async fn get(&self, which: usize, path: &str) -> reqwest::Response {
        let request = reqwest::Client::new().get(format!("{}{path}", self.servers.get(which).url)).timeout(TIMEOUT);
        request.bearer_auth(&self.token).send().await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

async fn invite(admin: &mut Client, email: &str) -> String {
    let input = json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] });
    let payload = admin.run("inviteUser", input, Repeat::Never).await.unwrap_or_else(|| panic!("{email} is invited"));
    payload["user"]["id"].as_str().expect("an id").to_owned()
}

/// Opens the account with the link that the first server printed, and answers the admin's session.
async fn open_account(servers: &Servers) -> String {
    const OPEN: &str = "mutation($input: OpenAccountInput!) { openAccount(input: $input) { token userErrors { code } } }";
    let roster = servers.get(0);
    let input = json!({ "token": roster.welcome_token().await, "name": "Acme Works", "slug": SLUG, "email": "ada@acme.example",
        "password": PASSWORD, "transport": "TOKEN" });
    let request = reqwest::Client::new().post(format!("{}/graphql", roster.url));
    let answer = request.json(&json!({ "query": OPEN, "variables": { "input": input } })).send().await.expect("the server answers");
    let answer: Value = answer.json().await.expect("JSON");
    answer["data"]["openAccount"]["token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}
