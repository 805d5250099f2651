//! Signing in with a provider: a browser is sent away and comes back; the identity that the provider has proven decides which user it is.
//!
//! This module does not speak with providers: `api` hands over a proven [`domain::ProviderIdentity`]. A provider signs in users whom
//! the account has invited, and no one else. Start reading at `attempt.rs` for the way there and back, then at `sign_in.rs`.

mod accept;
mod attempt;
mod choice;
mod sign_in;

pub use attempt::{BegunSignIn, Destination, ReturnedSignIn, SignInProofs};
pub use choice::AccountChoice;
pub(crate) use choice::{delete_provider_sign_ins, end_choices, use_choice};
pub use sign_in::ProviderOutcome;
