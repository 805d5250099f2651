use std::sync::Arc;

use async_graphql::{Executor, Response, ServerError, Value as GraphqlValue, parser::types::OperationType};
use axum::{
    extract::ws::{Message, WebSocket},
    http::{HeaderName, HeaderValue, request::Parts},
};
use futures::{
    StreamExt,
    stream::{BoxStream, SplitStream},
};
use serde_json::{Map, Value};
use tokio::time::{Duration, Instant, MissedTickBehavior, interval, interval_at, sleep, timeout};
use tracing::{error, info};

use super::{
    Authenticator, Socket,
    close::Close,
    message::{ClientMessage, ServerMessage},
    operations::{Operations, Output, OutputKind},
    outbox::Outbox,
};
use crate::layers::request_id::RequestId;
use crate::request::answer::{Executed, presentable};
use crate::request::operation;
use crate::request::parameters::Parameters;
use crate::request::request_error::RequestError;
use crate::request::values;

/// One socket from its upgrade to its end. Everything happens in one task: at most one message is under way to the client, and
/// subscriptions are asked for more only when it was sent, so a slow client holds up its own subscriptions and nothing else.
pub(super) struct Conversation<E, D: Authenticator> {
    socket: Arc<Socket<E, D>>,
    incoming: SplitStream<WebSocket>,
    outbox: Outbox,
    operations: Operations,
    speaks_subprotocol: bool,
    stage: Stage<D::Connection>,
    request_id: RequestId,
    heard_at: Instant,
}

enum Stage<C> {
    /// The client has not sent `connection_init`. The headers of its request may say who it is.
    AwaitingInit(Box<Parts>),
    /// The authenticator has admitted it.
    Admitted(C),
}

impl<E: Executor, D: Authenticator> Conversation<E, D> {
    pub(super) fn new(socket: Arc<Socket<E, D>>, stream: WebSocket, parts: Parts, request_id: RequestId) -> Self {
        let speaks_subprotocol = stream.protocol().is_some();
        let (sink, incoming) = stream.split();
        Self {
            socket,
            incoming,
            outbox: Outbox::new(sink),
            operations: Operations::default(),
            speaks_subprotocol,
            stage: Stage::AwaitingInit(Box::new(parts)),
            request_id,
            heard_at: Instant::now(),
        }
    }

    pub(super) async fn run(mut self) {
        let started = Instant::now();
        let close = if self.speaks_subprotocol { self.converse().await } else { Close::SUBPROTOCOL };
        let Self { outbox, mut incoming, operations, .. } = self;
        let subscriptions = operations.count();
        drop(operations);
        let code = close.code;
        outbox.close(close).await;
        // A client that answers with a close frame ends the connection properly.
        let answer = async { while let Some(Ok(_)) = incoming.next().await {} };
        let _ = timeout(Duration::from_secs(1), answer).await;
        info!(code, subscriptions, lasted_seconds = started.elapsed().as_secs(), "a socket was closed");
    }

    async fn converse(&mut self) -> Close {
        let Socket { shutdown, socket_limits: limits, .. } = &*Arc::clone(&self.socket);
        let mut init_deadline = std::pin::pin!(sleep(limits.init_time));
        let mut checks = interval(limits.check_interval);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pings = interval_at(Instant::now() + limits.ping_interval, limits.ping_interval);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                () = shutdown.cancelled() => Err(Close::GOING_AWAY),
                () = init_deadline.as_mut(), if matches!(self.stage, Stage::AwaitingInit(_)) => Err(Close::INIT_TIMEOUT),
                _ = checks.tick() => self.check(),
                _ = pings.tick() => self.ping(limits.silence),
                sent = self.outbox.send() => match sent {
                    Ok(sent) => {
                        if sent.proves_life {
                            self.heard_at = Instant::now();
                        }
                        Ok(())
                    }
                    Err(_gone) => Err(Close::LEFT),
                },
                message = self.incoming.next(), if self.outbox.has_room() => self.receive(message, limits.message_bytes).await,
                output = self.operations.next(), if self.outbox.is_empty() => self.forward(output),
            };
            if let Err(close) = step {
                return close;
            }
        }
    }

    fn check(&self) -> Result<(), Close> {
        match &self.stage {
            Stage::Admitted(connection) if !self.socket.authenticator.may_stay(connection) => Err(Close::ACCESS_ENDED),
            _ => Ok(()),
        }
    }

    fn ping(&mut self, silence: Duration) -> Result<(), Close> {
        if self.heard_at.elapsed() >= silence {
            return Err(Close::SILENT);
        }
        if self.outbox.is_empty() {
            self.outbox.push(Message::Ping(Vec::new().into()));
        }
        Ok(())
    }

    async fn receive(&mut self, message: Option<Result<Message, axum::Error>>, max_bytes: usize) -> Result<(), Close> {
        self.heard_at = Instant::now();
        match message {
            None | Some(Ok(Message::Close(_))) => Err(Close::LEFT),
            Some(Err(_)) => Err(Close::BROKEN),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Binary(_))) => Err(Close::INVALID_MESSAGE),
            Some(Ok(Message::Text(text))) if text.len() > max_bytes => Err(Close::TOO_LARGE),
            Some(Ok(Message::Text(text))) => {
                let message = ClientMessage::parse(text.as_str(), &self.socket.init_headers).map_err(|_| Close::INVALID_MESSAGE)?;
                self.apply(message).await
            }
        }
    }

    async fn apply(&mut self, message: ClientMessage) -> Result<(), Close> {
        match message {
            ClientMessage::Init { headers } => self.admit(headers).await,
            ClientMessage::Ping { payload } => self.outbox.push_json(&ServerMessage::Pong { payload }),
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe { id, payload } => self.subscribe(&id, payload),
            ClientMessage::Complete { id } => {
                self.operations.end(&id);
                Ok(())
            }
        }
    }

    async fn admit(&mut self, headers: Vec<(HeaderName, String)>) -> Result<(), Close> {
        let Stage::AwaitingInit(parts) = &mut self.stage else { return Err(Close::TOO_MANY_INITS) };
        for (name, value) in headers {
            parts.headers.insert(name, HeaderValue::from_str(&value).map_err(|_| Close::FORBIDDEN)?);
        }
        let admitted = self.socket.authenticator.admit(parts, self.request_id.clone()).await;
        let connection = admitted.map_err(|logged| match logged {
            RequestError::Unavailable => Close::UNAVAILABLE,
            RequestError::Refused { code, message } => Close::refused(code, message),
            _ => Close::INTERNAL,
        });
        self.stage = Stage::Admitted(connection?.ok_or(Close::FORBIDDEN)?);
        self.outbox.push_json(&ServerMessage::ConnectionAck)
    }

    fn subscribe(&mut self, id: &str, payload: Map<String, Value>) -> Result<(), Close> {
        let Stage::Admitted(connection) = &self.stage else { return Err(Close::UNAUTHORIZED) };
        if self.operations.contains(id) {
            return Err(Close::SUBSCRIBER_EXISTS);
        }
        match self.start(connection, payload) {
            Ok(responses) => {
                self.operations.begin(id, responses);
                Ok(())
            }
            Err(RequestError::Malformed(_)) => Err(Close::INVALID_MESSAGE),
            Err(refusal) => self.outbox.push_json(&ServerMessage::Error { id, payload: &[refusal.into()] }),
        }
    }

    fn start(&self, connection: &D::Connection, payload: Map<String, Value>) -> Result<BoxStream<'static, Response>, RequestError> {
        let Socket { executor, authenticator, limits, socket_limits, .. } = &*self.socket;
        if self.operations.count() >= socket_limits.subscriptions {
            return Err(RequestError::TooManySubscriptions { limit: socket_limits.subscriptions });
        }
        let parameters = Parameters::from_json(payload)?;
        let document = operation::parse(&parameters.query, limits)?;
        let operation = operation::selected(&document, parameters.operation_name.as_deref())?;
        if operation.ty != OperationType::Subscription {
            return Err(RequestError::NotASubscription);
        }
        operation::require_variables(operation, &parameters.variables)?;
        values::require_short(&document, &parameters.variables, limits)?;
        let mut request = async_graphql::Request::new(parameters.query).variables(parameters.variables);
        request.operation_name = parameters.operation_name;
        request.set_parsed_query(document);
        request.data = authenticator.data(connection);
        Ok(executor.execute_stream(request, None))
    }

    fn forward(&mut self, output: Output) -> Result<(), Close> {
        let Output { id, kind } = output;
        match kind {
            OutputKind::Response { response, is_first } => self.answer(&id, *response, is_first),
            OutputKind::Ended => {
                self.operations.end(&id);
                self.outbox.push_json(&ServerMessage::Complete { id: &id })
            }
            OutputKind::Panicked => {
                // The panic's message may hold anything. The panic hook has logged its location.
                error!("a subscription ended in a panic");
                self.refuse(&id, &[RequestError::Internal { request_id: self.request_id.clone() }.into()])
            }
        }
    }

    fn answer(&mut self, id: &str, response: Response, is_first: bool) -> Result<(), Close> {
        let Response { data, errors, extensions, .. } = response;
        let was_run = data != GraphqlValue::Null || errors.iter().any(|error| !error.path.is_empty());
        let errors = presentable(errors, was_run, &self.request_id);
        // A subscription that could not start has errors and nothing else.
        if is_first && data == GraphqlValue::Null && !errors.is_empty() {
            return self.refuse(id, &errors);
        }
        let payload = Executed { data: &data, errors: &errors, extensions: &extensions };
        self.outbox.push_json(&ServerMessage::Next { id, payload })
    }

    fn refuse(&mut self, id: &str, errors: &[ServerError]) -> Result<(), Close> {
        self.operations.end(id);
        self.outbox.push_json(&ServerMessage::Error { id, payload: errors })
    }
}
