//! Users: the type, lists of them now and in the past, and the mutations.

pub(super) mod as_of;
pub(super) mod bulk;
pub(super) mod bulk_inputs;
pub(super) mod changed;
pub(super) mod changes;
pub(super) mod connection;
pub(super) mod delivery;
pub(super) mod find;
pub(super) mod inputs;
pub(super) mod invite_many;
pub(super) mod links;
pub(super) mod mutations;
pub(super) mod past;
pub(super) mod payloads;
pub(super) mod queries;
pub(super) mod resend_failed;
pub(super) mod stats;
pub(super) mod user;
pub(super) mod viewer_can;
