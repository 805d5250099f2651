//! The mail that invites a person into an account.

use chrono::{DateTime, TimeDelta, Utc};

use super::words::{Button, Words, composed, hours, instant, name, ours, theirs};
use crate::message::{MailError, MailField};

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

composed!(InvitationMail);

impl InvitationMail {
    fn words(&self) -> Result<Words, MailError> {
        let account = &name(&self.account_name, MailField::AccountName)?;
        let role = name(&self.role_label, MailField::RoleLabel)?;
        let inviter = self.inviter.as_ref().map(|inviter| name(inviter, MailField::Inviter)).transpose()?;
        let inviter = inviter.filter(|inviter| !inviter.is_empty());
        let subject = match (self.resent, &inviter) {
            (true, _) => format!("Your new invitation to {account}"),
            (false, Some(inviter)) => format!("{inviter} invited you to {account}"),
            (false, None) => format!("You are invited to {account}"),
        };
        let mut sentence = match &inviter {
            Some(inviter) => vec![theirs(inviter).strong(), ours(" invited you to join ")],
            None => vec![ours("You are invited to join ")],
        };
        sentence.extend([theirs(account), ours(" as "), theirs(&role).strong(), ours(".")]);
        let mut paragraphs = vec![sentence];
        if self.resent {
            paragraphs.push(vec![ours("This is a new link. The one in the earlier mail no longer works.")]);
        }
        let (works_for, expires_at) = (hours(self.works_for), instant(self.expires_at));
        Ok(Words {
            subject,
            preview: format!("Accept by {expires_at}."),
            heading: vec![ours("Join "), theirs(account)],
            paragraphs,
            button: Some(Button { label: "Accept the invitation", link: self.link.clone() }),
            after: vec![vec![
                ours(format!("The link works for {works_for}, until ")),
                ours(expires_at).strong(),
                ours(format!(", and only once. It is meant for {}; please do not pass it on.", self.recipient)),
            ]],
            footer: vec![ours("If you did not expect this invitation, you can ignore this mail. Nothing happens until you accept it.")],
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::message::Mail;
    use crate::templates::samples::{WRITTEN_AT, invitation};

    fn compose(invitation: &InvitationMail) -> Mail {
        invitation.compose(Uuid::nil(), WRITTEN_AT).unwrap()
    }

    #[test]
    fn an_invitation_says_for_how_long_its_link_works() {
        for (hours, words) in [(1, "works for 1 hour, until"), (72, "works for 72 hours, until")] {
            let mail = compose(&InvitationMail { works_for: TimeDelta::hours(hours), ..invitation() });
            assert!(mail.text().contains(words) && mail.html().contains(words), "{}", mail.text());
        }
    }

    #[test]
    fn an_inviter_without_a_name_is_not_named() {
        for inviter in [None, Some(String::new()), Some(" \u{202e}".to_owned())] {
            let mail = compose(&InvitationMail { inviter, ..invitation() });
            assert_eq!(mail.subject(), "You are invited to Acme Observability");
        }
    }
}
