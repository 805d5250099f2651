use std::{panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Data, Executor, parser::types::OperationType};
use axum::{
    body::Body,
    extract::Request,
    http::{Method, request::Parts},
    response::Response,
    routing::{MethodRouter, any},
};
use futures::FutureExt;
use tokio::time::timeout;
use tower_http::{
    CompressionLevel,
    compression::{CompressionLayer, predicate::SizeAbove},
};
use tracing::{error, warn};

use crate::layers::request_id::RequestId;
use crate::request::answer::respond;
use crate::request::documents::Documents;
use crate::request::limits::Limits;
use crate::request::media_type::MediaType;
use crate::request::negotiation::{negotiate, require_json};
use crate::request::operation;
use crate::request::parameters::{Parameters, read_body};
use crate::request::request_error::RequestError;
use crate::request::values;

/// GraphQL over HTTP, as the specification's audit wants it: `GET` for queries, `POST` with JSON for everything, `Accept` respected,
/// refusals with a stable code and without `data`.
///
/// `prepare` says who asks: what it puts into the `Data` is what resolvers find in their context. It runs after every cheap
/// refusal, and its error ends the request. Headers that resolvers append (`set-cookie`) go out with the answer. An answer above
/// 1,024 bytes is compressed for clients that accept gzip. A request that a
/// client gives up, or that takes too long, is dropped where it awaits; a panic is answered with `INTERNAL`.
pub fn graphql<S, E, P, F>(executor: E, prepare: P, limits: Limits) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    E: Executor,
    P: Fn(&Parts) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Data, RequestError>> + Send + 'static,
{
    let endpoint = Arc::new(Endpoint { executor, prepare, limits, documents: Documents::new() });
    let route = any(move |request: Request| {
        let endpoint = Arc::clone(&endpoint);
        async move { endpoint.answer(request).await }
    });
    // The fastest level makes a list of 50 users five times smaller; the best one saves little more and takes several times as long.
    route.layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(COMPRESSED_FROM)))
}

/// Smaller answers fit into one packet anyway.
const COMPRESSED_FROM: u64 = 1_024;

struct Endpoint<E, P> {
    executor: E,
    prepare: P,
    limits: Limits,
    documents: Documents,
}

impl<E, P, F> Endpoint<E, P>
where
    E: Executor,
    P: Fn(&Parts) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Data, RequestError>> + Send + 'static,
{
    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let media = match negotiate(&parts.headers) {
            Ok(media) => media,
            Err(refusal) => return refusal.into_response(MediaType::Json),
        };
        let request_id = RequestId::of(&parts.extensions);
        match AssertUnwindSafe(self.run(&parts, body)).catch_unwind().await {
            Ok(Ok(answer)) => respond(answer, media, &request_id),
            Ok(Err(refusal)) => refusal.into_response(media),
            Err(_panic) => {
                // What it said may hold anything; the panic hook has logged where it was.
                error!("a request ended in a panic");
                RequestError::Internal { request_id }.into_response(media)
            }
        }
    }

    async fn run(&self, parts: &Parts, body: Body) -> Result<async_graphql::Response, RequestError> {
        let parameters = self.read(parts, body).await?;
        let document = self.documents.parse(&parameters.query, &self.limits)?;
        let operation = operation::selected(&document, parameters.operation_name.as_deref())?;
        match operation.ty {
            OperationType::Query => {}
            _ if parts.method != Method::POST => return Err(RequestError::NotAQuery),
            OperationType::Mutation => {}
            OperationType::Subscription => return Err(RequestError::Subscription),
        }
        operation::require_variables(operation, &parameters.variables)?;
        values::require_short(&document, &parameters.variables, &self.limits)?;
        let mut request = async_graphql::Request::new(parameters.query).variables(parameters.variables);
        request.operation_name = parameters.operation_name;
        request.set_parsed_query(Arc::unwrap_or_clone(document));
        let execution = async {
            request.data = (self.prepare)(parts).await?;
            Ok(self.executor.execute(request).await)
        };
        timeout(self.limits.execution_time, execution).await.unwrap_or_else(|_| {
            warn!("an operation took too long");
            Err(RequestError::TimedOut)
        })
    }

    async fn read(&self, parts: &Parts, body: Body) -> Result<Parameters, RequestError> {
        match parts.method {
            Method::GET | Method::HEAD => Parameters::from_url(&parts.uri, &self.limits),
            Method::POST => {
                require_json(&parts.headers)?;
                Parameters::from_body(&read_body(&parts.headers, body, &self.limits).await?, &self.limits)
            }
            _ => Err(RequestError::MethodNotAllowed),
        }
    }
}
