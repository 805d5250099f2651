//! Decides. Aggregates, their commands, events and refusals, and the values they are made of.
//!
//! Nothing here knows SQL, HTTP, a clock or randomness: time, ids and look-ups arrive inside a
//! command, and a lint (`clippy.toml`) refuses the functions that would fetch them. Deciding is
//! `decide(&state, command) -> Result<Vec<Event>, Refusal>`; `apply` never fails.
//!
//! Start reading at [`user`]: it is the aggregate that the product is about.

pub mod account;
pub mod api_key;
pub mod delivery;
pub mod export;
pub mod saved_view;
pub mod service_key;
pub mod session;
pub mod user;

mod actor;
mod actor_name;
mod api_key_lifetime;
mod api_scope;
mod auth_method;
mod brand;
mod client;
mod email_address;
#[cfg(test)]
mod given;
mod ids;
mod invitation_hours;
mod key;
mod language;
mod name;
mod password;
mod permission;
mod personal;
mod proof;
mod refusal;
mod role;
mod slug;
mod stream;
mod text_enum;
mod upcast;
mod view_query;
mod visible;

pub use actor::Actor;
pub use actor_name::{ActorName, UnknownActor};
pub use api_key_lifetime::{ApiKeyLifetime, InvalidApiKeyLifetime};
pub use api_scope::{ApiScope, ApiScopes};
pub use auth_method::{AuthMethod, AuthMethodId, AuthMethodKind, AuthMethods, InvalidAuthMethodId};
pub use brand::{BrandColor, InvalidColor, InvalidLogo, Logo, LogoDigest, LogoType, MAX_LOGO_BYTES};
pub use client::Client;
pub use email_address::{EmailAddress, InvalidEmailAddress};
pub use ids::{
    AccountId, ApiKeyId, DeliveryId, ExportId, InvitationId, OperationId, PasswordResetId, SavedViewId, ServiceKeyId, SessionId, UserId,
};
pub use invitation_hours::{InvalidInvitationHours, InvitationHours};
pub use key::{CreateKey, KeyCommand};
pub use language::Language;
pub use name::{InvalidName, Name};
pub use password::{NewPassword, WeakPassword};
pub use permission::{Operation, Scope, permitted};
pub use personal::Personal;
pub use proof::{Proof, ProviderIdentity};
pub use refusal::Refusal;
pub use role::{Role, UnknownRole};
pub use slug::{InvalidSlug, Slug};
pub use stream::Stream;
pub use upcast::upcast;
pub use view_query::{InvalidViewQuery, ViewQuery};
