//! The mail with a link to choose a new password.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{LONGEST_NAME, hours, instant, is_web_address};
use crate::mail::message::{Mail, MailError, MailField, line};

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

impl PasswordResetMail {
    /// Writes the mail of delivery `delivery_id`, dated `written_at`.
    ///
    /// # Errors
    /// When the account's name contains a control character, the link is no web address or the recipient is no e-mail address.
    pub fn compose(&self, delivery_id: Uuid, written_at: DateTime<Utc>) -> Result<Mail, MailError> {
        if !is_web_address(&self.link) {
            return Err(MailError::Link);
        }
        let account_name = line(&self.account_name, MailField::AccountName, LONGEST_NAME)?;
        let words = Words {
            account_name: &account_name,
            recipient: &self.recipient,
            link: &self.link,
            works_for: &hours(self.works_for),
            expires_at: &instant(self.expires_at),
        };
        let text = PasswordResetText { words: &words }.render().map_err(|_| MailError::Template)?;
        let html = PasswordResetHtml { words: &words }.render().map_err(|_| MailError::Template)?;
        Mail::new(delivery_id, written_at, &self.recipient, None, &words.subject(), text, html)
    }
}

/// What the templates print: checked, cut and formatted.
struct Words<'a> {
    account_name: &'a str,
    recipient: &'a str,
    link: &'a str,
    works_for: &'a str,
    expires_at: &'a str,
}

impl Words<'_> {
    fn subject(&self) -> String {
        format!("Your new password for {}", self.account_name)
    }
}

#[derive(Template)]
#[template(path = "mail/password_reset.txt")]
struct PasswordResetText<'a> {
    words: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "mail/password_reset.html")]
struct PasswordResetHtml<'a> {
    words: &'a Words<'a>,
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn reset() -> PasswordResetMail {
        PasswordResetMail {
            account_name: "Acme Observability".to_owned(),
            recipient: "grace@acme.example".to_owned(),
            link: "https://roster.acme.example/acme/reset-password/aBc_dEf-123".to_owned(),
            works_for: TimeDelta::hours(1),
            expires_at: Utc.with_ymd_and_hms(2026, 11, 24, 14, 5, 9).unwrap(),
        }
    }

    fn compose(reset: &PasswordResetMail) -> Result<Mail, MailError> {
        reset.compose(Uuid::nil(), Utc.with_ymd_and_hms(2026, 11, 24, 13, 5, 9).unwrap())
    }

    #[test]
    fn a_link_for_a_new_password_says_for_which_account_for_how_long_and_what_if_it_was_not_you() {
        let mail = compose(&reset()).unwrap();
        insta::assert_snapshot!("password_reset_subject", mail.subject());
        insta::assert_snapshot!("password_reset_text", mail.text());
        insta::assert_snapshot!("password_reset_html", mail.html());
    }

    #[test]
    fn a_hostile_name_of_an_account_is_text_in_the_html_and_forges_nothing() {
        let hostile = "</p><script>alert('x')</script>\u{202e}";
        let mail = compose(&PasswordResetMail { account_name: hostile.to_owned(), ..reset() }).unwrap();
        assert!(!mail.html().contains("<script>") && mail.text().contains("<script>"), "{}", mail.html());
        assert!(!mail.html().contains('\u{202e}') && !mail.text().contains('\u{202e}'));
        let forged = compose(&PasswordResetMail { account_name: "Acme\r\nBcc: all@acme.example".to_owned(), ..reset() });
        assert_eq!(forged.map(drop), Err(MailError::ControlCharacter(MailField::AccountName)));
        let no_link = compose(&PasswordResetMail { link: "javascript:alert(1)".to_owned(), ..reset() });
        assert_eq!(no_link.map(drop), Err(MailError::Link));
    }
}
