//! The mail with which an operator finds out whether mail arrives.

use super::words::{composed, name};
use crate::language::Language;
use crate::message::{MailError, MailField};
use crate::texts::Values;

/// Shows an operator that mail arrives.
#[derive(Clone)]
pub struct TestMail {
    /// The bare address to send the mail to.
    pub recipient: String,
    /// The mail server that it is handed to.
    pub server: String,
}

composed!(TestMail as Test);

impl TestMail {
    pub(crate) fn values(&self, _: Language) -> Result<Values, MailError> {
        let server = name(&self.server, MailField::MailServer)?;
        Ok(Values::default().name("server", &server))
    }
}
