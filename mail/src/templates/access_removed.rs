//! The mail that tells a person that they can no longer sign in.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::words::{Words, name, ours, theirs};
use crate::message::{Mail, MailError, MailField};

/// Tells a person that they can no longer sign in to an account.
#[derive(Clone)]
pub struct AccessRemovedMail {
    /// The account's name, as its people know it.
    pub account_name: String,
    /// The person's bare address.
    pub recipient: String,
}

impl AccessRemovedMail {
    /// Writes the mail of delivery `delivery_id`, dated `written_at`.
    ///
    /// # Errors
    /// When the account's name contains a control character, or the recipient is no e-mail address.
    pub fn compose(&self, delivery_id: Uuid, written_at: DateTime<Utc>) -> Result<Mail, MailError> {
        self.words()?.compose(delivery_id, written_at, &self.recipient)
    }

    fn words(&self) -> Result<Words, MailError> {
        let account = &name(&self.account_name, MailField::AccountName)?;
        Ok(Words {
            subject: format!("Your access to {account} was removed"),
            preview: "You can no longer sign in there.".to_owned(),
            heading: vec![ours("Your access to "), theirs(account), ours(" was removed")],
            paragraphs: vec![
                vec![
                    ours("You can no longer sign in to "),
                    theirs(account),
                    ours(" as "),
                    ours(&self.recipient).strong(),
                    ours(". Your sessions there have ended."),
                ],
                vec![ours("If you think that this is a mistake, ask an admin of "), theirs(account), ours(".")],
            ],
            button: None,
            after: Vec::new(),
            footer: vec![ours("This mail is for your information. There is nothing that you have to do.")],
        })
    }
}
