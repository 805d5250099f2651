use std::collections::BTreeMap;

use async_graphql::{ErrorExtensionValues, ServerError, Value};
use axum::{
    body::Body,
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::Response,
};
use serde::Serialize;
use tracing::error;

use crate::layers::request_id::RequestId;
use crate::request::media_type::MediaType;
use crate::request::request_error::{RETRY_AFTER_SECONDS, RETRY_AFTER_SECONDS_EXTENSION, RequestError, errors_only, not_run};

/// What a resolver appends to the answer goes out with it; what describes the body does not come from resolvers.
const OURS: [&str; 4] = ["content-type", "content-length", "transfer-encoding", "retry-after"];

/// How many mistakes of a document are named. After their correction the client sees the others.
const MAX_MISTAKES: usize = 50;

/// Turns what the schema answered into HTTP. An error of a resolver that carries no code is a fault: it is logged here, and the
/// client sees a request id in place of its message. So a resolver may simply pass a fault on with `?`.
pub(super) fn respond(mut answer: async_graphql::Response, media: MediaType, request_id: &RequestId) -> Response {
    let was_run = answer.data != Value::Null || answer.errors.iter().any(|error| !error.path.is_empty());
    if !was_run {
        answer.errors.truncate(MAX_MISTAKES);
    }
    let headers = std::mem::take(&mut answer.http_headers);
    let errors = presentable(answer.errors, was_run, request_id);
    let mut response = if was_run || errors.is_empty() {
        Executed { data: &answer.data, errors: &errors, extensions: &answer.extensions }.into_response(media, request_id)
    } else {
        errors_only(&errors, not_run(media), media)
    };
    let is_unavailable = errors.iter().any(|error| code(error) == Some("UNAVAILABLE"));
    if let Some(seconds) = longest_wait(&headers, &errors, is_unavailable) {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if is_unavailable {
        // An answer in plain JSON has the status 200 whatever happened; and an answer with data is one.
        if media == MediaType::GraphqlResponse && answer.data == Value::Null {
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    for (name, value) in headers.iter().filter(|(name, _)| !OURS.contains(&name.as_str())) {
        response.headers_mut().append(name, value.clone());
    }
    response
}

/// After how many seconds everything that was refused for its time may be tried again: resolvers say so in a header or in an error.
fn longest_wait(headers: &HeaderMap, errors: &[ServerError], is_unavailable: bool) -> Option<u64> {
    let of_headers = headers.get_all(RETRY_AFTER).iter().filter_map(|value| value.to_str().ok()?.parse().ok());
    let of_errors = errors.iter().filter_map(|error| match error.extensions.as_ref()?.get(RETRY_AFTER_SECONDS_EXTENSION)? {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    });
    let of_outage = RETRY_AFTER_SECONDS.parse().ok().filter(|_| is_unavailable);
    of_headers.chain(of_errors).chain(of_outage).max()
}

/// Gives every error a code, and says nothing of faults but the request's id.
pub(crate) fn presentable(errors: Vec<ServerError>, was_run: bool, request_id: &RequestId) -> Vec<ServerError> {
    let presented = errors.into_iter().map(|error| match (code(&error), was_run) {
        (Some(code), _) if code != "INTERNAL" => error,
        (None, false) => refusal(error),
        (None, true) if is_coercion(&error) => with_code(error, "BAD_USER_INPUT"),
        _ => fault(error, request_id),
    });
    presented.collect()
}

/// An answer with the key `data`: the operation was run, perhaps not without errors.
#[derive(Serialize)]
pub(crate) struct Executed<'a> {
    pub(crate) data: &'a Value,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) extensions: &'a BTreeMap<String, Value>,
}

impl Executed<'_> {
    fn into_response(self, media: MediaType, request_id: &RequestId) -> Response {
        match serde_json::to_vec(&self) {
            Ok(body) => {
                let mut response = Response::new(Body::from(body));
                response.headers_mut().insert(CONTENT_TYPE, media.content_type());
                response
            }
            Err(error) => {
                error!(%error, "an answer cannot be written as JSON");
                RequestError::Internal { request_id: request_id.clone() }.into_response(media)
            }
        }
    }
}

fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

fn with_code(mut error: ServerError, code: &str) -> ServerError {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code);
    error
}

/// What validation refuses. Its limits are told apart by their messages, the only thing they carry; a test holds them to it.
fn refusal(error: ServerError) -> ServerError {
    const LIMITS: [&str; 4] =
        ["Query is too complex", "Query is nested too deep", "The recursion depth of the query", "The number of directives"];
    let is_limit = LIMITS.iter().any(|limit| error.message.starts_with(limit));
    with_code(error, if is_limit { "QUERY_TOO_COMPLEX" } else { "GRAPHQL_VALIDATION_FAILED" })
}

/// Whether a value of the client's did not fit its type. Some values are read only as their field runs, after validation.
fn is_coercion(error: &ServerError) -> bool {
    const STARTS: [&str; 2] = ["Failed to parse \"", "Expected input type \""];
    error.source.is_none() && STARTS.iter().any(|start| error.message.starts_with(start))
}

fn fault(error: ServerError, request_id: &RequestId) -> ServerError {
    error!(path = ?error.path, error = error.message, "a resolver failed");
    let masked = ServerError::from(RequestError::Internal { request_id: request_id.clone() });
    ServerError { locations: error.locations, path: error.path, ..masked }
}
