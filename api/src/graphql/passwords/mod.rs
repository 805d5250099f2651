//! Passwords: changing one, and links for a new one.

pub(super) mod inputs;
pub(super) mod mutations;
pub(super) mod payloads;
