//! The mail that invites a person into an account.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{LONGEST_NAME, hours, instant, is_web_address};
use crate::mail::message::{Mail, MailError, MailField, line};

/// Invites a person into an account.
#[derive(Clone)]
pub struct InvitationMail {
    /// The account's name, as its people know it.
    pub account_name: String,
    /// Who invites, as an e-mail address or a name. `None` when it was the operator of the installation.
    pub inviter: Option<String>,
    /// The invited person's bare address.
    pub recipient: String,
    /// The offered role, as the dashboard calls it.
    pub role_label: String,
    /// The page that accepts the invitation, with its token.
    pub link: String,
    /// How long the link works, from when the mail was asked for; said in whole hours.
    pub works_for: TimeDelta,
    /// When the link stops working.
    pub expires_at: DateTime<Utc>,
    /// Whether the person was sent an earlier link, which this one replaces.
    pub resent: bool,
}

impl InvitationMail {
    /// Writes the mail of delivery `delivery_id`, dated `written_at`.
    ///
    /// # Errors
    /// When a name contains a control character, the link is no web address or the recipient is no e-mail address.
    pub fn compose(&self, delivery_id: Uuid, written_at: DateTime<Utc>) -> Result<Mail, MailError> {
        if !is_web_address(&self.link) {
            return Err(MailError::Link);
        }
        let account_name = line(&self.account_name, MailField::AccountName, LONGEST_NAME)?;
        let role_label = line(&self.role_label, MailField::RoleLabel, LONGEST_NAME)?;
        let inviter = match &self.inviter {
            Some(inviter) => Some(line(inviter, MailField::Inviter, LONGEST_NAME)?).filter(|inviter| !inviter.is_empty()),
            None => None,
        };
        let words = Words {
            account_name: &account_name,
            inviter: inviter.as_deref(),
            recipient: &self.recipient,
            role_label: &role_label,
            link: &self.link,
            works_for: &hours(self.works_for),
            expires_at: &instant(self.expires_at),
            resent: self.resent,
        };
        let text = InvitationText { words: &words }.render().map_err(|_| MailError::Template)?;
        let html = InvitationHtml { words: &words }.render().map_err(|_| MailError::Template)?;
        Mail::new(delivery_id, written_at, &self.recipient, None, &words.subject(), text, html)
    }
}

/// What the templates print: checked, cut and formatted.
struct Words<'a> {
    account_name: &'a str,
    inviter: Option<&'a str>,
    recipient: &'a str,
    role_label: &'a str,
    link: &'a str,
    works_for: &'a str,
    expires_at: &'a str,
    resent: bool,
}

impl Words<'_> {
    fn subject(&self) -> String {
        match (self.resent, self.inviter) {
            (true, _) => format!("Your new invitation to {}", self.account_name),
            (false, Some(inviter)) => format!("{inviter} invited you to {}", self.account_name),
            (false, None) => format!("You are invited to {}", self.account_name),
        }
    }
}

#[derive(Template)]
#[template(path = "mail/invitation.txt")]
struct InvitationText<'a> {
    words: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "mail/invitation.html")]
struct InvitationHtml<'a> {
    words: &'a Words<'a>,
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use mail_parser::MessageParser;

    use super::*;

    fn invitation() -> InvitationMail {
        InvitationMail {
            account_name: "Acme Observability".to_owned(),
            inviter: Some("ada@acme.example".to_owned()),
            recipient: "grace@acme.example".to_owned(),
            role_label: "Editor".to_owned(),
            link: "https://roster.acme.example/acme/invitation?token=aBc_dEf-123&x=1".to_owned(),
            works_for: TimeDelta::hours(24),
            expires_at: Utc.with_ymd_and_hms(2026, 11, 24, 14, 5, 9).unwrap(),
            resent: false,
        }
    }

    fn compose(invitation: &InvitationMail) -> Mail {
        invitation.compose(Uuid::nil(), Utc.with_ymd_and_hms(2026, 11, 23, 14, 5, 9).unwrap()).unwrap()
    }

    #[test]
    fn an_invitation_says_who_where_as_what_and_until_when() {
        let mail = compose(&invitation());
        insta::assert_snapshot!("invitation_subject", mail.subject());
        insta::assert_snapshot!("invitation_text", mail.text());
        insta::assert_snapshot!("invitation_html", mail.html());
    }

    #[test]
    fn an_invitation_that_is_sent_again_says_that_the_old_link_is_dead() {
        let mail = compose(&InvitationMail { resent: true, inviter: None, ..invitation() });
        insta::assert_snapshot!("invitation_resent_subject", mail.subject());
        insta::assert_snapshot!("invitation_resent_text", mail.text());
        insta::assert_snapshot!("invitation_resent_html", mail.html());
    }

    #[test]
    fn an_invitation_says_for_how_long_its_link_works() {
        for (hours, words) in [(1, "works for 1 hour, until"), (72, "works for 72 hours, until")] {
            let mail = compose(&InvitationMail { works_for: TimeDelta::hours(hours), ..invitation() });
            assert!(mail.text().contains(words) && mail.html().contains(words), "{}", mail.text());
        }
    }

    #[test]
    fn an_invitation_by_the_operator_names_no_one() {
        let mail = compose(&InvitationMail { inviter: None, ..invitation() });
        assert_eq!(mail.subject(), "You are invited to Acme Observability");
        insta::assert_snapshot!("invitation_by_operator_text", mail.text());
    }

    #[test]
    fn hostile_names_are_text_in_the_html_and_themselves_in_the_text() {
        let hostile = "</p><script>alert('x')</script>&\"🦀\u{202e}";
        let mail = compose(&InvitationMail {
            account_name: hostile.to_owned(),
            inviter: Some(hostile.to_owned()),
            role_label: hostile.to_owned(),
            ..invitation()
        });
        assert!(!mail.html().contains("<script"), "{}", mail.html());
        assert!(!mail.html().contains("alert('x')"), "{}", mail.html());
        assert!(mail.text().contains("</p><script>alert('x')</script>&\"🦀"), "{}", mail.text());
        assert!(!mail.text().contains('\u{202e}') && !mail.html().contains('\u{202e}') && !mail.subject().contains('\u{202e}'));
    }

    #[test]
    fn a_name_with_a_line_break_is_refused() {
        let forged = "Acme\r\nBcc: all@acme.example".to_owned();
        let compose = |mail: InvitationMail| mail.compose(Uuid::nil(), Utc::now()).map(|_| ());
        let account = compose(InvitationMail { account_name: forged.clone(), ..invitation() });
        assert_eq!(account, Err(MailError::ControlCharacter(MailField::AccountName)));
        let inviter = compose(InvitationMail { inviter: Some(forged.clone()), ..invitation() });
        assert_eq!(inviter, Err(MailError::ControlCharacter(MailField::Inviter)));
        let role = compose(InvitationMail { role_label: forged, ..invitation() });
        assert_eq!(role, Err(MailError::ControlCharacter(MailField::RoleLabel)));
    }

    #[test]
    fn a_link_that_is_no_web_address_is_refused() {
        for link in ["", "https://", "javascript:alert(1)", "https://a b", "https://a\n", "https://a\">x", "ftp://a"] {
            let composed = InvitationMail { link: link.to_owned(), ..invitation() }.compose(Uuid::nil(), Utc::now());
            assert_eq!(composed.map(|_| ()), Err(MailError::Link), "{link:?}");
        }
    }

    #[test]
    fn a_very_long_link_arrives_whole_in_both_parts() {
        let link = format!("https://roster.acme.example/acme/invitation?token={}&a=b=c", "aB3_-".repeat(500));
        let mail = compose(&InvitationMail { link: link.clone(), ..invitation() });
        let bytes = mail.to_message(&"Roster <no-reply@acme.example>".parse().unwrap()).unwrap().formatted();
        assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 79), "a line is longer than mail allows");
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        assert!(parsed.body_text(0).unwrap().contains(&link));
        assert!(parsed.body_html(0).unwrap().contains(&link.replace('&', "&#38;")));
    }
}
