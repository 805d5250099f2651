//! The mail with a link to choose a new password.

use chrono::{DateTime, TimeDelta, Utc};

use super::words::{composed, name};
use crate::language::Language;
use crate::message::{MailError, MailField};
use crate::texts::Values;

/// Lets a person choose a new password.
#[derive(Clone)]
pub struct PasswordResetMail {
    /// The account's name, as its people know it.
    pub account_name: String,
    /// The person's bare address.
    pub recipient: String,
    /// The page on which they choose, with its token.
    pub link: String,
    /// How long the link works, from when it was asked for; said in whole hours.
    pub works_for: TimeDelta,
    /// When the link stops working.
    pub expires_at: DateTime<Utc>,
}

composed!(PasswordResetMail as PasswordReset);

impl PasswordResetMail {
    pub(crate) fn values(&self, language: Language) -> Result<Values, MailError> {
        let account = name(&self.account_name, MailField::AccountName)?;
        Ok(Values::default()
            .name("account", &account)
            .link(&self.link)
            .plain("works_for", &language.hours(self.works_for))
            .plain("expires_at", &language.instant(self.expires_at)))
    }
}
