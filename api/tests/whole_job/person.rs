//! People, as they reach Roster: with requests.

use std::time::{Duration, Instant};

use reqwest::{Client, header::HeaderMap};
use serde_json::{Value, json};

use crate::program::TIMEOUT;

const USER: &str = "id email name role status version createdAt lastActiveAt invitation { sentAt expiresAt } authMethods { id kind label }";

/// Someone who sends requests: a visitor, or with a token a user.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) token: Option<String>,
    pub(crate) id: String,
    pub(crate) email: String,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// What a mutation answered.
#[derive(Debug)]
pub(crate) struct Payload(pub(crate) Value);

impl Person {
    /// Someone who has not signed in.
    pub(crate) fn visitor(url: &str) -> Self {
        Self { client: Client::new(), url: url.to_owned(), token: None, id: String::new(), email: String::new() }
    }

    /// The user who a payload says is signed in.
    pub(crate) fn signed_in(&self, payload: &Payload) -> Self {
        let user = &payload.done()["viewer"]["user"];
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self { token: Some(text(&payload.0["token"])), id: text(&user["id"]), email: text(&user["email"]), ..self.clone() }
    }

    /// Sends an operation.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Answer {
        let mut request = self.client.post(format!("{}/graphql", self.url)).timeout(TIMEOUT);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Answer::of(request.json(&json!({ "query": query, "variables": variables }))).await
    }

    /// How long this machine takes for a small answer at the moment: the longest of some. Limits on time are compared with it.
    pub(crate) async fn slowest_answer(&self) -> Duration {
        let mut slowest = Duration::ZERO;
        for _ in 0..10 {
            let began = Instant::now();
            self.viewer().await;
            slowest = slowest.max(began.elapsed());
        }
        slowest
    }

    /// Creates a key by the mutation of this name; answers its token.
    pub(crate) async fn new_key(&self, mutation: &str, input: &Value) -> String {
        let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
        let document = format!("mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ token userErrors {{ code }} }} }}");
        let answer = self.ask(&document, json!({ "input": input })).await;
        let token = answer.body["data"][mutation]["token"].as_str();
        token.unwrap_or_else(|| panic!("{mutation}: {:?}", answer.body)).to_owned()
    }

    /// Gives the account another name.
    pub(crate) async fn rename_account(&self, name: &str) {
        let rename = "mutation($name: String!) { updateAccount(input: { name: $name }) { account { name } userErrors { code } } }";
        let answer = self.ask(rename, json!({ "name": name })).await;
        assert_eq!(answer.body["data"]["updateAccount"]["account"]["name"], name, "{answer:?}");
    }

    /// Runs the mutation of this name, and answers whatever came back.
    pub(crate) async fn attempt(&self, mutation: &str, input: Value) -> Answer {
        self.ask(&mutation_document(mutation), json!({ "input": input })).await
    }

    /// Runs the mutation of this name, which answers with a payload.
    pub(crate) async fn run(&self, mutation: &str, input: Value) -> Payload {
        let mut answer = self.attempt(mutation, input).await;
        assert_eq!(answer.code(), None, "{mutation}: {:?}", answer.body);
        Payload(answer.body["data"][mutation].take())
    }

    pub(crate) async fn sign_out(&self) -> Answer {
        self.ask("mutation { signOut { userErrors { code } } }", json!({})).await
    }

    /// Signs in as a user of an account, for a token.
    pub(crate) async fn sign_in(&self, account: &str, email: &str, password: &str) -> Payload {
        self.run("signIn", json!({ "account": account, "email": email, "password": password, "transport": "TOKEN" })).await
    }

    /// Who Roster says is asking: the address, or no one.
    pub(crate) async fn viewer(&self) -> Option<String> {
        let answer = self.ask("{ viewer { user { email } account { slug } } }", json!({})).await;
        answer.body["data"]["viewer"]["user"]["email"].as_str().map(str::to_owned)
    }

    /// What an invitation link is about.
    pub(crate) async fn preview(&self, token: &str) -> Answer {
        const PREVIEW: &str = "query($token: String!) { invitation(token: $token) {
            accountName accountSlug email role expiresAt authMethods { id } } }";
        self.ask(PREVIEW, json!({ "token": token })).await
    }

    /// A page of users.
    pub(crate) async fn users(&self, arguments: Value) -> Value {
        let query = format!(
            "query($first: Int, $after: String, $last: Int, $before: String, $filter: UserFilter) {{
                users(first: $first, after: $after, last: $last, before: $before, filter: $filter) {{
                    totalCount nodes {{ {USER} }} edges {{ cursor }}
                    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        let mut answer = self.ask(&query, arguments).await;
        assert_eq!(answer.code(), None, "{:?}", answer.body);
        answer.body["data"]["users"].take()
    }

    /// What became of the mail with a user's invitation.
    pub(crate) async fn delivery(&self, id: &str) -> Value {
        const DELIVERY: &str = "query($id: ID!) { user(id: $id) { invitation { delivery { state at attempts detail } } } }";
        let mut answer = self.ask(DELIVERY, json!({ "id": id })).await;
        assert_eq!(answer.code(), None, "{:?}", answer.body);
        answer.body["data"]["user"]["invitation"]["delivery"].take()
    }

    /// How many users have an open invitation whose mail is in one of these states.
    pub(crate) async fn count_deliveries(&self, states: Value) -> u64 {
        self.users(json!({ "first": 0, "filter": { "delivery": states } })).await["totalCount"].as_u64().expect("a number")
    }

    /// One user.
    pub(crate) async fn user(&self, id: &str) -> Answer {
        self.ask(&format!("query($id: ID!) {{ user(id: $id) {{ {USER} }} }}"), json!({ "id": id })).await
    }
}

fn mutation_document(mutation: &str) -> String {
    let input = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let done = match mutation {
        "requestPasswordReset" => String::new(),
        "openAccount" | "signIn" | "acceptInvitation" | "changePassword" | "resetPassword" => {
            format!("token viewer {{ user {{ {USER} }} account {{ id name slug createdAt }} }}")
        }
        "revealInvitationLink" => format!("link user {{ {USER} }}"),
        _ => format!("user {{ {USER} }}"),
    };
    format!("mutation($input: {input}!) {{ {mutation}(input: $input) {{ {done} userErrors {{ code message field }} }} }}")
}

impl Answer {
    /// Sends a request and reads the answer.
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("the answer is text");
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    /// The code of the first top-level error.
    pub(crate) fn code(&self) -> Option<&str> {
        self.body["errors"][0]["extensions"]["code"].as_str()
    }

    /// A header, as often as it was sent.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().expect("a text")).collect()
    }
}

impl Payload {
    /// The payload of a mutation that did something.
    pub(crate) fn done(&self) -> &Value {
        assert_eq!(self.0["userErrors"], json!([]), "{:?}", self.0);
        &self.0
    }

    /// The user it was done to.
    pub(crate) fn user(&self) -> &Value {
        &self.done()["user"]
    }

    /// Code and field of the one reason why nothing was done. It has a sentence, too.
    pub(crate) fn refused(&self) -> (&str, Option<&str>) {
        let errors = self.0["userErrors"].as_array().expect("a payload has userErrors");
        let [error] = errors.as_slice() else { panic!("one reason was expected: {:?}", self.0) };
        let message = error["message"].as_str().expect("a reason has a sentence");
        assert!(message.len() > 10 && message.contains(' '), "{message}");
        if let Some(path) = error["field"].as_array() {
            assert_eq!((path.len(), &path[0]), (2, &json!("input")), "{error}");
        }
        (error["code"].as_str().expect("a reason has a code"), error["field"][1].as_str())
    }
}
