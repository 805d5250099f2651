//! What mutations of keys answer.

use crate::graphql::keys::api_key::ApiKey;
use crate::graphql::keys::service_key::ServiceKey;
use crate::graphql::payload::payload;

payload!(
    /// The result of `createApiKey`.
    CreateApiKeyPayload {
        /// The new key. Null if the mutation was refused.
        api_key: Option<ApiKey>,
        /// The token that a program sends as `Authorization: Bearer roster_k_…`. It is returned once; Roster does not store it.
        token: Option<String>,
    }
);

payload!(
    /// The result of `revokeApiKey`.
    RevokeApiKeyPayload {
        /// The revoked key. Null if the mutation was refused.
        api_key: Option<ApiKey>,
    }
);

payload!(
    /// The result of `createServiceKey`.
    CreateServiceKeyPayload {
        /// The new key. Null if the mutation was refused.
        service_key: Option<ServiceKey>,
        /// The token that a program sends as `Authorization: Bearer roster_a_…`. It is returned once; Roster does not store it.
        token: Option<String>,
    }
);

payload!(
    /// The result of `revokeServiceKey`.
    RevokeServiceKeyPayload {
        /// The revoked key. Null if the mutation was refused.
        service_key: Option<ServiceKey>,
    }
);
