//! The answer to a request whose caller cannot be identified.

use graphql_http::{RequestError, RequestId};
use tracing::error;

use super::session_changed;
use crate::app::NotIdentified;
use crate::chain::chain;
use crate::outage::is_outage;

/// The error for a request whose caller cannot be identified.
pub(crate) fn not_identified(reason: &NotIdentified, request_id: RequestId) -> RequestError {
    let NotIdentified::Failed(failed) = reason else { return session_changed() };
    if is_outage(failed) {
        return RequestError::Unavailable;
    }
    error!(error = chain(failed), "a session could not be looked up");
    RequestError::Internal { request_id }
}
