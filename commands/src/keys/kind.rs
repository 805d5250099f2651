//! What differs between API keys and service keys.

use std::str::FromStr;

use domain::api_key::ApiKey;
use domain::service_key::ServiceKey;
use domain::{ApiKeyId, KeyCommand, Refusal, ServiceKeyId, UserId};
use projections::keys::KeyId;

use crate::tokens::KeyToken;
use crate::unit_of_work::Decidable;

/// How many keys one user may have in use.
pub const MAX_API_KEYS: u64 = 25;

/// How many service keys one account may have in use.
pub const MAX_SERVICE_KEYS: u64 = 100;

/// The id of a key, which determines its kind.
pub(crate) trait Kind: KeyId + FromStr + 'static {
    /// For whom such a key acts, besides its account.
    type Owner: Clone + Send + Sync + 'static;
    type Stream: Decidable<Id = Self, Command = KeyCommand<Self::Owner>>;

    /// What its tokens begin with.
    const PREFIX: &'static str;
    /// Whether it belongs to the account: then only an admin may create it, and it goes on without its creator.
    const IS_OF_ACCOUNT: bool;
    /// How many may be in use: of one user or, if they belong to it, of one account.
    const MAX: u64;
    /// Why one more is refused.
    const TOO_MANY: Refusal;
}

impl Kind for ApiKeyId {
    type Owner = UserId;
    type Stream = ApiKey;

    const PREFIX: &'static str = KeyToken::API_KEY_PREFIX;
    const IS_OF_ACCOUNT: bool = false;
    const MAX: u64 = MAX_API_KEYS;
    const TOO_MANY: Refusal = Refusal::TooManyApiKeys;
}

impl Kind for ServiceKeyId {
    type Owner = ();
    type Stream = ServiceKey;

    const PREFIX: &'static str = KeyToken::SERVICE_KEY_PREFIX;
    const IS_OF_ACCOUNT: bool = true;
    const MAX: u64 = MAX_SERVICE_KEYS;
    const TOO_MANY: Refusal = Refusal::TooManyServiceKeys;
}
