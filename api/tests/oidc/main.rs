//! Signing in to the finished program with OpenID Connect providers: real ones, and one that lies. Start reading at `the_job`.
//!
//! `oidc/tests` look at what speaks with providers alone.

mod attacks;
mod choices;
mod one_event_each;
#[expect(dead_code, reason = "a server is all that is started here")]
#[path = "../program/mod.rs"]
mod program;
mod the_job;
mod world;
