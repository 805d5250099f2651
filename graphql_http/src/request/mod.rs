//! One GraphQL request over HTTP: from its headers and body to its answer.
//!
//! Cheap checks come first: content negotiation, the body's size, the text, the operation, the values. Only then `prepare` finds out who
//! the caller is, and the schema executes the operation. Start reading at `endpoint.rs`.

pub(crate) mod answer;
mod documents;
pub(crate) mod endpoint;
pub(crate) mod limits;
mod media_type;
mod negotiation;
pub(crate) mod operation;
pub(crate) mod parameters;
pub(crate) mod request_error;
mod scan;
pub(crate) mod values;
