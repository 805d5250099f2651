//! Many clients that follow events over WebSockets (`graphql-transport-ws`).

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::http::Target;
use crate::outcome::Outcome;

/// Subscriptions of one socket: a server takes 4,096 connections.
const EACH: usize = 5;
const FOLLOW: &str = "subscription { userEvents { cursor } }";

/// Open sockets with their subscriptions. They end with this value.
pub(crate) struct Subscriptions {
    _sockets: Vec<WebSocketStream<TcpStream>>,
}

impl Subscriptions {
    /// Opens so many.
    pub(crate) async fn open(target: &Target, count: usize) -> Outcome<Self> {
        let mut sockets = vec![];
        for first in (0..count).step_by(EACH) {
            sockets.push(socket(target, EACH.min(count - first)).await?);
        }
        Ok(Self { _sockets: sockets })
    }
}

async fn socket(target: &Target, subscriptions: usize) -> Outcome<WebSocketStream<TcpStream>> {
    let mut request = format!("ws://{}{}", target.address, target.path).into_client_request()?;
    request.headers_mut().append("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let stream = TcpStream::connect(&target.address).await?;
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

async fn say(socket: &mut WebSocketStream<TcpStream>, message: &Value) -> Outcome<()> {
    Ok(socket.send(Message::text(message.to_string())).await?)
}
