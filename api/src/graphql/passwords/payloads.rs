//! What mutations of passwords answer.

use async_graphql::SimpleObject;

use crate::graphql::error::UserError;
use crate::graphql::sessions::payloads::session_payload;

session_payload!(
    /// The result of `changePassword`. On success every session ends and a new one starts.
    ChangePasswordPayload
);

session_payload!(
    /// The result of `resetPassword`. On success the user is signed in.
    ResetPasswordPayload
);

/// The result of `requestPasswordReset`. It is the same whether or not a user has the address.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RequestPasswordResetPayload {
    /// Why the request was refused. Empty on success. It does not depend on whether a user has the address.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}
