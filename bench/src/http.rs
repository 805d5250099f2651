//! GraphQL over HTTP/1.1: one connection for each caller, which stays open, as a program with many requests has it.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use crate::load::{Call, call};
use crate::outcome::Outcome;
use crate::worker::shape;
use crate::worker::{Work, new_address, new_name};

/// A server, and as whom it is asked.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// Such as `127.0.0.1:8080`.
    pub(crate) address: String,
    /// The path of the GraphQL API.
    pub(crate) path: String,
    pub(crate) token: String,
}

/// A request without what changes from one to the next.
struct Operation {
    query: &'static str,
    /// What a complete answer contains.
    answer: &'static str,
}

const INVITE: Operation = Operation {
    query: "mutation($input: InviteUserInput!) { inviteUser(input: $input) { user { id status } userErrors { code } } }",
    answer: r#""userErrors":[]"#,
};
const UPDATE: Operation = Operation {
    query: "mutation($input: UpdateUserInput!) { updateUser(input: $input) { user { id name } userErrors { code } } }",
    answer: r#""userErrors":[]"#,
};
const LIST: Operation =
    Operation { query: "{ users(first: 50) { nodes { id email name role status createdAt } } }", answer: r#"{"users":{"nodes":[{"id":"# };
const VIEWER: Operation = Operation { query: "{ viewer { user { id } } }", answer: r#"{"viewer":{"user":{"id":"# };

impl Target {
    /// Reads a URL such as `http://127.0.0.1:8080` or `http://host/graphql`.
    pub(crate) fn parse(url: &str, token: &str) -> Outcome<Self> {
        let rest = url.strip_prefix("http://").ok_or("the target must begin with http://")?;
        let (address, path) = rest.split_once('/').map_or((rest, ""), |(address, path)| (address, path));
        let address = if address.contains(':') { address.to_owned() } else { format!("{address}:80") };
        let path = if path.is_empty() { "/graphql".to_owned() } else { format!("/{path}") };
        Ok(Self { address, path, token: token.to_owned() })
    }

    /// What callers do with this server; `members` are the users who are changed.
    pub(crate) fn call(&self, work: Work, callers: usize, members: &Arc<Vec<String>>) -> Outcome<Call> {
        let connections: Arc<Vec<Connection>> = Arc::new((0..callers).map(|_| Connection::new(self.clone())).collect());
        let operation = match work {
            Work::Invite => &INVITE,
            Work::Update | Work::UpdateZipf => &UPDATE,
            Work::List => &LIST,
            Work::Viewer => &VIEWER,
            Work::SignIn | Work::Past => return Err(format!("{work:?} is not measured over HTTP").into()),
        };
        let members = Arc::clone(members);
        Ok(call(move |caller, count| {
            let (connections, members) = (Arc::clone(&connections), Arc::clone(&members));
            let input = move || match work {
                Work::Invite => json!({ "email": new_address(), "role": "VIEWER", "authMethods": ["password"] }),
                Work::Update => json!({ "id": members[shape::spread(caller, count, members.len())], "name": new_name() }),
                Work::UpdateZipf => json!({ "id": members[shape::zipf(caller, count, members.len())], "name": new_name() }),
                _ => Value::Null,
            };
            async move { connections[caller].ask(operation, input()).await }
        }))
    }
}

/// The connection of one caller.
struct Connection {
    target: Target,
    open: Mutex<Option<SendRequest<Full<Bytes>>>>,
}

impl Connection {
    fn new(target: Target) -> Self {
        Self { target, open: Mutex::default() }
    }

    async fn ask(&self, operation: &Operation, input: Value) -> Outcome<()> {
        let body = if input.is_null() {
            json!({ "query": operation.query })
        } else {
            json!({ "query": operation.query, "variables": { "input": input } })
        };
        let answer = self.post(body.to_string()).await?;
        let text = std::str::from_utf8(&answer)?;
        if text.contains(operation.answer) { Ok(()) } else { Err(text.chars().take(300).collect::<String>().into()) }
    }

    async fn post(&self, body: String) -> Outcome<Bytes> {
        let mut open = self.open.lock().await;
        let mut sender = match open.take() {
            Some(sender) if sender.is_ready() => sender,
            _ => self.connect().await?,
        };
        let request = Request::post(&self.target.path)
            .header("host", &self.target.address)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {}", self.target.token))
            .body(Full::new(Bytes::from(body)))?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        // The connection is ready again when the body has been read.
        sender.ready().await?;
        *open = Some(sender);
        if status == StatusCode::OK { Ok(body) } else { Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into()) }
    }

    async fn connect(&self) -> Outcome<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(&self.target.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_the_usual_path_and_port() {
        let target = |url| Target::parse(url, "").map(|target| (target.address, target.path)).map_err(|error| error.to_string());
        assert_eq!(target("http://127.0.0.1:8080"), Ok(("127.0.0.1:8080".to_owned(), "/graphql".to_owned())));
        assert_eq!(target("http://other/api/query"), Ok(("other:80".to_owned(), "/api/query".to_owned())));
        assert!(target("https://other").is_err());
    }
}
