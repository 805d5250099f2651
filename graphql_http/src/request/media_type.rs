use axum::http::HeaderValue;

/// The two forms a GraphQL answer takes. They differ in what a status code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/json`: a well-formed request is answered with 200, even where its operation is refused.
    Json,
    /// `application/graphql-response+json`: a request that was not run is answered with 4xx.
    GraphqlResponse,
}

impl MediaType {
    /// The value of the answer's `Content-Type`.
    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }

    /// The name a client asks for, without its type.
    pub(super) fn subtype(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::GraphqlResponse => "graphql-response+json",
        }
    }
}
