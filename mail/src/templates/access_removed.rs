//! The mail that tells a person that they can no longer sign in.

use super::words::{Words, composed, name, ours, theirs};
use crate::message::{MailError, MailField};

/// Tells a person that they can no longer sign in to an account.
#[derive(Clone)]
pub struct AccessRemovedMail {
    /// The account's name, as its people know it.
    pub account_name: String,
    /// The person's bare address.
    pub recipient: String,
}

composed!(AccessRemovedMail);

impl AccessRemovedMail {
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
