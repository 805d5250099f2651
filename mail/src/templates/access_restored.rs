//! The mail that tells a person that they can sign in again.

use super::words::{composed, name};
use crate::language::Language;
use crate::message::{MailError, MailField};
use crate::texts::Values;

/// Tells a person that they can sign in to an account again.
#[derive(Clone)]
pub struct AccessRestoredMail {
    /// The account's name, as its people know it.
    pub account_name: String,
    /// The person's bare address.
    pub recipient: String,
    /// The account's page to sign in.
    pub link: String,
}

composed!(AccessRestoredMail as AccessRestored);

impl AccessRestoredMail {
    pub(crate) fn values(&self, _: Language) -> Result<Values, MailError> {
        let account = name(&self.account_name, MailField::AccountName)?;
        Ok(Values::default().name("account", &account).link(&self.link))
    }
}
