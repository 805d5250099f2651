//! A client of `graphql-transport-ws` that says exactly what a test tells it to say.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
    },
};

use crate::TIMEOUT;

/// The header that a well-behaved client sends.
pub const SUBPROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

/// A client of `graphql-transport-ws`.
pub struct SocketClient {
    socket: WebSocketStream<TcpStream>,
}

impl SocketClient {
    /// Opens a socket at a server such as `http://127.0.0.1:8080`, or answers the status with which it was refused.
    ///
    /// # Errors
    /// The status of the answer, when the server refuses the socket.
    pub async fn open(url: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let address = url.strip_prefix("http://").expect("a plain address");
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            request.headers_mut().append(name, HeaderValue::from_str(value).expect("a value"));
        }
        let stream = TcpStream::connect(address).await.expect("the server takes connections");
        match timeout(TIMEOUT, client_async(request, stream)).await.expect("the server answers") {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("no answer to an upgrade: {other}"),
        }
    }

    /// Opens a socket and is let in, with a bearer token or without.
    pub async fn enter(url: &str, token: Option<&str>) -> Self {
        let mut client = Self::open(url, &[SUBPROTOCOL]).await.expect("the socket opens");
        let payload = token.map(|token| json!({ "authorization": format!("Bearer {token}") }));
        client.say(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(client.hear().await, json!({ "type": "connection_ack" }));
        client
    }

    /// Sends a message of the subprotocol.
    pub async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Sends a frame; that the server has closed in the meantime shows when it is listened to.
    pub async fn send(&mut self, message: Message) {
        let _ = self.socket.send(message).await;
    }

    /// Starts a subscription.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(&json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// The next message.
    pub async fn hear(&mut self) -> Value {
        match self.next().await {
            Ok(message) => message,
            Err(code) => panic!("the socket was closed with {code}"),
        }
    }

    /// The code with which the socket is closed; whatever comes before is passed over.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }

    async fn next(&mut self) -> Result<Value, u16> {
        let next = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("the server speaks JSON")),
                    Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |frame| frame.code.into())),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(1006),
                }
            }
        };
        timeout(TIMEOUT, next).await.expect("the server should have said something by now")
    }
}
