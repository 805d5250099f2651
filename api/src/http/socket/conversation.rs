use std::sync::Arc;

use async_graphql::{Executor, Response, ServerError, Value as GraphqlValue, parser::types::OperationType};
use axum::{
    extract::ws::{Message, WebSocket},
    http::{HeaderValue, header::AUTHORIZATION, request::Parts},
};
use futures::{
    StreamExt,
    stream::{BoxStream, SplitStream},
};
use serde_json::{Map, Value};
use tokio::time::{Duration, Instant, MissedTickBehavior, interval, interval_at, sleep, timeout};
use tracing::{error, info};

use super::{
    super::{
        acting_for::ACTING_FOR,
        answer::{Executed, presentable},
        operation,
        request::Parameters,
        request_error::RequestError,
        request_id::RequestId,
        values,
    },
    Authenticator, Socket,
    close::Close,
    message::{ClientMessage, ServerMessage},
    operations::{News, Operations, What},
    outbox::Outbox,
};

/// One socket from its upgrade to its end. Everything happens in one task: at most one message is under way to the client, and
/// subscriptions are asked for more only when it was sent, so a slow client holds up its own subscriptions and nothing else.
pub(super) struct Conversation<E, D: Authenticator> {
    socket: Arc<Socket<E, D>>,
    incoming: SplitStream<WebSocket>,
    outbox: Outbox,
    operations: Operations,
    speaks_subprotocol: bool,
    stage: Stage<D::Guest>,
    request_id: RequestId,
    heard_at: Instant,
}

enum Stage<G> {
    /// The client has not said `connection_init`. The headers of its request may say who it is.
    AtTheDoor(Box<Parts>),
    /// It was let in.
    Inside(G),
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
            stage: Stage::AtTheDoor(Box::new(parts)),
            request_id,
            heard_at: Instant::now(),
        }
    }

    pub(super) async fn run(mut self) {
        let started = Instant::now();
        let close = if self.speaks_subprotocol { self.talk().await } else { Close::SUBPROTOCOL };
        let Self { outbox, mut incoming, operations, .. } = self;
        let subscriptions = operations.count();
        drop(operations);
        outbox.close(close).await;
        // A client that answers the goodbye ends the connection properly.
        let farewell = async { while let Some(Ok(_)) = incoming.next().await {} };
        let _ = timeout(Duration::from_secs(1), farewell).await;
        info!(code = close.code, subscriptions, lasted_seconds = started.elapsed().as_secs(), "a socket was closed");
    }

    async fn talk(&mut self) -> Close {
        let Socket { shutdown, socket_limits: limits, .. } = &*Arc::clone(&self.socket);
        let mut init_deadline = std::pin::pin!(sleep(limits.init_time));
        let mut checks = interval(limits.check_interval);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pings = interval_at(Instant::now() + limits.ping_interval, limits.ping_interval);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                () = shutdown.cancelled() => Err(Close::GOING_AWAY),
                () = init_deadline.as_mut(), if matches!(self.stage, Stage::AtTheDoor(_)) => Err(Close::INIT_TIMEOUT),
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
                message = self.incoming.next(), if self.outbox.has_room() => self.hear(message, limits.message_bytes).await,
                news = self.operations.next(), if self.outbox.is_empty() => self.tell(news),
            };
            if let Err(close) = step {
                return close;
            }
        }
    }

    fn check(&self) -> Result<(), Close> {
        match &self.stage {
            Stage::Inside(guest) if !self.socket.authenticator.may_stay(guest) => Err(Close::ACCESS_ENDED),
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

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>, longest: usize) -> Result<(), Close> {
        self.heard_at = Instant::now();
        match message {
            None | Some(Ok(Message::Close(_))) => Err(Close::LEFT),
            Some(Err(_)) => Err(Close::BROKEN),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Binary(_))) => Err(Close::INVALID_MESSAGE),
            Some(Ok(Message::Text(text))) if text.len() > longest => Err(Close::TOO_LARGE),
            Some(Ok(Message::Text(text))) => {
                let message = ClientMessage::parse(text.as_str()).map_err(|_| Close::INVALID_MESSAGE)?;
                self.obey(message).await
            }
        }
    }

    async fn obey(&mut self, message: ClientMessage) -> Result<(), Close> {
        match message {
            ClientMessage::Init { authorization, acting_for } => self.admit(authorization, acting_for).await,
            ClientMessage::Ping { payload } => self.outbox.say(&ServerMessage::Pong { payload }),
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe { id, payload } => self.subscribe(&id, payload),
            ClientMessage::Complete { id } => {
                self.operations.end(&id);
                Ok(())
            }
        }
    }

    async fn admit(&mut self, authorization: Option<String>, acting_for: Option<String>) -> Result<(), Close> {
        let Stage::AtTheDoor(parts) = &mut self.stage else { return Err(Close::TOO_MANY_INITS) };
        for (name, value) in [(AUTHORIZATION, authorization), (ACTING_FOR, acting_for)] {
            let Some(value) = value else { continue };
            parts.headers.insert(name, HeaderValue::from_str(&value).map_err(|_| Close::FORBIDDEN)?);
        }
        let admitted = self.socket.authenticator.admit(parts, self.request_id.clone()).await;
        let guest = admitted.map_err(|logged| match logged {
            RequestError::Unavailable => Close::UNAVAILABLE,
            RequestError::SessionChanged => Close::SESSION_CHANGED,
            _ => Close::INTERNAL,
        });
        let guest = guest?.ok_or(Close::FORBIDDEN)?;
        self.stage = Stage::Inside(guest);
        self.outbox.say(&ServerMessage::ConnectionAck)
    }

    fn subscribe(&mut self, id: &str, payload: Map<String, Value>) -> Result<(), Close> {
        let Stage::Inside(guest) = &self.stage else { return Err(Close::UNAUTHORIZED) };
        if self.operations.contains(id) {
            return Err(Close::SUBSCRIBER_EXISTS);
        }
        match self.begin(guest, payload) {
            Ok(responses) => {
                self.operations.begin(id, responses);
                Ok(())
            }
            Err(RequestError::Malformed(_)) => Err(Close::INVALID_MESSAGE),
            Err(refusal) => self.outbox.say(&ServerMessage::Error { id, payload: &[refusal.into()] }),
        }
    }

    fn begin(&self, guest: &D::Guest, payload: Map<String, Value>) -> Result<BoxStream<'static, Response>, RequestError> {
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
        request.data = authenticator.data(guest);
        Ok(executor.execute_stream(request, None))
    }

    fn tell(&mut self, news: News) -> Result<(), Close> {
        let News { id, what } = news;
        match what {
            What::Answer { response, is_first } => self.answer(&id, *response, is_first),
            What::Ended => {
                self.operations.end(&id);
                self.outbox.say(&ServerMessage::Complete { id: &id })
            }
            What::Panicked => {
                // What it said may hold anything; the panic hook has logged where it was.
                error!("a subscription ended in a panic");
                self.refuse(&id, &[RequestError::Internal { request_id: self.request_id.clone() }.into()])
            }
        }
    }

    fn answer(&mut self, id: &str, response: Response, is_first: bool) -> Result<(), Close> {
        let Response { data, errors, extensions, .. } = response;
        let was_run = data != GraphqlValue::Null || errors.iter().any(|error| !error.path.is_empty());
        let errors = presentable(errors, was_run, &self.request_id);
        // A subscription that could not begin has errors and nothing else.
        if is_first && data == GraphqlValue::Null && !errors.is_empty() {
            return self.refuse(id, &errors);
        }
        let payload = Executed { data: &data, errors: &errors, extensions: &extensions };
        self.outbox.say(&ServerMessage::Next { id, payload })
    }

    fn refuse(&mut self, id: &str, errors: &[ServerError]) -> Result<(), Close> {
        self.operations.end(id);
        self.outbox.say(&ServerMessage::Error { id, payload: errors })
    }
}
