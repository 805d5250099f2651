//! The mail that tells a person that they can sign in again.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::words::{Button, Words, name, ours, theirs};
use crate::message::{Mail, MailError, MailField};

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

impl AccessRestoredMail {
    /// Writes the mail of delivery `delivery_id`, dated `written_at`.
    ///
    /// # Errors
    /// When the account's name contains a control character, the link is no web address or the recipient is no e-mail address.
    pub fn compose(&self, delivery_id: Uuid, written_at: DateTime<Utc>) -> Result<Mail, MailError> {
        self.words()?.compose(delivery_id, written_at, &self.recipient)
    }

    fn words(&self) -> Result<Words, MailError> {
        let account = &name(&self.account_name, MailField::AccountName)?;
        Ok(Words {
            subject: format!("Your access to {account} was restored"),
            preview: "You can sign in there again.".to_owned(),
            heading: vec![ours("Your access to "), theirs(account), ours(" was restored")],
            paragraphs: vec![vec![
                ours("You can again sign in to "),
                theirs(account),
                ours(" as "),
                ours(&self.recipient).strong(),
                ours("."),
            ]],
            button: Some(Button { label: "Sign in", link: self.link.clone() }),
            after: Vec::new(),
            footer: vec![ours("This mail is for your information. If you do not want to sign in, you can ignore it.")],
        })
    }
}
