//! Why a rule said no: each reason with its sentence (`reason.rs`), its stable code, and the input field that it is about.

mod code;
mod field;
mod reason;

pub use reason::Refusal;
