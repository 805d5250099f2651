//! What mutations of API keys answer.

use async_graphql::SimpleObject;

use crate::graphql::api_keys::api_key::ApiKey;
use crate::graphql::error::UserError;

/// The result of `createApiKey`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CreateApiKeyPayload {
    /// The new key. Null if the mutation was refused.
    pub(in crate::graphql) api_key: Option<ApiKey>,
    /// The token that a program sends as `Authorization: Bearer roster_k_…`. It is returned once; Roster does not store it.
    pub(in crate::graphql) token: Option<String>,
    /// Why the mutation was refused. Empty on success.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// The result of `revokeApiKey`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RevokeApiKeyPayload {
    /// The revoked key. Null if the mutation was refused.
    pub(in crate::graphql) api_key: Option<ApiKey>,
    /// Why the mutation was refused. Empty on success.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}
