//! Many clients that follow events over WebSockets (`graphql-transport-ws`).

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream;
use futures::{SinkExt, StreamExt};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::http::Target;
use crate::outcome::Outcome;

/// Subscriptions of one socket: a server takes 4,096 connections.
const EACH: usize = 5;
/// How many sockets are opened at the same time.
const AT_ONCE: usize = 16;
/// How long a server may take to answer a client, and until it has told each of an event.
const TIMEOUT: Duration = Duration::from_secs(30);
const FOLLOW: &str = "subscription { userEvents { cursor } }";

type Socket = WebSocketStream<TcpStream>;

/// Open sockets with their subscriptions. They end with this value.
pub(crate) struct Subscriptions {
    count: usize,
    opened: Instant,
    /// To how many of them an event has come.
    told: Arc<AtomicUsize>,
    /// One for each socket: it ends when the server closes it.
    listening: JoinSet<String>,
}

impl Subscriptions {
    /// Opens so many.
    pub(crate) async fn open(target: &Target, count: usize) -> Outcome<Self> {
        let told = Arc::<AtomicUsize>::default();
        let mut listening = JoinSet::new();
        let opening = (0..count).step_by(EACH).map(|first| timeout(TIMEOUT, socket(target, EACH.min(count - first))));
        let mut opening = stream::iter(opening).buffer_unordered(AT_ONCE);
        while let Some(opened) = opening.next().await {
            let after = |reason: String| format!("after {} of {} sockets: {reason}", listening.len(), count.div_ceil(EACH));
            let opened = opened.map_err(|_| after(format!("the server has not answered for {TIMEOUT:?}: see its log")))?;
            let socket = opened.map_err(|error| after(error.to_string()))?;
            listening.spawn(listen(socket, Arc::clone(&told)));
        }
        Ok(Self { count, opened: Instant::now(), told, listening })
    }

    /// Whether an event has come to each of them. A subscription begins some time after the server has read its request, so the first event
    /// does not come to all.
    pub(crate) fn are_told(&mut self) -> Outcome<bool> {
        if let Some(ended) = self.listening.try_join_next() {
            return Err(format!("the server has closed a socket: {}", ended?).into());
        }
        let told = self.told.load(Ordering::Relaxed);
        if told < self.count && self.opened.elapsed() > TIMEOUT {
            return Err(format!("after {TIMEOUT:?} events have come to {told} of {} subscriptions", self.count).into());
        }
        Ok(told == self.count)
    }
}

/// Lets this process, and the servers that it starts, open as many files as the system allows.
pub(crate) fn allow_many_files() -> Outcome<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}

async fn socket(target: &Target, subscriptions: usize) -> Outcome<Socket> {
    let mut request = format!("ws://{}{}", target.address, target.path).into_client_request()?;
    request.headers_mut().append("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let stream = TcpStream::connect(&target.address).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = client_async(request, stream).await?;
    let payload = json!({ "authorization": format!("Bearer {}", target.token) });
    say(&mut socket, &json!({ "type": "connection_init", "payload": payload })).await?;
    let answer = socket.next().await.ok_or("the socket was closed")??;
    if !answer.to_text()?.contains("connection_ack") {
        return Err(format!("the server does not let a subscriber in: {answer}").into());
    }
    for number in 0..subscriptions {
        say(&mut socket, &json!({ "type": "subscribe", "id": number.to_string(), "payload": { "query": FOLLOW } })).await?;
    }
    // The answer to a ping comes after everything before it was read.
    say(&mut socket, &json!({ "type": "ping" })).await?;
    loop {
        let answer = socket.next().await.ok_or("the socket was closed")??;
        match answer.to_text()? {
            text if text.contains("\"pong\"") => return Ok(socket),
            text if text.contains("\"error\"") => return Err(format!("a subscription was refused: {text}").into()),
            _ => {}
        }
    }
}

async fn say(socket: &mut Socket, message: &Value) -> Outcome<()> {
    Ok(socket.send(Message::text(message.to_string())).await?)
}

/// Notes to which subscriptions events come, until the server closes the socket; answers why it did. Pings are answered by reading: a client
/// that does not is closed.
async fn listen(mut socket: Socket, told: Arc<AtomicUsize>) -> String {
    let mut ids = HashSet::new();
    while let Some(message) = socket.next().await {
        match message {
            Ok(Message::Text(text)) => {
                let message: Value = serde_json::from_str(&text).unwrap_or_default();
                if message["type"] == "next" && ids.insert(message["id"].to_string()) {
                    told.fetch_add(1, Ordering::Relaxed);
                }
            }
            Ok(Message::Close(reason)) => return format!("{reason:?}"),
            Ok(_) => {}
            Err(error) => return error.to_string(),
        }
    }
    "without a reason".to_owned()
}
