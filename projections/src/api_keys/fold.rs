//! What an event means for the API keys of a user.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::api_key::ApiKeyEvent;
use domain::user::UserEvent;
use uuid::Uuid;

use crate::AnyEvent;
use crate::keys::key_columns;
use crate::origin::Origin;
use crate::rows::UNKNOWN_TOKEN;

key_columns!(row!
    /// An API key: a row of `api_keys`.
    ApiKeyRow in "api_keys" by ["id"] keeps [("token_hash", UNKNOWN_TOKEN)] and { "user_id" user_id: Uuid }
);

/// API keys of one user, by their ids.
pub(crate) type ApiKeys = BTreeMap<Uuid, ApiKeyRow>;

/// Applies an event to the API keys of a user.
pub(crate) fn apply(keys: &mut ApiKeys, origin: &Origin, event: &AnyEvent) {
    match event {
        AnyEvent::ApiKey(ApiKeyEvent::Created { account_id, user_id, name, scopes, expires_at }) => {
            let key = ApiKeyRow {
                id: origin.stream_id,
                account_id: account_id.uuid(),
                user_id: user_id.uuid(),
                name: name.known().map_or_else(String::new, |name| name.as_str().to_owned()),
                scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
                created_at: origin.at,
                expires_at: *expires_at,
                revoked_at: None,
            };
            keys.insert(key.id, key);
        }
        AnyEvent::ApiKey(ApiKeyEvent::Revoked {}) => {
            if let Some(key) = keys.get_mut(&origin.stream_id) {
                key.revoked_at = Some(origin.at);
            }
        }
        AnyEvent::User(UserEvent::Erased {}) => keys.values_mut().for_each(|key| key.name.clear()),
        _ => {}
    }
}

/// Whether an event of a user changes all of their API keys.
pub(crate) const fn changes_all(event: &UserEvent) -> bool {
    matches!(event, UserEvent::Erased {})
}
