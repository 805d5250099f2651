//! A client as it should be: it goes to another server when one does not answer, and repeats what may be repeated until it knows.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{sync::watch, time::sleep};

use super::journal::Operation;
use super::site::Site;

/// After so long without an answer, a client asks another server.
const TIMEOUT: Duration = Duration::from_secs(8);

/// How long a client goes on to repeat a request after the workload was told to stop.
const LAST_TRIES: Duration = Duration::from_mins(1);

/// A refused request is repeated after so long.
const PAUSE: Duration = Duration::from_millis(100);

pub(crate) struct Client {
    pub(crate) site: Arc<Site>,
    /// Begins the id of every request.
    name: String,
    http: reqwest::Client,
    urls: watch::Receiver<Vec<String>>,
    /// Which server it asks.
    at: usize,
    /// As whom it asks.
    pub(crate) token: Option<String>,
    serial: u32,
    /// When its last request was begun that was answered as it should be.
    progress: watch::Sender<Option<Instant>>,
}

/// What makes it safe to repeat a request of which no one knows whether it happened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Repeat {
    /// Its idempotency key.
    WithKey,
    /// That it is refused with this code when it has happened already.
    UntilRefusedWith(&'static str),
    /// Nothing: it is not repeated.
    Never,
}

/// What came back for a request.
enum Answer {
    Data(Value),
    /// Nothing is known of it.
    Nothing,
}

impl Client {
    pub(crate) fn new(site: Arc<Site>, name: &str, at: usize) -> Self {
        let (http, urls, token) = (reqwest::Client::new(), site.urls.clone(), Some(site.token.clone()));
        Self { site, name: name.to_owned(), http, urls, at, token, serial: 0, progress: watch::Sender::new(None) }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn progress(&self) -> watch::Receiver<Option<Instant>> {
        self.progress.subscribe()
    }

    /// A text that no other request has: for a key, a name, an address.
    pub(crate) fn unique(&mut self) -> String {
        self.serial += 1;
        format!("{}-{}", self.name, self.serial)
    }

    /// Whether it shall begin nothing more.
    pub(crate) fn is_over(&self) -> bool {
        self.site.stop.is_cancelled()
    }

    /// Takes the time that a client needs to think.
    pub(crate) async fn think(&self, time: Duration) {
        tokio::select! {
            () = self.site.stop.cancelled() => {}
            () = sleep(time) => {}
        }
    }

    /// Asks until there is an answer, or the workload is over.
    pub(crate) async fn read(&mut self, query: &str) -> Option<Value> {
        while !self.is_over() {
            let id = self.unique();
            if let Answer::Data(data) = self.send(&id, query, &json!({})).await {
                return Some(data);
            }
            self.think(PAUSE).await;
        }
        None
    }

    /// Wants a mutation to happen once. Answers its payload; `None` when no one knows whether it happened.
    pub(crate) async fn run(&mut self, mutation: &'static str, mut input: Value, repeat: Repeat) -> Option<Value> {
        if matches!(repeat, Repeat::WithKey) {
            input["idempotencyKey"] = json!(self.unique());
        }
        let (document, variables) = (document(mutation), json!({ "input": input }));
        let mut requests = vec![];
        let mut over_since = None;
        let done = loop {
            let id = self.unique();
            requests.push(id.clone());
            if let Answer::Data(mut data) = self.send(&id, &document, &variables).await {
                break self.outcome(mutation, data[mutation].take(), repeat, requests.len());
            }
            if matches!(repeat, Repeat::Never) || (self.is_over() && over_since.get_or_insert_with(Instant::now).elapsed() > LAST_TRIES) {
                break None;
            }
            sleep(PAUSE).await;
        };
        let operation = Operation { name: mutation, requests, acknowledged: done.is_some(), ended: Instant::now() };
        self.site.journal.note(|notes| notes.operations.push(operation));
        done
    }

    /// Wants a mutation that is always refused with this code. It leaves nothing, so it may be repeated.
    pub(crate) async fn run_into(&mut self, mutation: &'static str, input: Value, code: &str) {
        let (document, variables) = (document(mutation), json!({ "input": input }));
        while !self.is_over() {
            let id = self.unique();
            if let Answer::Data(data) = self.send(&id, &document, &variables).await {
                if data[mutation]["userErrors"][0]["code"] != code {
                    self.unexpected(format!("{mutation} was to be refused with {code}: {data}"));
                }
                return;
            }
            self.think(PAUSE).await;
        }
    }

    /// Whether what came back says that it happened.
    fn outcome(&self, mutation: &str, payload: Value, repeat: Repeat, requests: usize) -> Option<Value> {
        let Some(code) = payload["userErrors"][0]["code"].as_str() else { return Some(payload) };
        // An earlier request did it whose answer did not come.
        if requests > 1 && matches!(repeat, Repeat::UntilRefusedWith(expected) if expected == code) {
            return Some(payload);
        }
        self.unexpected(format!("{mutation} was refused with {code} at the {requests}. request"));
        None
    }

    pub(crate) fn unexpected(&self, what: String) {
        self.site.journal.note(|notes| notes.unexpected.push(format!("{}: {what}", self.name)));
    }

    async fn send(&mut self, id: &str, query: &str, variables: &Value) -> Answer {
        let began = Instant::now();
        let url = self.urls.borrow()[self.at].clone();
        let mut request = self.http.post(format!("{url}/graphql")).timeout(TIMEOUT).header("x-request-id", id);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = match request.json(&json!({ "query": query, "variables": variables })).send().await {
            Ok(response) => {
                let status = response.status();
                response.text().await.map(|text| (status, text))
            }
            Err(error) => Err(error),
        };
        let journal = &self.site.journal;
        let Ok((status, text)) = response else {
            journal.note(|notes| notes.unanswered += 1);
            return self.elsewhere();
        };
        let mut answer: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        match answer["errors"][0]["extensions"]["code"].as_str() {
            None if answer["data"].is_object() => {
                journal.note(|notes| notes.answered += 1);
                self.progress.send_replace(Some(began));
                Answer::Data(answer["data"].take())
            }
            Some("INTERNAL") => {
                journal.note(|notes| notes.faults += 1);
                self.elsewhere()
            }
            Some("UNAVAILABLE" | "TIMEOUT") => {
                journal.note(|notes| notes.unavailable += 1);
                self.elsewhere()
            }
            None if status == StatusCode::SERVICE_UNAVAILABLE => {
                journal.note(|notes| notes.unavailable += 1);
                self.elsewhere()
            }
            _ => {
                self.unexpected(format!("{status} {text}"));
                self.elsewhere()
            }
        }
    }

    /// The next request goes to the other server.
    fn elsewhere(&mut self) -> Answer {
        self.at = (self.at + 1) % self.urls.borrow().len();
        Answer::Nothing
    }
}

fn document(mutation: &str) -> String {
    let input = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let done = match mutation {
        "signIn" | "acceptInvitation" => "token",
        "inviteUsers" => "results { user { id } userErrors { code } }",
        _ => "user { id }",
    };
    format!("mutation($input: {input}!) {{ {mutation}(input: $input) {{ {done} userErrors {{ code message }} }} }}")
}
