use async_graphql::{ErrorExtensionValues, Pos, ServerError};
use axum::{
    body::Body,
    http::{
        HeaderValue, StatusCode,
        header::{ALLOW, CONTENT_TYPE, RETRY_AFTER},
    },
    response::Response,
};
use thiserror::Error;

use crate::layers::request_id::RequestId;
use crate::request::media_type::MediaType;

/// The message of [`RequestError::Unavailable`].
pub const UNAVAILABLE: &str = "The database is not available at the moment: try again in a few seconds";
/// After how many seconds clients should try again.
pub const RETRY_AFTER_SECONDS: &str = "5";
/// The entry of `extensions` that says after how many seconds to try again. The answer then carries `Retry-After`.
pub const RETRY_AFTER_SECONDS_EXTENSION: &str = "retryAfterSeconds";

/// Why a request was not run, or not run to its end. Answered as GraphQL errors with a stable `extensions.code` and no `data`.
#[derive(Debug, Clone, Error)]
pub enum RequestError {
    /// `NOT_ACCEPTABLE`
    #[error("Answers are application/json or application/graphql-response+json, and Accept admits neither")]
    NotAcceptable,
    /// `METHOD_NOT_ALLOWED`
    #[error("Send operations with POST, or queries with GET")]
    MethodNotAllowed,
    /// `METHOD_NOT_ALLOWED`
    #[error("Only queries may be sent with GET: send this operation with POST")]
    NotAQuery,
    /// `UNSUPPORTED_MEDIA_TYPE`
    #[error("Send the body uncompressed with Content-Type: application/json, in UTF-8")]
    UnsupportedMediaType,
    /// `PAYLOAD_TOO_LARGE`
    #[error("The body is larger than {limit} bytes")]
    BodyTooLarge {
        /// The most bytes a body may have.
        limit: usize,
    },
    /// `PAYLOAD_TOO_LARGE`
    #[error("The request contains more than {limit} values")]
    TooManyValues {
        /// The most values a request may hold.
        limit: usize,
    },
    /// `REQUEST_TIMEOUT`
    #[error("The body did not arrive in time")]
    BodyTooSlow,
    /// `BAD_REQUEST`
    #[error("{0}")]
    Malformed(String),
    /// `BAD_REQUEST`
    #[error("Batches are not supported: send one operation in a request")]
    Batch,
    /// `PERSISTED_QUERY_NOT_SUPPORTED`: the words are those on which Apollo Client and urql send the query itself.
    #[error("PersistedQueryNotSupported")]
    PersistedQueryNotSupported,
    /// `BAD_USER_INPUT`
    #[error("The character U+0000 is not allowed in {place}")]
    Nul {
        /// The parameter that holds it.
        place: &'static str,
    },
    /// `BAD_USER_INPUT`
    #[error("A text is longer than {limit} bytes")]
    TextTooLong {
        /// The most bytes a text may have.
        limit: usize,
    },
    /// `BAD_USER_INPUT`
    #[error("A list is longer than {limit} entries")]
    ListTooLong {
        /// The most entries a list may have.
        limit: usize,
    },
    /// `BAD_USER_INPUT`
    #[error("Variable `${name}` of type `{kind}` needs a value")]
    MissingVariable {
        /// The variable, without its `$`.
        name: String,
        /// The type it was declared with.
        kind: String,
    },
    /// `GRAPHQL_PARSE_FAILED`
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
        /// Where.
        locations: Vec<Pos>,
    },
    /// `GRAPHQL_VALIDATION_FAILED`
    #[error("Fragment `{name}` spreads itself")]
    FragmentCycle {
        /// The fragment.
        name: String,
    },
    /// `QUERY_TOO_COMPLEX`
    #[error("The document has more than {limit} {of}")]
    TooComplex {
        /// What was counted.
        of: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// `INTROSPECTION_DISABLED`
    #[error("Introspection is disabled on this server: the schema is published with Roster")]
    IntrospectionDisabled,
    /// `OPERATION_RESOLUTION_FAILURE`
    #[error("{0}")]
    NoSuchOperation(&'static str),
    /// `BAD_REQUEST`
    #[error("Subscriptions are served over a WebSocket with the subprotocol graphql-transport-ws")]
    Subscription,
    /// `BAD_REQUEST`
    #[error("Only subscriptions are served over a WebSocket: send this operation with POST")]
    NotASubscription,
    /// `TOO_MANY_SUBSCRIPTIONS`
    #[error("More than {limit} subscriptions run on this socket")]
    TooManySubscriptions {
        /// How many may run at once.
        limit: usize,
    },
    /// The application refuses the caller, for a reason of its own.
    #[error("{message}")]
    Refused {
        /// The application's code for it.
        code: &'static str,
        /// What the client reads.
        message: &'static str,
    },
    /// `TIMEOUT`
    #[error("The operation took too long and was ended")]
    TimedOut,
    /// `UNAVAILABLE`
    #[error("{UNAVAILABLE}")]
    Unavailable,
    /// `INTERNAL`
    #[error("Something went wrong on our side")]
    Internal {
        /// What to look for in the log.
        request_id: RequestId,
    },
}

impl RequestError {
    /// The stable `extensions.code`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::MethodNotAllowed | Self::NotAQuery => "METHOD_NOT_ALLOWED",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::BodyTooLarge { .. } | Self::TooManyValues { .. } => "PAYLOAD_TOO_LARGE",
            Self::BodyTooSlow => "REQUEST_TIMEOUT",
            Self::Malformed(_) | Self::Batch | Self::Subscription | Self::NotASubscription => "BAD_REQUEST",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::TooManySubscriptions { .. } => "TOO_MANY_SUBSCRIPTIONS",
            Self::Nul { .. } | Self::TextTooLong { .. } | Self::ListTooLong { .. } | Self::MissingVariable { .. } => "BAD_USER_INPUT",
            Self::Syntax { .. } => "GRAPHQL_PARSE_FAILED",
            Self::FragmentCycle { .. } => "GRAPHQL_VALIDATION_FAILED",
            Self::TooComplex { .. } => "QUERY_TOO_COMPLEX",
            Self::IntrospectionDisabled => "INTROSPECTION_DISABLED",
            Self::NoSuchOperation(_) => "OPERATION_RESOLUTION_FAILURE",
            Self::Refused { code, .. } => code,
            Self::TimedOut => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal { .. } => "INTERNAL",
        }
    }

    /// A request that is GraphQL, but cannot be run, is answered with 200 where the client asked for plain JSON.
    fn status(&self, media: MediaType) -> StatusCode {
        match self {
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::MethodNotAllowed | Self::NotAQuery => StatusCode::METHOD_NOT_ALLOWED,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge { .. } | Self::TooManyValues { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Malformed(_) | Self::Batch => StatusCode::BAD_REQUEST,
            Self::TimedOut => StatusCode::GATEWAY_TIMEOUT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::PersistedQueryNotSupported
            | Self::Nul { .. }
            | Self::TextTooLong { .. }
            | Self::ListTooLong { .. }
            | Self::MissingVariable { .. }
            | Self::Syntax { .. }
            | Self::FragmentCycle { .. }
            | Self::TooComplex { .. }
            | Self::IntrospectionDisabled
            | Self::NoSuchOperation(_)
            | Self::Subscription
            | Self::NotASubscription
            | Self::TooManySubscriptions { .. }
            | Self::Refused { .. } => not_run(media),
        }
    }

    fn allow(&self) -> Option<HeaderValue> {
        match self {
            Self::MethodNotAllowed => Some(HeaderValue::from_static("GET, POST")),
            Self::NotAQuery => Some(HeaderValue::from_static("POST")),
            _ => None,
        }
    }

    /// The answer, in the form the client asked for.
    pub(super) fn into_response(self, media: MediaType) -> Response {
        let status = self.status(media);
        let allow = self.allow();
        let mut response = errors_only(&[self.into()], status, media);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
        }
        if let Some(methods) = allow {
            response.headers_mut().insert(ALLOW, methods);
        }
        response
    }
}

impl From<RequestError> for ServerError {
    fn from(error: RequestError) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", error.code());
        if let RequestError::Internal { request_id } = &error {
            extensions.set("requestId", request_id.as_str());
        }
        let mut answer = ServerError::new(error.to_string(), None);
        answer.extensions = Some(extensions);
        if let RequestError::Syntax { locations, .. } = error {
            answer.locations = locations;
        }
        answer
    }
}

/// The status of a GraphQL request that was understood, but not run.
pub(super) fn not_run(media: MediaType) -> StatusCode {
    match media {
        MediaType::Json => StatusCode::OK,
        MediaType::GraphqlResponse => StatusCode::BAD_REQUEST,
    }
}

/// An answer without the key `data`: nothing was run.
pub(super) fn errors_only(errors: &[ServerError], status: StatusCode, media: MediaType) -> Response {
    let body = serde_json::json!({ "errors": errors }).to_string();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, media.content_type());
    response
}
