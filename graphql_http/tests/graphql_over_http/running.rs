use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use async_graphql::Data;
use axum::{
    Router,
    extract::ConnectInfo,
    http::{
        header::{CACHE_CONTROL, CONTENT_TYPE},
        request::Parts,
    },
    response::Html,
    routing::get,
};
use graphql_http::{
    Authenticator, Limits, PublicOrigin, Readiness, RequestError, RequestId, ServerSettings, Shutdown, Socket, SocketLimits, Stopped,
    TrustedProxies, graphql, health_routes, serve, with_layers, with_socket,
};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use test_support::TIMEOUT;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::task::TaskTracker;

use crate::schema::{Caller, Gate, schema};

pub(crate) const SESSION_COOKIE: &str = "__Host-roster";

/// A server of a test's own. It ends with the test.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) gate: Arc<Gate>,
    pub(crate) shutdown: Shutdown,
    pub(crate) client: Client,
    pub(crate) sockets: TaskTracker,
    ended: JoinHandle<Stopped>,
}

impl Running {
    pub(crate) async fn start() -> Self {
        Self::start_with(Limits::default(), ServerSettings::default()).await
    }

    pub(crate) async fn start_with(limits: Limits, settings: ServerSettings) -> Self {
        Self::start_with_sockets(limits, settings, SocketLimits::default()).await
    }

    /// The same, with these proxies in front of it.
    pub(crate) async fn start_behind(proxies: &str) -> Self {
        let proxies = proxies.parse().expect("a list of proxies");
        Self::start_with_all(Limits::default(), ServerSettings::default(), SocketLimits::default(), proxies).await
    }

    pub(crate) async fn start_with_sockets(limits: Limits, settings: ServerSettings, socket_limits: SocketLimits) -> Self {
        Self::start_with_all(limits, settings, socket_limits, TrustedProxies::default()).await
    }

    async fn start_with_all(limits: Limits, settings: ServerSettings, socket_limits: SocketLimits, proxies: TrustedProxies) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (gate, shutdown) = (Gate::new(), Shutdown::default());
        let public: PublicOrigin = "https://roster.example".parse().unwrap();
        let sockets = TaskTracker::new();
        let socket = Socket {
            executor: schema(&gate),
            authenticator: GateKeeper(Arc::clone(&gate)),
            init_headers: vec![],
            origin: public.clone(),
            limits: limits.clone(),
            socket_limits,
            shutdown: shutdown.closing.clone(),
            tracker: sockets.clone(),
        };
        let router = Router::new()
            .route("/graphql", with_socket(graphql(schema(&gate), prepare, limits), socket))
            .route(
                "/assets/page.css",
                get(|| async {
                    ([(CACHE_CONTROL, "public, max-age=3600"), (CONTENT_TYPE, "text/css; charset=utf-8")], "body { margin: 2rem }")
                }),
            )
            .route("/page/{token}", get(|| async { Html("<p>hello</p>") }).post(|| async { "done" }))
            .route("/large", get(|| async { vec![b'x'; 64 * 1024 * 1024] }))
            .route("/peer", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
            .route("/panics", get(|| async { if SESSION_COOKIE.is_empty() { "" } else { panic!("secret") } }))
            .merge(health_routes(|| async { Readiness::default() }, shutdown.leaving.clone()));
        let router = with_layers(router, &public, SESSION_COOKIE, &proxies);
        let ended = tokio::spawn(serve(listener, router, shutdown.clone(), settings));
        Self { address, gate, shutdown, client: Client::new(), sockets, ended }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A POST of an operation, as a well-behaved client sends it.
    pub(crate) fn post(&self, body: &Value) -> RequestBuilder {
        let request = self.client.post(self.url("/graphql")).timeout(TIMEOUT);
        request.header("content-type", "application/json").body(body.to_string())
    }

    pub(crate) async fn ask(&self, query: &str) -> Answer {
        Answer::of(self.post(&json!({ "query": query })).send().await.unwrap()).await
    }

    /// The same, asking for the media type in which a status says whether the operation was run.
    pub(crate) async fn ask_strictly(&self, query: &str) -> Answer {
        let request = self.post(&json!({ "query": query })).header("accept", "application/graphql-response+json");
        Answer::of(request.send().await.unwrap()).await
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    pub(crate) async fn stopped(self) -> Stopped {
        within(self.ended).await.unwrap()
    }
}

fn prepare(parts: &Parts) -> impl Future<Output = Result<Data, graphql_http::RequestError>> + Send + use<> {
    let caller = parts.headers.get("authorization").map_or_else(String::new, |value| value.to_str().unwrap().to_owned());
    async move {
        let mut data = Data::default();
        data.insert(Caller(caller));
        Ok(data)
    }
}

/// Admits every token but a stale one, until the gate is closed.
struct GateKeeper(Arc<Gate>);

impl Authenticator for GateKeeper {
    type Connection = String;

    async fn admit(&self, parts: &Parts, _: RequestId) -> Result<Option<String>, RequestError> {
        let token = parts.headers.get("authorization").map_or_else(String::new, |value| value.to_str().unwrap().to_owned());
        Ok(Some(token).filter(|token| token != "Bearer stale"))
    }

    fn may_stay(&self, _: &String) -> bool {
        !self.0.is_closed.load(Relaxed)
    }

    fn data(&self, caller: &String) -> Data {
        let mut data = Data::default();
        data.insert(Caller(caller.clone()));
        data
    }
}

/// An answer that has been read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    /// The code of the first error.
    pub(crate) fn code(&self) -> Option<&str> {
        self.body["errors"][0]["extensions"]["code"].as_str()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// Waits, but not forever.
pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    timeout(TIMEOUT, future).await.expect("this should have happened by now")
}

/// Sends bytes as they are and reads until the server closes.
pub(crate) async fn until_closed(stream: &mut TcpStream, bytes: &str) -> String {
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let _ = within(stream.read_to_end(&mut received)).await;
    String::from_utf8_lossy(&received).into_owned()
}
