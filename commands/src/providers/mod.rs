//! Signing in with a provider: a browser is sent away and comes back; whom the provider has proven decides who that is here.
//!
//! What speaks with providers is not known here: `api` hands over a proven [`domain::ProviderIdentity`]. A provider lets in whom the
//! account has invited, and nobody else. Start reading at `attempt.rs` for the way there and back, then at `sign_in.rs`.

mod accept;
mod attempt;
mod choice;
mod sign_in;

pub use attempt::{BegunSignIn, Destination, ReturnedSignIn, SignInProofs};
pub use choice::AccountChoice;
pub(crate) use choice::{delete_provider_sign_ins, end_choices, use_choice};
pub use sign_in::ProviderOutcome;
