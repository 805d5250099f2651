//! What mutations of API keys take.

use async_graphql::{ID, InputObject};

use crate::graphql::api_keys::api_key::ApiScope;

/// The input of `createApiKey`.
#[derive(InputObject)]
pub struct CreateApiKeyInput {
    /// The name of the key: 1 to 100 characters.
    pub(in crate::graphql) name: String,
    /// What the key may be used for: at least one scope.
    pub(in crate::graphql) scopes: Vec<ApiScope>,
    /// How many days the key works: 1 to 366. Default: 90.
    pub(in crate::graphql) expires_in_days: Option<i32>,
}

/// The input of `revokeApiKey`.
#[derive(InputObject)]
pub struct RevokeApiKeyInput {
    /// The id of the key.
    pub(in crate::graphql) id: ID,
}

impl From<CreateApiKeyInput> for commands::CreateApiKey {
    fn from(input: CreateApiKeyInput) -> Self {
        let scopes = input.scopes.into_iter().map(Into::into).collect();
        Self { name: input.name, scopes, expires_in_days: input.expires_in_days }
    }
}

impl From<RevokeApiKeyInput> for commands::RevokeApiKey {
    fn from(input: RevokeApiKeyInput) -> Self {
        Self { id: input.id.to_string() }
    }
}
