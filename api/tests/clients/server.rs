//! A `roster dev` with one account, for clients.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use test_support::{TestDatabase, TestFolder};
use tokio::time::{sleep, timeout};

use crate::program::{MASTER_KEY, Program, TIMEOUT};

pub(crate) const PASSWORD: &str = "seven lighthouses hum quietly";
pub(crate) const ADMIN: &str = "grace@acme.example";

/// A `roster dev` over a database of its own. It ends with the test.
pub(crate) struct Roster {
    pub(crate) program: Program,
    pub(crate) url: String,
    pub(crate) client: Client,
    /// What the welcome link ends with.
    pub(crate) welcome: String,
    _database: TestDatabase,
    _folder: TestFolder,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// Sends a request and reads the answer.
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.timeout(TIMEOUT).send().await.expect("the server answers");
        let status = response.status().as_u16();
        let text = response.text().await.expect("the answer is text");
        Self { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    /// The code of the first top-level error.
    pub(crate) fn code(&self) -> Option<&str> {
        self.body["errors"][0]["extensions"]["code"].as_str()
    }
}

impl Roster {
    /// Starts it empty, with more arguments.
    pub(crate) async fn start(arguments: &[&str]) -> Self {
        let (database, folder) = (TestDatabase::create().await, TestFolder::create().expect("a folder can be made"));
        let data = folder.path().join("data");
        let variables = [
            ("DATABASE_URL", database.url()),
            ("ROSTER_MASTER_KEY", MASTER_KEY),
            ("ROSTER_DATA_DIR", data.to_str().expect("the path is text")),
            ("ROSTER_LISTEN", "127.0.0.1:0"),
        ];
        let program = Program::start(&[&["dev", "--no-demo"], arguments].concat(), &variables);
        let word_after = |beginning: &'static str| {
            move |text: &str| text.split_once(beginning).and_then(|(_, rest)| rest.split_whitespace().next().map(str::to_owned))
        };
        let url = program.printed("the address", word_after("Roster is ready at ")).await;
        let welcome = program.printed("the welcome link", word_after("/welcome/")).await;
        Self { program, url, client: Client::new(), welcome, _database: database, _folder: folder }
    }

    /// A POST to the endpoint, as no one.
    pub(crate) fn post(&self) -> RequestBuilder {
        self.client.post(format!("{}/graphql", self.url)).header("content-type", "application/json")
    }

    /// Sends an operation, with a token as its user.
    pub(crate) async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        let request = match token {
            Some(token) => self.post().bearer_auth(token),
            None => self.post(),
        };
        Answer::of(request.body(json!({ "query": query, "variables": variables }).to_string())).await
    }

    /// Opens the account `acme` and answers the token of its admin.
    pub(crate) async fn open_account(&self) -> String {
        const OPEN: &str = "mutation($input: OpenAccountInput!) { openAccount(input: $input) { token userErrors { code } } }";
        let input = json!({ "token": self.welcome, "name": "Acme Works", "slug": "acme", "email": ADMIN, "password": PASSWORD, "transport": "TOKEN" });
        let opened = self.ask(None, OPEN, json!({ "input": input })).await;
        opened.body["data"]["openAccount"]["token"].as_str().unwrap_or_else(|| panic!("{opened:?}")).to_owned()
    }

    /// The token of the newest link mailed to someone, once there are so many mails.
    pub(crate) async fn mailed_token(&self, email: &str, mails: usize) -> String {
        let url = format!("{}/mailbox.json?to={email}", self.url);
        let arrives = async {
            loop {
                let list = Answer::of(self.client.get(&url)).await.body;
                if list.as_array().is_some_and(|list| list.len() >= mails) {
                    let link = list[0]["links"][0].as_str().expect("the mail has a link").to_owned();
                    return link.rsplit('/').next().expect("it ends with a token").to_owned();
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(TIMEOUT, arrives).await.unwrap_or_else(|_| panic!("no mail to {email}"))
    }
}
