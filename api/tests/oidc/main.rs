//! Signing in with OpenID Connect providers: real ones, and one that lies.

mod answers;
mod browser;
mod lies;
mod settings;
mod visit;
