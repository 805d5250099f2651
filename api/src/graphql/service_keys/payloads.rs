//! What mutations of service keys answer.

use async_graphql::SimpleObject;

use crate::graphql::error::UserError;
use crate::graphql::service_keys::service_key::ServiceKey;

/// The result of `createServiceKey`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CreateServiceKeyPayload {
    /// The new key. Null if the mutation was refused.
    pub(in crate::graphql) service_key: Option<ServiceKey>,
    /// The token that a program sends as `Authorization: Bearer roster_a_…`. It is returned once; Roster does not store it.
    pub(in crate::graphql) token: Option<String>,
    /// Why the mutation was refused. Empty on success.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// The result of `revokeServiceKey`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RevokeServiceKeyPayload {
    /// The revoked key. Null if the mutation was refused.
    pub(in crate::graphql) service_key: Option<ServiceKey>,
    /// Why the mutation was refused. Empty on success.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}
