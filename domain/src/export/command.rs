//! What can be asked of an export.

use super::{ExportFilter, ExportFormat, Exported};
use crate::AccountId;

/// A command to one export's stream.
#[derive(Clone, Debug)]
pub enum ExportCommand {
    /// Begins it.
    Request(RequestExport),
}

/// Exports something of an account.
#[derive(Clone, Debug)]
pub struct RequestExport {
    /// The account.
    pub account_id: AccountId,
    /// What is taken out.
    pub what: Exported,
    /// Its format.
    pub format: ExportFormat,
    /// Which part of it.
    pub filter: ExportFilter,
    /// Whether personal values stay sealed.
    pub sealed: bool,
}
