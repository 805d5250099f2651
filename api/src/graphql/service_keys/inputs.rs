//! What mutations of service keys take.

use async_graphql::{ID, InputObject};

use crate::graphql::api_keys::api_key::ApiScope;

/// The input of `createServiceKey`.
#[derive(InputObject)]
pub struct CreateServiceKeyInput {
    /// The name of the program: 1 to 100 characters. The audit log shows it, and erasing a user does not remove it, so do not use the name
    /// of a person.
    pub(in crate::graphql) name: String,
    /// What the key may be used for: at least one scope.
    pub(in crate::graphql) scopes: Vec<ApiScope>,
    /// How many days the key works: 1 to 366. Default: 90.
    pub(in crate::graphql) expires_in_days: Option<i32>,
}

/// The input of `revokeServiceKey`.
#[derive(InputObject)]
pub struct RevokeServiceKeyInput {
    /// The id of the key.
    pub(in crate::graphql) id: ID,
}

impl From<CreateServiceKeyInput> for commands::CreateServiceKey {
    fn from(input: CreateServiceKeyInput) -> Self {
        let scopes = input.scopes.into_iter().map(Into::into).collect();
        Self { name: input.name, scopes, expires_in_days: input.expires_in_days }
    }
}

impl From<RevokeServiceKeyInput> for commands::RevokeServiceKey {
    fn from(input: RevokeServiceKeyInput) -> Self {
        Self { id: input.id.to_string() }
    }
}
