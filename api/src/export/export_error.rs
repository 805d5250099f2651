//! Why an export does not begin, or is cut off.

use axum::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use commands::Error;
use event_store::UnknownCursor;
use projections::users::{AsOfError, NotYet};
use serde_json::json;
use tracing::{error, info};

use super::parameters::InvalidParameter;
use super::places::{NoPlace, OF_ACCOUNT, OF_PROCESS};
use crate::chain::chain;
use crate::http::SESSION_CHANGED;
use crate::outage::is_outage;
use graphql_http::{RETRY_AFTER_SECONDS, RequestId, UNAVAILABLE};

/// Why an export does not begin. Answered as JSON in the form of GraphQL errors, with a stable `extensions.code`.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExportError {
    #[error("Send this with GET")]
    MethodNotAllowed,
    #[error("This request came from a page of another origin")]
    ForeignOrigin,
    #[error("sign in first")]
    Unauthenticated,
    #[error("{SESSION_CHANGED}")]
    SessionChanged,
    #[error("you may not do this")]
    Forbidden,
    #[error("the query string cannot be read")]
    Unreadable,
    #[error(transparent)]
    Parameter(#[from] InvalidParameter),
    #[error(transparent)]
    NotYet(#[from] NotYet),
    #[error(transparent)]
    UnknownCursor(#[from] UnknownCursor),
    #[error("{}", no_place(*.0))]
    NoPlace(NoPlace),
    #[error("{UNAVAILABLE}")]
    Unavailable,
    #[error("Something went wrong on our side")]
    Internal(#[source] Box<Error>, RequestId),
}

/// Why an export that has begun is cut off.
#[derive(Debug, thiserror::Error)]
pub(super) enum CutOff {
    #[error("the export could not be read to its end")]
    Fault(#[from] Error),
    #[error("the session or the key has ended, or its role has changed")]
    AccessEnded,
    #[error("nothing was read for a minute, and another export needed the slot")]
    Forgotten,
}

fn no_place(no_place: NoPlace) -> String {
    match no_place {
        NoPlace::OfAccount => format!("{OF_ACCOUNT} exports of this account are under way: try again when one has ended"),
        NoPlace::OfProcess => format!("{OF_PROCESS} exports are under way: try again when one has ended"),
    }
}

impl ExportError {
    /// What commands refuse, and what broke.
    pub(super) fn of(error: Error, request_id: RequestId) -> Self {
        match error {
            Error::Unauthenticated => Self::Unauthenticated,
            Error::Forbidden => Self::Forbidden,
            other if is_outage(&other) => Self::Unavailable,
            other => Self::Internal(Box::new(other), request_id),
        }
    }

    /// Why a moment of the past cannot be told.
    pub(super) fn of_moment(error: AsOfError, request_id: RequestId) -> Self {
        match error {
            AsOfError::NotYet(not_yet) => Self::NotYet(not_yet),
            // A moment of an export is an instant, not an event.
            AsOfError::UnknownCursor(unknown) => Self::UnknownCursor(unknown),
            AsOfError::Failed(failed) => Self::of(failed.into(), request_id),
        }
    }

    const fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
            Self::ForeignOrigin => (StatusCode::FORBIDDEN, "FOREIGN_ORIGIN"),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
            Self::SessionChanged => (StatusCode::CONFLICT, "SESSION_CHANGED"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "FORBIDDEN"),
            Self::Unreadable => (StatusCode::BAD_REQUEST, "BAD_REQUEST"),
            Self::Parameter(_) => (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            Self::NotYet(_) => (StatusCode::BAD_REQUEST, "NOT_YET"),
            Self::UnknownCursor(_) => (StatusCode::BAD_REQUEST, "UNKNOWN_CURSOR"),
            Self::NoPlace(NoPlace::OfAccount) => (StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_EXPORTS"),
            Self::NoPlace(NoPlace::OfProcess) => (StatusCode::SERVICE_UNAVAILABLE, "TOO_MANY_EXPORTS"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
            Self::Internal(..) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
        }
    }
}

impl IntoResponse for ExportError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let mut extensions = json!({ "code": code });
        if let Self::Internal(error, request_id) = &self {
            error!(error = chain(error.as_ref()), "an export could not begin");
            extensions["requestId"] = request_id.as_str().into();
        } else {
            info!(code, "an export was refused");
        }
        let body = json!({ "errors": [{ "message": self.to_string(), "extensions": extensions }] });
        let mut response = (status, axum::Json(body)).into_response();
        let (name, value) = match self {
            Self::MethodNotAllowed => (ALLOW, "GET"),
            Self::Unauthenticated => (WWW_AUTHENTICATE, "Bearer"),
            Self::NoPlace(_) => (RETRY_AFTER, "10"),
            Self::Unavailable => (RETRY_AFTER, RETRY_AFTER_SECONDS),
            _ => return response,
        };
        response.headers_mut().insert(name, HeaderValue::from_static(value));
        response
    }
}
