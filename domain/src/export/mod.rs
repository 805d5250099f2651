//! An export: that somebody took the history or the list of users out of a Roster, and which part of it.
//!
//! It is remembered when it begins, before anything leaves.

mod aggregate;
mod command;
mod event;

pub use aggregate::Export;
pub use command::{ExportCommand, RequestExport};
pub use event::{ExportEvent, ExportFilter, ExportFormat, Exported};
