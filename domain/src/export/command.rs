//! What can be asked of an export.

use super::{ExportFilter, ExportFormat, Exported};
use crate::AccountId;

/// A command to one export's stream.
#[derive(Clone, Debug)]
pub enum ExportCommand {
    /// Begins it.
    Request(RequestExport),
}

/// Takes something out of an account.
#[derive(Clone, Debug)]
pub struct RequestExport {
    /// The account.
    pub account_id: AccountId,
    /// What is taken out.
    pub what: Exported,
    /// In which form.
    pub format: ExportFormat,
    /// Which part of it.
    pub filter: ExportFilter,
    /// Whether what is personal stays sealed.
    pub sealed: bool,
}
