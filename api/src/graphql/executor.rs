//! The schema as the server runs it.
//!
//! Validating a document takes as long as running a small one, and clients send the same few documents again and again. So a request
//! that was valid is not validated again: same text, operation and variables have the same result. Depth and cost are checked each time.
//!
//! The messages about limits are completed here and not in an extension: with an extension, async-graphql calls each resolver of each
//! scalar through two boxed futures more.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Data, Executor, Request, Response, ServerError, ValidationMode, Value};
use futures::StreamExt;
use futures::stream::BoxStream;
use graphql_http::Recent;

use super::events::Subscription;
use super::{MAX_COMPLEXITY, MAX_DEPTH, Mutation, Query};

type Library = async_graphql::Schema<Query, Mutation, Subscription>;

/// How many valid requests are known: a few bytes each.
const KNOWN: usize = 4_096;

/// The schema of a running server.
#[derive(Clone)]
pub struct Schema {
    validating: Library,
    /// The same schema for requests that were valid.
    trusting: Library,
    valid: Arc<Mutex<Recent<u64, ()>>>,
    hasher: RandomState,
}

impl Schema {
    pub(super) fn new(builder: impl Fn() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription>) -> Self {
        let limited = |mode| builder().limit_depth(MAX_DEPTH).limit_complexity(MAX_COMPLEXITY).validation_mode(mode).finish();
        Self {
            validating: limited(ValidationMode::Strict),
            trusting: limited(ValidationMode::Fast),
            valid: Arc::new(Mutex::new(Recent::new(KNOWN))),
            hasher: RandomState::new(),
        }
    }

    /// Names a request. No one can find two requests with one name, because the hash has a random key.
    fn name_of(&self, Request { query, operation_name, variables, .. }: &Request) -> Option<u64> {
        let variables = serde_json::to_string(variables).ok()?;
        Some(self.hasher.hash_one((query, operation_name, variables)))
    }

    fn is_valid(&self, name: u64) -> bool {
        self.valid.lock().unwrap_or_else(PoisonError::into_inner).get(&name).is_some()
    }

    fn remember(&self, name: u64) {
        self.valid.lock().unwrap_or_else(PoisonError::into_inner).insert(name, ());
    }
}

impl Executor for Schema {
    async fn execute(&self, request: Request) -> Response {
        let name = self.name_of(&request);
        if name.is_some_and(|name| self.is_valid(name)) {
            return with_named_limits(self.trusting.execute(request).await);
        }
        let response = self.validating.execute(request).await;
        // A document that is not valid has neither data nor an error with a path.
        let was_run = response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
        if let Some(name) = name.filter(|_| was_run) {
            self.remember(name);
        }
        with_named_limits(response)
    }

    fn execute_stream(&self, request: Request, session_data: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        Executor::execute_stream(&self.validating, request, session_data).map(with_named_limits).boxed()
    }
}

/// Adds the limit to the message about a document that exceeds it. The library does not name it.
fn with_named_limits(mut response: Response) -> Response {
    for ServerError { message, path, .. } in &mut response.errors {
        let limit = match message.trim_end_matches('.') {
            "Query is nested too deep" if path.is_empty() => format!("{MAX_DEPTH} levels"),
            "Query is too complex" if path.is_empty() => format!("{MAX_COMPLEXITY} points"),
            _ => continue,
        };
        *message = format!("{}: at most {limit}", message.trim_end_matches('.'));
    }
    response
}
