//! What mutations of keys take.

use async_graphql::ID;

use crate::graphql::input::{input, list};
use crate::graphql::keys::api_key::ApiScope;

input!(
    /// The input of `createApiKey`.
    CreateApiKeyInput => commands::CreateKey {
        /// The name of the key: 1 to 100 characters.
        name: String,
        /// What the key may be used for: at least one scope.
        scopes: Vec<ApiScope> = list,
        /// How many days the key works: 1 to 366. Default: 90.
        expires_in_days: Option<i32>,
    }
);

input!(
    /// The input of `createServiceKey`.
    CreateServiceKeyInput => commands::CreateKey {
        /// The name of the program: 1 to 100 characters. The audit log shows it, and erasing a user does not remove it, so do not use the name
        /// of a person.
        name: String,
        /// What the key may be used for: at least one scope.
        scopes: Vec<ApiScope> = list,
        /// How many days the key works: 1 to 366. Default: 90.
        expires_in_days: Option<i32>,
    }
);

input!(
    /// The input of `revokeApiKey`.
    RevokeApiKeyInput {
        /// The id of the key.
        id: ID,
    }
);

input!(
    /// The input of `revokeServiceKey`.
    RevokeServiceKeyInput {
        /// The id of the key.
        id: ID,
    }
);
