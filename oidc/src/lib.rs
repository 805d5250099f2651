//! Speaks OpenID Connect: sends a browser to a provider, and turns what it comes back with into a proven identity.
//!
//! It uses the code flow with PKCE, state, nonce and issuer. It asks for user info, which must be about the same subject.
//!
//! Architecture Invariant: nothing here knows users, accounts or tables. `commands` decides whom an identity belongs to. Of the workspace the crate
//! uses `domain` alone, for its value types: ids of providers, addresses and [`ProviderIdentity`](domain::ProviderIdentity), the result that
//! `commands` takes. Start reading at [`Providers`].

mod callback;
mod discovery;
mod error;
mod http_client;
mod id_token;
mod identity;
mod providers;
mod said;
mod settings;
mod settings_file;
mod tokens;

pub use callback::Callback;
pub use error::{IdTokenFlaw, ProviderError};
pub use identity::{PersonName, Proven};
pub use providers::{Proofs, Providers};
pub use settings::{ProviderSettings, ProviderSettingsError, require_distinct};
pub use settings_file::read_providers;
