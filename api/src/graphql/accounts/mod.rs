//! Accounts, and the ways to sign in that they offer.

pub(super) mod account;
pub(super) mod auth_method;
pub(super) mod brand;
pub(super) mod inputs;
pub(super) mod mutations;
pub(super) mod payloads;
pub(super) mod queries;
pub(super) mod sign_in_option;
