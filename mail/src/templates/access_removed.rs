//! The mail that tells a person that they can no longer sign in.

use super::words::{composed, name};
use crate::language::Language;
use crate::message::{MailError, MailField};
use crate::texts::Values;

/// Tells a person that they can no longer sign in to an account.
#[derive(Clone)]
pub struct AccessRemovedMail {
    /// The account's name, as its people know it.
    pub account_name: String,
    /// The person's bare address.
    pub recipient: String,
}

composed!(AccessRemovedMail as AccessRemoved);

impl AccessRemovedMail {
    pub(crate) fn values(&self, _: Language) -> Result<Values, MailError> {
        let account = name(&self.account_name, MailField::AccountName)?;
        Ok(Values::default().name("account", &account))
    }
}
