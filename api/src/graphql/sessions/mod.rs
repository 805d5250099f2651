//! Sessions: who is signed in, from where, and signing in and out.

pub(super) mod inputs;
pub(super) mod mutations;
pub(super) mod payloads;
pub(super) mod queries;
pub(super) mod session;
pub(super) mod viewer;

pub(super) use payloads::NewSession;
pub(super) use viewer::Viewer;
