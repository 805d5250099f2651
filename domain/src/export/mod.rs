//! An export of the history or of the list of users: that it was requested, and which part of it.
//!
//! The event is appended when the export starts, before anything is sent.

mod aggregate;
mod command;
mod event;

pub use aggregate::Export;
pub use command::{ExportCommand, RequestExport};
pub use event::{ExportEvent, ExportFilter, ExportFormat, Exported};
