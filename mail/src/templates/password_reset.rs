//! The mail with a link to choose a new password.

use chrono::{DateTime, TimeDelta, Utc};

use super::words::{Button, Words, composed, hours, instant, name, ours, theirs};
use crate::message::{MailError, MailField};

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

composed!(PasswordResetMail);

impl PasswordResetMail {
    fn words(&self) -> Result<Words, MailError> {
        let account = &name(&self.account_name, MailField::AccountName)?;
        let (works_for, expires_at) = (hours(self.works_for), instant(self.expires_at));
        Ok(Words {
            subject: format!("Your new password for {account}"),
            preview: format!("The link works until {expires_at}."),
            heading: vec![ours("A new password for "), theirs(account)],
            paragraphs: vec![vec![
                ours("Someone asked for a new password for "),
                ours(&self.recipient).strong(),
                ours(" at "),
                theirs(account),
                ours(". If it was you, choose one here."),
            ]],
            button: Some(Button { label: "Choose a new password", link: self.link.clone() }),
            after: vec![vec![
                ours(format!("The link works for {works_for}, until ")),
                ours(expires_at).strong(),
                ours(", and only once. Please do not pass it on."),
            ]],
            footer: vec![ours("If it was not you, ignore this mail: nothing has changed.")],
        })
    }
}
