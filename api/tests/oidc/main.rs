//! Signing in with OpenID Connect providers: real ones, and one that lies.
//!
//! `answers`, `lies` and `settings` look at what speaks with providers alone; the others drive the finished program: `the_job` first.

mod answers;
mod attacks;
mod browser;
mod choices;
mod lies;
mod one_event_each;
#[expect(dead_code, reason = "a server is all that is started here")]
#[path = "../program/mod.rs"]
mod program;
mod settings;
mod the_job;
mod visit;
mod world;
