//! A Roster with two providers, one of them lying, and an account whose members may sign in with both.

use std::fs;
use std::time::Duration;

use mail_parser::MessageParser;
use reqwest::Client;
use serde_json::{Value, json};
use test_support::{OpenIdProvider, SmtpServer, TIMEOUT, TestDatabase, TestFolder};

use crate::program::Serving;
use test_support::Browser;

const PASSWORD: &str = "seven lighthouses hum quietly";
pub(crate) const ADMIN: &str = "grace@acme.example";

pub(crate) struct World {
    pub(crate) roster: Serving,
    /// Known to Roster as `company`.
    pub(crate) company: OpenIdProvider,
    /// Known to Roster as `liar`.
    pub(crate) liar: OpenIdProvider,
    pub(crate) database: TestDatabase,
    smtp: SmtpServer,
    admin: String,
    _folder: TestFolder,
}

impl World {
    /// Starts everything, and opens the account `acme`.
    pub(crate) async fn start() -> Self {
        let (smtp, database, folder) = (SmtpServer::start().await, TestDatabase::create().await, TestFolder::create().unwrap());
        let (company, liar) = (OpenIdProvider::start().await, OpenIdProvider::start_lying().await);
        let entry = |id: &str, provider: &OpenIdProvider| {
            let (issuer, client) = (provider.issuer(), OpenIdProvider::CLIENT_ID);
            format!(
                "[[provider]]\nid = '{id}'\nlabel = 'The {id}'\nissuer = '{issuer}'\nclient_id = '{client}'\nclient_secret_file = 'secret'\n"
            )
        };
        fs::write(folder.path().join("secret"), OpenIdProvider::CLIENT_SECRET).unwrap();
        let file = folder.path().join("providers.toml");
        fs::write(&file, entry("company", &company) + &entry("liar", &liar)).unwrap();
        let file = [("ROSTER_PROVIDERS_FILE", file.to_str().unwrap())];
        let roster = Serving::start_with(database.url(), smtp.port(), &file).await;
        let token = roster.welcome_token().await;
        let mut world = Self { roster, company, liar, database, smtp, admin: String::new(), _folder: folder };
        world.admin = world.open("acme", &token).await;
        world
    }

    async fn open(&self, slug: &str, token: &str) -> String {
        const OPEN: &str = "mutation($input: OpenAccountInput!) { openAccount(input: $input) { token userErrors { code } } }";
        let input =
            json!({ "token": token, "name": "Acme Works", "slug": slug, "email": ADMIN, "password": PASSWORD, "transport": "TOKEN" });
        let opened = self.ask(OPEN, json!({ "input": input })).await;
        opened["openAccount"]["token"].as_str().unwrap_or_else(|| panic!("{opened}")).to_owned()
    }

    /// The address of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.roster.url)
    }

    /// Asks as the admin; fails where anything is refused.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        let request = Client::new().post(self.url("/graphql")).timeout(TIMEOUT);
        let request = if self.admin.is_empty() { request } else { request.bearer_auth(&self.admin) };
        let mut answer: Value =
            request.json(&json!({ "query": query, "variables": variables })).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"].take()
    }

    /// Invites someone: their id.
    pub(crate) async fn invite(&self, email: &str, methods: &[&str]) -> String {
        const INVITE: &str = "mutation($input: InviteUserInput!) { inviteUser(input: $input) { user { id } userErrors { code } } }";
        let input = json!({ "email": email, "role": "VIEWER", "authMethods": methods });
        let invited = self.ask(INVITE, json!({ "input": input })).await;
        invited["inviteUser"]["user"]["id"].as_str().unwrap_or_else(|| panic!("{invited}")).to_owned()
    }

    /// What the link of the newest of so many invitations to an address ends with.
    pub(crate) async fn link(&self, email: &str, count: usize) -> String {
        let mails = self.smtp.wait_for(email, count).await;
        let message = MessageParser::default().parse(&mails[count - 1].raw).unwrap();
        let text = message.body_text(0).unwrap();
        let beginning = self.url("/acme/invitations/");
        text.lines().find_map(|line| line.trim().strip_prefix(&beginning)).expect("the mail has a link").to_owned()
    }

    /// Someone who has joined with a password and may sign in in these ways, too: their id.
    pub(crate) async fn member(&self, email: &str, methods: &[&str]) -> String {
        const ACCEPT: &str = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { userErrors { code } } }";
        let id = self.invite(email, &[methods, &["password"]].concat()).await;
        let input = json!({ "token": self.link(email, 1).await, "password": PASSWORD, "transport": "TOKEN" });
        let accepted = self.ask(ACCEPT, json!({ "input": input })).await;
        assert_eq!(accepted["acceptInvitation"]["userErrors"], json!([]));
        id
    }

    /// Deactivates a user.
    pub(crate) async fn deactivate(&self, id: &str) {
        const UPDATE: &str = "mutation($input: DeactivateUserInput!) { deactivateUser(input: $input) { userErrors { code } } }";
        let done = self.ask(UPDATE, json!({ "input": { "id": id } })).await;
        assert_eq!(done["deactivateUser"]["userErrors"], json!([]));
    }

    /// The types of a user's events.
    pub(crate) async fn history(&self, id: &str) -> Vec<String> {
        let select = "select event_type from events where aggregate_type = 'user' and aggregate_id = $1 order by sequence";
        sqlx::query_scalar(select).bind(id).fetch_all(&self.database.pool()).await.unwrap()
    }

    /// Types and actors of all events but those of mails, in their order.
    pub(crate) async fn events(&self) -> Vec<(String, String)> {
        let select = "select aggregate_type || '/' || event_type, metadata ->> 'actor' from events
            where aggregate_type <> 'delivery' order by xid, position";
        sqlx::query_as(select).fetch_all(&self.database.pool()).await.unwrap()
    }

    /// Operation, code and actor of the refused attempts, once there are so many. They are written soon after the answer.
    pub(crate) async fn refused_attempts(&self, count: usize) -> Vec<(String, String, String)> {
        let select = "select operation, code, actor from refused_attempts order by number";
        let written = async {
            loop {
                let rows: Vec<_> = sqlx::query_as(select).fetch_all(&self.database.pool()).await.unwrap();
                if rows.len() >= count {
                    return rows;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(TIMEOUT, written).await.expect("they are written")
    }

    /// Everything that an attack could have brought about: events, sessions, links, users. (Mail on its way is left out.)
    pub(crate) async fn everything(&self) -> Value {
        let select = "select json_build_object(
            'events', (select count(*) from events where aggregate_type <> 'delivery'),
            'sessions', (select count(*) from sessions), 'links', (select json_agg(l order by user_id, auth_method) from provider_links l),
            'users', (select json_agg(to_jsonb(u) - '{delivery_state, delivery_at, delivery_attempts, delivered_transaction, delivered_rank}'::text[]
                order by id) from users u))";
        sqlx::query_scalar(select).fetch_one(&self.database.pool()).await.unwrap()
    }

    /// Runs SQL, where a test must be the passing of time.
    pub(crate) async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.database.pool()).await.unwrap();
    }

    /// Who is signed in in a browser, and where; null when no one is.
    pub(crate) async fn viewer(&self, browser: &Browser) -> Value {
        let asked = browser.0.post(self.url("/graphql")).header("origin", self.url(""));
        let answer = asked.json(&json!({ "query": "{ viewer { user { email } account { name } } }" })).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["data"]["viewer"].take()
    }

    /// The address of the user who is signed in in a browser.
    pub(crate) async fn signed_in(&self, browser: &Browser) -> Option<String> {
        self.viewer(browser).await["user"]["email"].as_str().map(str::to_owned)
    }
}

/// What an honest provider says of someone whose address it has verified.
pub(crate) fn verified(email: &str) -> Value {
    json!({ "email": email, "email_verified": true })
}
