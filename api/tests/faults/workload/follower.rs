//! A client that follows the events, and goes on from its last cursor whenever its socket ends.

use std::{sync::Arc, time::Duration};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::site::Site;

const FOLLOW: &str = "subscription($after: String) { userEvents(after: $after) { id cursor } }";

/// When nothing has come for so long, it asks whether someone is there; and when nothing comes then, it goes elsewhere.
const SILENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(100);

/// What was delivered, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delivered {
    pub(crate) ids: Vec<String>,
    pub(crate) cursor: Option<String>,
    /// How often it had to begin again.
    pub(crate) sockets: u32,
}

pub(crate) struct Follower {
    delivered: watch::Receiver<Delivered>,
    task: JoinHandle<()>,
}

type Socket = WebSocketStream<TcpStream>;

impl Follower {
    /// Follows from after this cursor on, with what was delivered before.
    pub(crate) fn start(site: Arc<Site>, delivered: Delivered, at: usize) -> Self {
        let (send, receive) = watch::channel(delivered);
        Self { delivered: receive, task: tokio::spawn(follow(site, send, at)) }
    }

    /// The events up to this one, once it was delivered.
    pub(crate) async fn until(&mut self, id: &str, wait: Duration) -> Delivered {
        let position = |delivered: &Delivered| delivered.ids.iter().rposition(|delivered| delivered == id);
        // An event that does not come in time is missing from what is answered.
        let _ = timeout(wait, self.delivered.wait_for(|delivered| position(delivered).is_some())).await;
        let mut delivered = self.delivered.borrow().clone();
        if let Some(position) = position(&delivered) {
            delivered.ids.truncate(position + 1);
        }
        delivered
    }

    /// Takes nothing more.
    pub(crate) fn stop(&self) {
        self.task.abort();
    }

    /// What has been delivered so far.
    pub(crate) fn so_far(&self) -> Delivered {
        self.delivered.borrow().clone()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn follow(site: Arc<Site>, delivered: watch::Sender<Delivered>, mut at: usize) {
    loop {
        let url = {
            let urls = site.urls.borrow();
            urls[at % urls.len()].clone()
        };
        let after = delivered.borrow().cursor.clone();
        if let Ok(Some(socket)) = timeout(SILENCE * 2, open(&url, &site.token, after)).await {
            delivered.send_modify(|delivered| delivered.sockets += 1);
            listen(socket, &site, &delivered).await;
        }
        at += 1;
        sleep(PAUSE).await;
    }
}

/// Opens a socket and subscribes.
async fn open(url: &str, token: &str, after: Option<String>) -> Option<Socket> {
    let address = url.strip_prefix("http://")?;
    let mut request = format!("ws://{address}/graphql").into_client_request().ok()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut socket, _) = client_async(request, stream).await.ok()?;
    let payload = json!({ "authorization": format!("Bearer {token}") });
    say(&mut socket, json!({ "type": "connection_init", "payload": payload })).await?;
    hear(&mut socket).await.filter(|message| message["type"] == "connection_ack")?;
    let payload = json!({ "query": FOLLOW, "variables": { "after": after } });
    say(&mut socket, json!({ "type": "subscribe", "id": "events", "payload": payload })).await?;
    Some(socket)
}

/// Takes what comes until the socket ends or falls silent.
async fn listen(mut socket: Socket, site: &Site, delivered: &watch::Sender<Delivered>) {
    let mut asked = false;
    loop {
        match timeout(SILENCE, hear(&mut socket)).await {
            Err(_) if asked => return,
            Err(_) => {
                asked = true;
                let Ok(Some(())) = timeout(SILENCE, say(&mut socket, json!({ "type": "ping" }))).await else { return };
            }
            Ok(None) => return,
            Ok(Some(message)) => {
                asked = false;
                match message["type"].as_str() {
                    Some("next") if message["payload"].get("errors").is_none() => take(&message, delivered),
                    Some("next" | "error") => {
                        if !is_passing(&message) {
                            site.journal.note(|notes| notes.unexpected.push(format!("the follower: {message}")));
                        }
                        return;
                    }
                    Some("complete") => return,
                    _ => {}
                }
            }
        }
    }
}

/// An error after which one tries again.
fn is_passing(message: &Value) -> bool {
    let errors = if message["type"] == "next" { &message["payload"]["errors"] } else { &message["payload"] };
    matches!(errors[0]["extensions"]["code"].as_str(), Some("INTERNAL" | "UNAVAILABLE" | "TIMEOUT"))
}

fn take(message: &Value, delivered: &watch::Sender<Delivered>) {
    let event = &message["payload"]["data"]["userEvents"];
    let (Some(id), Some(cursor)) = (event["id"].as_str(), event["cursor"].as_str()) else { return };
    delivered.send_modify(|delivered| {
        delivered.ids.push(id.to_owned());
        delivered.cursor = Some(cursor.to_owned());
    });
}

async fn say(socket: &mut Socket, message: Value) -> Option<()> {
    socket.send(Message::text(message.to_string())).await.ok()
}

/// The next message, or `None` at the end.
async fn hear(socket: &mut Socket) -> Option<Value> {
    loop {
        match socket.next().await?.ok()? {
            Message::Text(text) => return serde_json::from_str(&text).ok(),
            Message::Close(_) => return None,
            _ => {}
        }
    }
}
