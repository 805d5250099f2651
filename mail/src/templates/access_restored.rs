//! The mail that tells a person that they can sign in again.

use super::words::{Button, Words, composed, name, ours, theirs};
use crate::message::{MailError, MailField};

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

composed!(AccessRestoredMail);

impl AccessRestoredMail {
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
