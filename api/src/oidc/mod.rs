//! Speaks OpenID Connect: sends a browser to a provider, and turns what it comes back with into a proven identity.
//!
//! Code flow with PKCE, state, nonce and issuer; user info is asked and must be about the same subject. It must not know users,
//! accounts or tables: who an identity belongs to is decided in `commands`. Start reading at [`Providers`].

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
